"""Turns ARI's events into the events of the telephony port.

ARI says some things twice, some late and some in two halves; the port promises each leg's events
in order, one end per leg and nothing after it. What is known of each leg for that is kept here,
from the first word about it to its end.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import assert_never

from ivrengine.softswitch.ari import events as ari
from ivrengine.softswitch.ari.causes import hang_up_cause, q850_code
from ivrengine.softswitch.ari.observers import DropCause
from ivrengine.softswitch.ari.tapes import is_tape
from ivrengine.telephony import (
    DigitPressed,
    HangUpCause,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegEvent,
    LegHeld,
    LegId,
    LegRetrieved,
    LegRinging,
    LegRole,
    PlaybackFinished,
    PlaybackId,
    PlaybackStarted,
    RecordingFinished,
    RecordingName,
)
from ivrengine.values import PhoneNumber

_KEYS = frozenset("0123456789*#")
_CHANNEL_TARGET = "channel:"
_REMEMBERED_ENDS = 4096
"""Ended legs whose late events are known as such; they come within moments of the end."""

_BY_ORDER = 32
"""Asterisk's flag for a hang-up that was ordered (AST_SOFTHANGUP_EXPLICIT)."""


@dataclass(slots=True)
class _Leg:
    """What is known of a live leg."""

    is_confirmed: bool = False
    has_entered: bool = False
    rings: bool = False
    playing: str = ""
    is_held: bool = False
    end_is_near: bool = False
    end_by_far_end: bool = False
    cause_code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """The arguments with which a channel enters our application, and what they make of it."""

    role: LegRole
    trunk: str = ""
    agent: str = ""


def read_arrival(args: Sequence[str]) -> Arrival | None:
    """Return what the arguments of ``Stasis()`` say, None for words that are not ours."""
    match list(args):
        case ["inbound", trunk]:
            return Arrival(role=LegRole.CALLER, trunk=trunk)
        case ["agent", agent]:
            return Arrival(role=LegRole.AGENT_PHONE, agent=agent)
        case ["ordered", _]:
            return Arrival(role=LegRole.ORDERED)
        case _:
            return None


