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

    Moments are seconds of the series.
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
    kills: int = 0
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

    def record(self, name: str, *, from_s: float, calls: int, steady: bool = False) -> None:
        """Note a stretch that ends now."""
        phase = Phase(name=name, from_s=from_s, to_s=self.now_s, calls=calls, steady=steady)
        self.phases.append(phase)
