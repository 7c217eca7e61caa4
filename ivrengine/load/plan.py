"""How much load is offered, for how long and by whom: what a tester may choose."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ivrengine.config import PROJECT

MIX: Final = PROJECT / "sipp-scenarios" / "load" / "mix.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPlan:
    """``calls`` are held up for ``minutes``, after ``rate_per_s`` set-ups a second have filled up.

    ``probes`` of the calls are placed by telephones that listen. ``seed`` decides everything that
    is left to chance.
    """

    calls: int = 480
    minutes: float = 10.0
    rate_per_s: float = 60.0
    seed: int = 1
    mix: Path = MIX
    probes: int = 3

    @property
    def hold_s(self) -> float:
        """How long the calls are held up once all are."""
        return self.minutes * 60
