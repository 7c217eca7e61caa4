"""The keys that an agent presses in a conversation, read as orders.

A star begins an order and a digit names it; where it needs somebody, a target follows, ended by the
hash key. Keys that make no order mean nothing, and a pause begins anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ivrengine.calls.talk.orders import TalkOrder, TalkVerb
from ivrengine.calls.talk.settings import TalkSettings


class TalkKey(StrEnum):
    """The orders that can be keyed; the value is the digit after the star."""

    HOLD_OR_RETRIEVE = "1"
    TRANSFER = "2"
    CONSULT = "3"
    SWAP = "4"
    HAND_OVER = "5"
    CONFER = "6"
    DROP = "7"
    PAUSE_OR_RECORD = "8"
    START_OR_STOP_RECORDING = "9"


_WITH_TARGET = frozenset({TalkKey.TRANSFER, TalkKey.CONSULT})
_BY_DIGIT: Mapping[str, TalkKey] = {key.value: key for key in TalkKey}
_LONGEST_TARGET = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedOrder:
    """An order that was keyed; ``target`` are the digits behind it, empty where there are none."""

    key: TalkKey
    target: str = ""


class KeyReader:
    """Reads one agent's keys.

    Args:
        pause_s: seconds between two keys after which what was begun is forgotten.
    """

    def __init__(self, pause_s: float) -> None:
        self._pause_s = pause_s
        self._keyed = ""
        self._last_at = 0.0

    def press(self, key: str, at: float) -> KeyedOrder | None:
        """Take a key pressed at ``at``; return the order that it completes, if it does."""
        if at - self._last_at > self._pause_s:
            self._keyed = ""
        self._last_at = at
        if key == "*":
            self._keyed = "*"
            return None
        if not self._keyed:
            return None
        if self._keyed == "*":
            return self._begin(key)
        return self._go_on(key)

    def _begin(self, digit: str) -> KeyedOrder | None:
        order = _BY_DIGIT.get(digit)
        if order in _WITH_TARGET:
            self._keyed += digit
            return None
        self._keyed = ""
        return None if order is None else KeyedOrder(key=order)

    def _go_on(self, key: str) -> KeyedOrder | None:
        order, target = _BY_DIGIT[self._keyed[1]], self._keyed[2:]
        if key == "#":
            self._keyed = ""
            return KeyedOrder(key=order, target=target)
        self._keyed = self._keyed + key if len(target) < _LONGEST_TARGET else ""
        return None


_VERB_OF = {
    TalkKey.TRANSFER: TalkVerb.TRANSFER,
    TalkKey.CONSULT: TalkVerb.CONSULT,
    TalkKey.SWAP: TalkVerb.TOGGLE,
    TalkKey.HAND_OVER: TalkVerb.COMPLETE,
    TalkKey.CONFER: TalkVerb.CONFERENCE,
    TalkKey.DROP: TalkVerb.DROP,
}


def order_of(
    keyed: KeyedOrder, settings: TalkSettings, *, on_hold: bool, paused: bool, recorded: bool
) -> TalkOrder:
    """Return what a keyed order means in a conversation that stands so."""
    match keyed.key:
        case TalkKey.HOLD_OR_RETRIEVE:
            return TalkOrder(verb=TalkVerb.RETRIEVE if on_hold else TalkVerb.HOLD)
        case TalkKey.PAUSE_OR_RECORD:
            verb = TalkVerb.RESUME_RECORDING if paused else TalkVerb.PAUSE_RECORDING
            return TalkOrder(verb=verb)
        case TalkKey.START_OR_STOP_RECORDING:
            verb = TalkVerb.STOP_RECORDING if recorded else TalkVerb.START_RECORDING
            return TalkOrder(verb=verb)
        case _:
            return TalkOrder(verb=_VERB_OF[keyed.key], target=settings.target_of(keyed.target))
