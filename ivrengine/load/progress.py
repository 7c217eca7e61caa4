"""What a load has come to so far: what the view shows, and the result is made of."""

import time
from dataclasses import dataclass, field

from ivrengine.load.agents.crew import Crew
from ivrengine.load.agents.readiness import Readiness
from ivrengine.load.measures.moment import Moment
from ivrengine.load.measures.probes.crew import Probes
from ivrengine.load.measures.samples import Samples
from ivrengine.load.plan import LoadPlan
from ivrengine.load.report.result import Kind, Phase


@dataclass(slots=True, kw_only=True)
class Progress:
    """One run. ``name`` is the stretch that goes on, which is over at the moment ``until_s``.

    Moments are seconds of the series, ``killed_at_s`` those at which the engine was killed.
    """

    kind: Kind
    target: str
    plan: LoadPlan
    samples: Samples
    crew: Crew
    probes: Probes
    readiness: Readiness
    ends_at_s: float
    name: str = "starting"
    phases: list[Phase] = field(default_factory=list)
    killed_at_s: list[float] = field(default_factory=list)
    interrupted: bool = False

    @property
    def now_s(self) -> float:
        """The present moment."""
        return time.monotonic() - self.samples.origin

    @property
    def left_s(self) -> float:
        """About how long the calls will still be held up."""
        return max(0.0, self.ends_at_s - self.now_s)

    @property
    def latest(self) -> Moment:
        """The newest reading."""
        return self.samples.latest

    @property
    def up(self) -> int:
        """How many calls are up, as their callers say."""
        return self.latest.up

    @property
    def kills(self) -> int:
        """How often the engine was killed."""
        return len(self.killed_at_s)

    @property
    def serves(self) -> bool:
        """Whether the engine is back since it was killed: it has answered in a reading since then.

        True while there is no engine, or nobody has killed it.
        """
        if not self.killed_at_s:
            return True
        answered = self.latest.engine is not None and self.latest.lines is not None
        return answered and self.latest.at_s > self.killed_at_s[-1]

    def record(self, name: str, *, from_s: float, calls: int, steady: bool = False) -> None:
        """Note a stretch that ends now."""
        phase = Phase(name=name, from_s=from_s, to_s=self.now_s, calls=calls, steady=steady)
        self.phases.append(phase)
