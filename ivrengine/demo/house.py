"""What the demonstration asks of the running system besides telephony, as a port."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from ivrengine.demo.casting import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCall:
    """What the system kept of a call that is over; ``recordings`` are names without a folder."""

    id: str
    recordings: Sequence[str]


class House(Protocol):
    """The system as its operators see it; every method raises EngineError when it is away."""

    async def desks(self) -> Sequence[Desk]:
        """Return every agent as it stands."""
        ...

    async def queues_with_callers(self) -> Collection[str]:
        """Return the names of the queues in which somebody waits."""
        ...

    async def log_out(self, number: str) -> None:
        """End what an agent does and log it out; one who is out already stays so."""
        ...

    async def newest_call(self, caller: str) -> KeptCall | None:
        """Return the newest call of a number, None while it is up or was never made."""
        ...