class Translator:
    """Knows the live legs and says what an event means for them.

    Args:
        dropped: is told of every event that means nothing, and why.
    """

    def __init__(self, dropped: Callable[[DropCause], None]) -> None:
        self._dropped = dropped
        self._legs: dict[LegId, _Leg] = {}
        self._ended: OrderedDict[LegId, None] = OrderedDict()

    def translate(self, event: ari.AriEvent, at: float) -> Sequence[LegEvent]:
        """Return what ``event`` means; ``at`` is when it happened, in epoch seconds."""
        if _is_of_tape(event):
            return ()
        match event:
            case ari.StasisStart(channel=channel, args=args):
                return self._entered(channel, args, at)
            case ari.StasisEnd(channel=channel):
                return self._left(LegId(channel.id), at)
            case ari.ChannelStateChange(channel=channel):
                return self._rang(LegId(channel.id), channel.state == "Ringing", at)
            case ari.Dial(peer=peer, dialstatus=status):
                return self._rang(LegId(peer.id), status == "RINGING", at)
            case ari.ChannelHangupRequest():
                return self._hang_up_asked(event)
            case ari.ChannelDestroyed(channel=channel, cause=cause):
                return self._destroyed(LegId(channel.id), cause, at)
            case ari.ChannelDtmfReceived():
                return self._pressed(event, at)
            case ari.ChannelHold(channel=channel):
                return self._held(LegId(channel.id), at, held=True)
            case ari.ChannelUnhold(channel=channel):
                return self._held(LegId(channel.id), at, held=False)
            case ari.PlaybackStarted(playback=playback):
                return self._playback_started(playback, at)
            case ari.PlaybackFinished(playback=playback):
                return self._playback_finished(playback, at)
            case ari.RecordingFinished(recording=recording):
                return [_recorded(recording, at, failed=False)]
            case ari.RecordingFailed(recording=recording):
                return [_recorded(recording, at, failed=True)]
            case ari.ApplicationRegistered() | ari.ApplicationReplaced():
                return ()
            case _:
                assert_never(event)

    def expect(self, leg: LegId) -> None:
        """Learn that ``leg`` is being dialled."""
        self._legs.setdefault(leg, _Leg())

    def confirm(self, leg: LegId) -> None:
        """Learn that Asterisk has made ``leg``."""
        if leg in self._legs:
            self._legs[leg].is_confirmed = True

    def forget(self, leg: LegId) -> None:
        """Learn that ``leg`` will not be made, unless events have shown it already."""
        known = self._legs.get(leg)
        if known is not None and not known.is_confirmed:
            del self._legs[leg]

    def __len__(self) -> int:
        return len(self._legs)

    def has_ended(self, leg: LegId) -> bool:
        """Tell whether the end of ``leg`` was reported, or is about to be."""
        known = self._legs.get(leg)
        return leg in self._ended or (known is not None and known.end_is_near)

    def end(
        self, leg: LegId, at: float, *, cause: HangUpCause, by_far_end: bool = False
    ) -> Sequence[LegEnded]:
        """Report the end of ``leg``, unless it was reported before."""
        if leg in self._ended:
            self._dropped(DropCause.DUPLICATE)
            return ()
        self._legs.pop(leg, None)
        self._ended[leg] = None
        while len(self._ended) > _REMEMBERED_ENDS:
            self._ended.popitem(last=False)
        return [LegEnded(leg=leg, cause=cause, by_far_end=by_far_end, at=at)]

    def confirmed(self) -> frozenset[LegId]:
        """Return the live legs that Asterisk is known to have."""
        return frozenset(leg for leg, known in self._legs.items() if known.is_confirmed)

    def bury(self, legs: Collection[LegId], at: float) -> Sequence[LegEnded]:
        """Report the end of legs that went unseen; those whose end is known are left out."""
        ends: list[LegEnded] = []
        for leg in sorted(legs):
            if leg in self._legs:
                ends.extend(self.end(leg, at, cause=HangUpCause.FAILED))
        return ends

    def _known(self, leg: LegId) -> _Leg | None:
        if leg in self._ended:
            self._dropped(DropCause.LATE)
            return None
        known = self._legs.setdefault(leg, _Leg())
        known.is_confirmed = True
        return known

    def _entered(self, channel: ari.Channel, args: Sequence[str], at: float) -> Sequence[LegEvent]:
        leg = LegId(channel.id)
        arrival = read_arrival(args)
        if arrival is None:
            self._dropped(DropCause.UNEXPECTED)
            return ()
        known = self._known(leg)
        if known is None:
            return ()
        if known.has_entered:
            self._dropped(DropCause.DUPLICATE)
            return ()
        known.has_entered = True
        if arrival.role is LegRole.ORDERED:
            return [LegAnswered(leg=leg, at=at)]
        return [
            LegArrived(
                leg=leg,
                role=arrival.role,
                caller=PhoneNumber(channel.caller.number),
                dialled=channel.dialplan.exten,
                trunk=arrival.trunk,
                agent=arrival.agent,
                at=at,
            )
        ]

    def _rang(self, leg: LegId, rings: bool, at: float) -> Sequence[LegEvent]:
        # Ringing is said by two events, of which either can be missing when a telephone is quick.
        known = self._known(leg)
        if known is None or known.rings or not rings:
            return ()
        known.rings = True
        return [LegRinging(leg=leg, at=at)]

    def _hang_up_asked(self, event: ari.ChannelHangupRequest) -> Sequence[LegEvent]:
        known = self._known(LegId(event.channel.id))
        if known is None or known.end_is_near:
            return ()
        known.end_is_near = True
        if not event.soft:
            known.end_by_far_end = True
            known.cause_code = event.cause
        elif event.cause != _BY_ORDER:
            # Asterisk itself gave the far end up: its media or its session timer ran out.
            known.end_by_far_end = True
            known.cause_code = q850_code(HangUpCause.FAILED)
        return ()

    def _left(self, leg: LegId, at: float) -> Sequence[LegEvent]:
        known = self._known(leg)
        if known is None:
            return ()
        if not known.end_is_near:
            # The dialplan took it back: a time limit ran out.
            return self.end(leg, at, cause=HangUpCause.FAILED)
        cause = hang_up_cause(known.cause_code)
        return self.end(leg, at, cause=cause, by_far_end=known.end_by_far_end)

    def _destroyed(self, leg: LegId, code: int, at: float) -> Sequence[LegEvent]:
        if leg in self._ended:
            return ()
        known = self._legs.get(leg)
        by_far_end = known is not None and known.end_by_far_end
        return self.end(leg, at, cause=hang_up_cause(code), by_far_end=by_far_end)

    def _pressed(self, event: ari.ChannelDtmfReceived, at: float) -> Sequence[LegEvent]:
        leg = LegId(event.channel.id)
        if event.digit not in _KEYS:
            self._dropped(DropCause.UNEXPECTED)
            return ()
        if self._known(leg) is None:
            return ()
        return [
            DigitPressed(leg=leg, digit=event.digit, duration_ms=max(event.duration_ms, 0), at=at)
        ]

    def _held(self, leg: LegId, at: float, *, held: bool) -> Sequence[LegEvent]:
        known = self._known(leg)
        # Telephones renegotiate a held call as often as they like.
        if known is None or known.is_held is held:
            return ()
        known.is_held = held
        return [LegHeld(leg=leg, at=at) if held else LegRetrieved(leg=leg, at=at)]

    def _playback_started(self, playback: ari.Playback, at: float) -> Sequence[LegEvent]:
        leg = _leg_of(playback.target_uri)
        known = self._known(leg) if leg else None
        # Asterisk says it once for every item of a media list.
        if leg is None or known is None or known.playing == playback.id:
            return ()
        known.playing = playback.id
        return [PlaybackStarted(playback=PlaybackId(playback.id), leg=leg, at=at)]

    def _playback_finished(self, playback: ari.Playback, at: float) -> Sequence[LegEvent]:
        leg = _leg_of(playback.target_uri)
        known = self._known(leg) if leg else None
        if leg is None or known is None:
            return ()
        # A hang-up cuts a playback off, which Asterisk calls a failure too.
        failed = playback.state == "failed" and not known.end_is_near
        return [PlaybackFinished(playback=PlaybackId(playback.id), leg=leg, failed=failed, at=at)]


def _is_of_tape(event: ari.AriEvent) -> bool:
    channel = getattr(event, "channel", None)
    return isinstance(channel, ari.Channel) and is_tape(channel.id)


def _leg_of(target_uri: str) -> LegId | None:
    if not target_uri.startswith(_CHANNEL_TARGET):
        return None
    return LegId(target_uri.removeprefix(_CHANNEL_TARGET))


def _recorded(recording: ari.LiveRecording, at: float, *, failed: bool) -> RecordingFinished:
    leg = _leg_of(recording.target_uri)
    return RecordingFinished(
        recording=RecordingName(recording.name),
        leg=LegId("") if leg is None or is_tape(leg) else leg,
        duration_s=float(max(recording.duration, 0)),
        failed=failed,
        at=at,
    )
