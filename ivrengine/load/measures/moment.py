"""One second of a load: all that was measured in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivrengine.load.callers.tally import Tally
from ivrengine.load.measures.engine_metrics import EngineFigures
from ivrengine.load.measures.processes import ProcessUse


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerCounts:
    """Calls of one kind of caller until a moment; all but ``up`` only grow."""

    placed: int
    up: int
    completed: int
    refused: int
    failed: int

    @classmethod
    def of(cls, tally: Tally) -> "CallerCounts":
        """Sum up what stands under statuses and reasons."""
        return cls(
            placed=tally.placed,
            up=tally.up,
            completed=tally.completed,
            refused=sum(tally.refused.values()),
            failed=sum(tally.failed.values()),
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
        stolen_cores: those of them that the host kept from a virtual machine.
        fixed_s: processor time that a fixed computation took: the pace of the processors.
        late_s: how late the reading was: the measuring itself was kept waiting.
    """

    at_s: float
    processes: Mapping[str, ProcessUse]
    engine: EngineFigures | None
    lines: Mapping[str, int] | None
    callers: Mapping[str, CallerCounts]
    machine_cores: float | None = None
    stolen_cores: float | None = None
    fixed_s: float | None = None
    late_s: float = 0.0

    @property
    def up(self) -> int:
        """Calls that are up, as those say who placed them."""
        return sum(counts.up for counts in self.callers.values())
