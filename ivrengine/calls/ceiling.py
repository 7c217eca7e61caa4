"""How many calls a softswitch bears, found out from how it fares.

No figure in a file would do: it depends on the machine, on what else runs there, and on what the
callers are about, as conversations cost more than menus. So the ceiling comes down by a share
while the softswitch stays strained, and rises while it is not. Such rules settle near what
is borne, and share it fairly (Chiu and Jain, *Analysis of the Increase and Decrease Algorithms for
Congestion Avoidance*, 1989). Where it was too high before it rises slowly, so that those inside are
seldom served late only to find that out again (as in CUBIC, RFC 9438, section 4.1).
"""

from collections.abc import Callable
from math import inf
from typing import Final

import structlog

from ivrengine.clock import Clock

log = structlog.get_logger(__name__)

_LOWERED_TO: Final = 0.95
_RISES_A_SECOND: Final = 0.005
_NEARS_A_SECOND: Final = 0.001
_NEAR: Final = 0.06
_NEARS_FOR_S: Final = 60.0
"""Within a minute what is borne seldom changes; later the ceiling rises past what was too much."""

_LASTS_S: Final = 4.0
"""A strain that is sooner over came from callers who all rang at once, or from another program."""

_SHOWS_AFTER_S: Final = 3.0
"""What a lower ceiling brings is waited for before it is lowered again."""

_ONE_STRAIN_S: Final = 10.0
"""Lowered again so soon: still for the calls that were too many when it began."""

_UNSEEN_S: Final = 3.0
"""Nobody looked for so long: a strain then and one now may be two."""

_FORGOTTEN_AFTER_S: Final = 3600.0
"""Nobody came near the ceiling for so long: the machine may be another by now."""


class Ceiling:
    """The calls that may be up, beyond which nobody new is answered.

    Args:
        clock: the time.
        up: how many calls there are now.
        is_strained: whether the softswitch has about as much to do as it can.
        floor: calls that are never too many.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        up: Callable[[], int],
        is_strained: Callable[[], bool],
        floor: int,
    ) -> None:
        self._clock = clock
        self._up = up
        self._is_strained = is_strained
        self._floor = floor
        self._height = inf
        self._seen_at = clock.now()
        self._strained_s = 0.0
        self._was_too_much = 0.0
        self._lowered_at = -inf

    def leaves_room(self) -> bool:
        """Tell whether one more call would be borne."""
        up = self._up()
        if up < self._floor:
            return True
        self._learn(up)
        return up < self._height

    def _learn(self, up: int) -> None:
        now = self._clock.now()
        passed_s, self._seen_at = now - self._seen_at, now
        if passed_s > _FORGOTTEN_AFTER_S:
            self._height = inf
        if passed_s > _UNSEEN_S:
            self._strained_s = 0.0
        if not self._is_strained():
            # Near what is borne, strain comes and goes: it counts until as much ease has followed.
            self._strained_s = max(0.0, self._strained_s - passed_s)
            self._rise(min(passed_s, _FORGOTTEN_AFTER_S))
        elif passed_s <= _UNSEEN_S:
            self._strained_s += passed_s
            if self._strained_s >= _LASTS_S:
                self._strained_s = _LASTS_S - _SHOWS_AFTER_S
                self._lower(min(self._height, up))

    def _rise(self, for_s: float) -> None:
        below = self._was_too_much - self._height
        is_near = abs(below) <= _NEAR * self._was_too_much
        is_lately = self._seen_at - self._lowered_at < _NEARS_FOR_S
        rate = _NEARS_A_SECOND if is_near and is_lately else _RISES_A_SECOND
        self._height *= (1 + rate) ** for_s

    def _lower(self, too_much: float) -> None:
        if self._seen_at - self._lowered_at > _ONE_STRAIN_S:
            self._was_too_much = too_much
        self._lowered_at = self._seen_at
        self._height = max(self._floor, too_much * _LOWERED_TO)
        log.warning("calls_are_limited", up=self._up(), to=round(self._height))
