"""Who wants to hear about which leg: the first stop of every event from the softswitch."""

from collections.abc import Callable

from ivrengine.telephony import LegEvent, LegId

LegSink = Callable[[LegEvent], None]
"""Takes one event of a claimed leg at once; must neither wait nor raise."""


class Legs:
    """Hands each leg's events to the one part that claimed the leg.

    A leg is claimed before it is ordered, and released by its claimant after its end. Events of
    legs that nobody claimed are the caller's of :meth:`file` to judge. Others may watch a leg that
    somebody claims: they are told after the claimant.
    """

    def __init__(self) -> None:
        self._sinks: dict[LegId, LegSink] = {}
        self._watchers: dict[LegId, tuple[LegSink, ...]] = {}

    def claim(self, leg: LegId, sink: LegSink) -> None:
        """Send all further events of ``leg`` to ``sink``."""
        self._sinks[leg] = sink

    def release(self, leg: LegId) -> None:
        """Forget ``leg``; an unknown one is no error."""
        self._sinks.pop(leg, None)

    def watch(self, leg: LegId, watcher: LegSink) -> None:
        """Send all further events of ``leg`` to ``watcher`` too, whoever claims the leg.

        The watcher stops by itself, with :meth:`unwatch`.
        """
        self._watchers[leg] = (*self._watchers.get(leg, ()), watcher)

    def unwatch(self, leg: LegId, watcher: LegSink) -> None:
        """Send nothing more to ``watcher``; one that does not watch is no error."""
        left = tuple(each for each in self._watchers.get(leg, ()) if each != watcher)
        if left:
            self._watchers[leg] = left
        else:
            self._watchers.pop(leg, None)

    def file(self, event: LegEvent) -> bool:
        """Hand on ``event``; False when nobody claimed its leg."""
        sink = self._sinks.get(event.leg)
        if sink is None:
            return False
        sink(event)
        for watcher in self._watchers.get(event.leg, ()):
            watcher(event)
        return True

    def __contains__(self, leg: LegId) -> bool:
        return leg in self._sinks

    def __len__(self) -> int:
        return len(self._sinks)
