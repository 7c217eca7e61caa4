"""What an engine holds on to and loses at its death: from then on nothing it does takes effect."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from acd.events import Event
from ivrengine.agents.event_log import MemoryEventLog
from ivrengine.errors import SwitchUnavailable
from ivrengine.simulator.exchange import SimulatedExchange
from ivrengine.telephony import Switch


class Pulse:
    """Whether an engine lives, and the moments at which it did something.

    Attributes:
        at_step: called as each order begins and ends and before each fact is noted, with the
            number of such steps so far; the engine may be killed by it.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.beats = True
        self.moments: list[float] = []
        self.at_step: Callable[[int], None] = lambda step: None
        self._now = now

    def step(self) -> None:
        """Take note that the engine does something."""
        self.moments.append(self._now())
        self.at_step(len(self.moments))


class _MortalSwitch:
    def __init__(self, exchange: SimulatedExchange, pulse: Pulse) -> None:
        self._exchange = exchange
        self._pulse = pulse

    def __getattr__(self, operation: str) -> Any:
        order = getattr(self._exchange, operation)
        if not inspect.iscoroutinefunction(order):
            return order

        async def give(*args: Any, **kwargs: Any) -> Any:
            self._pulse.step()
            if not self._pulse.beats:
                raise SwitchUnavailable("the engine is dead")
            try:
                return await order(*args, **kwargs)
            finally:
                self._pulse.step()

        return give


def mortal_switch(exchange: SimulatedExchange, pulse: Pulse) -> Switch:
    """The exchange as one engine sees it: out of reach when that engine is dead."""
    return cast(Switch, _MortalSwitch(exchange, pulse))


class MortalEventLog:
    """The log of distribution as one engine writes it: closed when that engine is dead."""

    def __init__(self, kept: MemoryEventLog, pulse: Pulse) -> None:
        self._kept = kept
        self._pulse = pulse

    def past(self) -> Sequence[tuple[Event, float]]:
        return self._kept.past()

    def begin(self, snapshot: Iterable[Event], now: float) -> None:
        self._kept.begin(snapshot, now)

    def append(self, event: Event, now: float) -> None:
        if self._pulse.beats:
            self._kept.append(event, now)
