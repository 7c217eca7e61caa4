"""Something to offer a load to that is only its figures: no telephones, no processes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ivrengine.errors import SwitchUnavailable
from ivrengine.load.target import LineGroup
from ivrengine.softphone.sip.sdp import Address


@dataclass(slots=True, kw_only=True)
class StillTarget:
    """A target at which nothing happens but what a test sets; `away` makes it decline."""

    name: str = "a target"
    sip: Address = ("127.0.0.1", 5060)
    groups: tuple[LineGroup, ...] = (LineGroup(dialled="952588", trunk="main", lines=420),)
    metrics_url: str | None = None
    pids: dict[str, int] = field(default_factory=dict)
    in_use: dict[str, int] = field(default_factory=dict)
    prompts: Path = Path("/nonexistent/prompts")
    waits: int = 0
    away: bool = False

    def processes(self) -> Mapping[str, int]:
        return dict(self.pids)

    async def log_in(self, agents: Sequence[str]) -> None:
        self._answer()

    async def make_ready(self, agent: str) -> None:
        self._answer()

    async def make_unready(self, agent: str) -> None:
        self._answer()

    async def lines_in_use(self) -> Mapping[str, int]:
        self._answer()
        return dict(self.in_use)

    async def waiting(self) -> int:
        self._answer()
        return self.waits

    async def in_hand(self) -> Mapping[str, int]:
        self._answer()
        return {"lines": sum(self.in_use.values()), "waiting callers": self.waits}

    def _answer(self) -> None:
        if self.away:
            raise SwitchUnavailable("away")
