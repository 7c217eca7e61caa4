"""All that a load left behind, as measured: what the figures and the verdict are drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ivrengine.load.measures.moment import CallerCounts, Moment
from ivrengine.load.measures.probe_call import ProbeCall
from ivrengine.load.plan import LoadPlan


class Kind(StrEnum):
    """What a load is for."""

    FULL = "full"
    """Every line taken, and held."""
    OVERLOAD = "overload"
    """More callers than lines."""
    SOAK = "soak"
    """For long, and with the engine killed again and again if so asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of the series; ``calls`` were to be up at its end.

    ``steady`` phases held so many from beginning to end: processor and memory are read in these,
    and several of them with different ``calls`` show how the cost grows.
    """

    name: str
    from_s: float
    to_s: float
    calls: int
    steady: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """An agent became ready at ``at_s`` of the series, and the telephone rang ``took_s`` later.

    ``took_s`` is None where it did not ring in time.
    """

    at_s: float
    took_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallied:
    """Calls of one kind of caller at the end, with statuses and reasons."""

    counts: CallerCounts
    refused: Mapping[int, int]
    failed: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where it was measured."""

    cores: int
    processor: str
    memory_bytes: int
    system: str
    python: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """One run at one target.

    Attributes:
        begun_at: epoch seconds of the series' first moment.
        origin: the same moment on the monotonic clock.
        tallies: by kind of caller.
        customers: kinds of callers who call as trading customers.
        leftovers: what was still there of calls when all had ended, None if nobody has looked.
        kills: how often the engine was killed.
        rival_digit_to_prompt_s: the median of Asterisk's own dialplan under the same load, if that
            was measured in the same run.
        refused_with: the SIP statuses that callers without a line are to be given.
        passed_over: agents who came while nobody surely waited for them, who are no sample.
        shortcomings: what the callers' side did badly itself, by what it was.
        interrupted: somebody ended the run before its time.
    """

    kind: Kind
    target: str
    plan: LoadPlan
    machine: Machine
    begun_at: float
    origin: float
    phases: tuple[Phase, ...]
    moments: tuple[Moment, ...]
    tallies: Mapping[str, Tallied]
    probe_calls: tuple[ProbeCall, ...] = ()
    rings: tuple[Ring, ...] = ()
    customers: frozenset[str] = frozenset()
    leftovers: tuple[str, ...] | None = None
    kills: int = 0
    rival_digit_to_prompt_s: float | None = None
    refused_with: frozenset[int] = frozenset()
    passed_over: int = 0
    shortcomings: Mapping[str, int] = field(default_factory=dict)
    interrupted: bool = False

    @property
    def steady(self) -> Phase | None:
        """The steady phase with most calls, the longest of these; None if there was none."""
        steady = [phase for phase in self.phases if phase.steady]
        return max(steady, key=lambda p: (p.calls, p.to_s - p.from_s), default=None)

    def during(self, phase: Phase) -> tuple[Moment, ...]:
        """Return the moments of a phase."""
        return tuple(m for m in self.moments if phase.from_s <= m.at_s <= phase.to_s)
