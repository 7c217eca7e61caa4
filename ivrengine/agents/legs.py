"""Who wants to hear about which leg: the first stop of every event from the softswitch."""

from collections.abc import Callable

from ivrengine.telephony import LegEvent, LegId

LegSink = Callable[[LegEvent], None]
"""Takes one event of a claimed leg at once; must neither wait nor raise."""


class Legs:
    """Hands each leg's events to the one part that claimed the leg.

    A leg is claimed before it is ordered, and released by its claimant after its end. Events of
    legs that nobody claimed are the caller's of :meth:`file` to judge.
    """

    def __init__(self) -> None:
        self._sinks: dict[LegId, LegSink] = {}

    def claim(self, leg: LegId, sink: LegSink) -> None:
        """Send all further events of ``leg`` to ``sink``."""
        self._sinks[leg] = sink

    def release(self, leg: LegId) -> None:
        """Forget ``leg``; an unknown one is no error."""
        self._sinks.pop(leg, None)

    def file(self, event: LegEvent) -> bool:
        """Hand on ``event``; False when nobody claimed its leg."""
        sink = self._sinks.get(event.leg)
        if sink is None:
            return False
        sink(event)
        return True

    def __contains__(self, leg: LegId) -> bool:
        return leg in self._sinks

    def __len__(self) -> int:
        return len(self._sinks)
