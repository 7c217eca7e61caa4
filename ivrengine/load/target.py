"""What a load is offered to: the engine, or a rival that answers the same numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ivrengine.softphone.sip.sdp import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class LineGroup:
    """``lines`` of the group ``trunk`` answer those who dial ``dialled``.

    ``refused_with`` are the SIP statuses for those who find none, as far as they are known.
    """

    dialled: str
    trunk: str
    lines: int
    refused_with: frozenset[int] = frozenset()


class Target(Protocol):
    """A running system. Every order raises EngineError when the system is away or declines."""

    @property
    def name(self) -> str:
        """What reports call it."""
        ...

    @property
    def sip(self) -> Address:
        """Where callers call and agents register."""
        ...

    @property
    def groups(self) -> tuple[LineGroup, ...]:
        """What can be dialled."""
        ...

    @property
    def prompts(self) -> Path:
        """The folder of the prompts that callers are played, so that telephones know them."""
        ...

    @property
    def metrics_url(self) -> str | None:
        """Where the engine shows its metrics; None when there is no engine."""
        ...

    def processes(self) -> Mapping[str, int]:
        """Return the pid of each process as of now; whoever was killed comes back under another."""
        ...

    async def log_in(self, agents: Sequence[str]) -> None:
        """Have these agents, whose telephones are registered, there and ready."""
        ...

    async def make_ready(self, agent: str) -> None:
        """Have an agent become ready for callers."""
        ...

    async def make_unready(self, agent: str) -> None:
        """Have an agent take no more callers, after the one it talks to."""
        ...

    async def lines_in_use(self) -> Mapping[str, int]:
        """Count the calls that are up in each trunk group, as the system itself says."""
        ...

    async def waiting(self) -> int:
        """Count the callers in all queues who have not been joined to an agent.

        As the system itself says: those for whom a telephone rings may be among them.
        """
        ...

    async def in_hand(self) -> Mapping[str, int]:
        """Count what must be gone once all calls are over: channels, bridges, lines and so on."""
        ...
