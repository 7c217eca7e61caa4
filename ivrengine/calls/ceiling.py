"""How many calls a softswitch bears, found out from how it fares.

No figure in a file would do: it depends on the machine, on what else runs there, and on what the
callers are about, as conversations cost more than menus. So the ceiling comes down by a share
while the softswitch stays strained, and rises while it is not. Such rules settle near what
is borne, and share it fairly (Chiu and Jain, *Analysis of the Increase and Decrease Algorithms for
Congestion Avoidance*, 1989).
"""

from collections.abc import Callable
from math import inf
from typing import Final

import structlog

from ivrengine.clock import Clock

log = structlog.get_logger(__name__)

_LOWERED_TO: Final = 0.95
_RISES_A_SECOND: Final = 0.01
_LASTS_S: Final = 5.0
"""A strain that is sooner over came from callers who all rang at once, or from another program."""

_SHOWS_AFTER_S: Final = 3.0
"""What a lower ceiling brings is waited for before it is lowered again."""

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
        self._strained_since = inf
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
        if passed_s > _SHOWS_AFTER_S:
            # Nobody looked in between, so this may be another strain.
            self._strained_since = inf
        if not self._is_strained():
            self._strained_since = inf
            self._height *= (1 + _RISES_A_SECOND) ** min(passed_s, _FORGOTTEN_AFTER_S)
            return
        self._strained_since = min(self._strained_since, now)
        has_lasted = now - self._strained_since >= _LASTS_S
        if has_lasted and now - self._lowered_at >= _SHOWS_AFTER_S:
            self._lowered_at = now
            self._height = max(self._floor, min(self._height, up) * _LOWERED_TO)
            log.warning("calls_are_limited", up=up, to=round(self._height))
