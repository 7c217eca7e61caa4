"""Since when a caller's wait counts: places kept for who comes back, places of callbacks."""

from collections.abc import Iterable
from dataclasses import dataclass

from ivrengine.calls.context import CallContext, CallParts
from ivrengine.flow.effects import Seek


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPlace:
    """A place that the caller left by a key; the queue is empty for one agent's line."""

    queue: str
    agent: str
    since: float
    left_at: float


class KeptPlaces:
    """The places of one call.

    Args:
        context: the call.
        parts: what every call uses.
        kept: the places that were kept before a restart.
    """

    def __init__(
        self, context: CallContext, parts: CallParts, kept: Iterable[KeptPlace] = ()
    ) -> None:
        self._context = context
        self._parts = parts
        self._kept = {_line(place.queue, place.agent): place for place in kept}

    def keep(self, order: Seek, *, since: float) -> None:
        """Keep the place of a caller who had waited there ``since`` and leaves now."""
        now = self._parts.clock.now()
        self._kept[_line(order.queue, order.agent)] = KeptPlace(
            queue=order.queue, agent=order.agent, since=since, left_at=now
        )

    def since(self, order: Seek) -> float | None:
        """Return since when the wait counts that begins now.

        A callback that the caller waits for is dropped for its place, unless the flow has to ask
        first: then the answer is None.
        """
        now = self._parts.clock.now()
        place = self._kept.get(_line(order.queue, order.agent))
        since = now
        if place is not None and now - place.left_at <= self._keeps_place_s(order):
            since = place.since
        pending = self._pending(order)
        if pending is not None and not order.takes_callback:
            return None
        if pending is not None:
            self._parts.room.cancel_callback(order.queue, self._context.caller)
            since = min(since, pending)
        self._kept.pop(_line(order.queue, order.agent), None)
        return since

    def _keeps_place_s(self, order: Seek) -> float:
        return self._parts.room.keeps_place_s(order.queue)

    def _pending(self, order: Seek) -> float | None:
        caller = self._context.caller
        if not order.queue or not caller.digits:
            return None
        pending = self._parts.room.pending_callback(order.queue, caller)
        return None if pending is None else pending.since


def _line(queue: str, agent: str) -> str:
    return queue or f"agent:{agent}"
