"""One second of a load: all that was measured in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ivrengine.load.measures.engine_metrics import EngineFigures
from ivrengine.load.measures.processes import ProcessUse


class Counted(Protocol):
    """What callers of one kind count of themselves, from their first call on."""

    @property
    def placed(self) -> int:
        """Calls that were begun."""
        ...

    @property
    def up(self) -> int:
        """Calls that are answered and not over."""
        ...

    @property
    def completed(self) -> int:
        """Calls that went and ended as they should."""
        ...

    @property
    def refused(self) -> Mapping[int, int]:
        """Calls that were not answered, by SIP status."""
        ...

    @property
    def failed(self) -> Mapping[str, int]:
        """Calls that went otherwise than they should, by what went wrong."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerCounts:
    """Calls of one kind of caller until a moment; all but ``up`` only grow."""

    placed: int
    up: int
    completed: int
    refused: int
    failed: int

    @classmethod
    def of(cls, counted: Counted) -> "CallerCounts":
        """Sum up what stands under statuses and reasons."""
        return cls(
            placed=counted.placed,
            up=counted.up,
            completed=counted.completed,
            refused=sum(counted.refused.values()),
            failed=sum(counted.failed.values()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """``at_s`` counts from the first moment of the series.

    Attributes:
        processes: by name; whoever was not there is left out.
        engine: None when the engine did not answer, or there is none.
        lines: calls in each trunk group, as the system says; None when it did not answer.
        callers: by kind.
        machine_cores: in use by all programs there are, since the moment before.
        late_s: how late the reading was: the measuring itself was kept waiting.
    """

    at_s: float
    processes: Mapping[str, ProcessUse]
    engine: EngineFigures | None
    lines: Mapping[str, int] | None
    callers: Mapping[str, CallerCounts]
    machine_cores: float | None = None
    late_s: float = 0.0

    @property
    def up(self) -> int:
        """Calls that are up, as those say who placed them."""
        return sum(counts.up for counts in self.callers.values())
