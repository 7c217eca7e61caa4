"""The figures of a run, each as one number or one spread, drawn from all that was measured."""

from dataclasses import dataclass
from typing import Final

from ivrengine.load.measures.spread import Spread
from ivrengine.load.report.call_figures import CallFigures, call_figures
from ivrengine.load.report.engine_figures import EngineOwnFigures, engine_figures
from ivrengine.load.report.heard_figures import HeardFigures, heard_figures
from ivrengine.load.report.process_figures import (
    ProcessFigures,
    StolenCores,
    cores_of_others,
    fixed_computation,
    growth_of_cpu,
    process_figures,
    stolen_cores,
)
from ivrengine.load.report.result import LoadResult
from ivrengine.load.report.stretches import StretchFigures, stretch_figures
from ivrengine.load.report.trends import Growth

ENGINE: Final = "engine"
SOFTSWITCH: Final = "asterisk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All of a run. ``not_rung`` counts agents who became ready and whose telephone kept still.

    ``cores_of_others`` is what programs used that have no part in it, ``stolen`` what of it the
    host of a virtual machine kept. ``fixed_computation`` is the processor time of the same small
    computation over and over: how fast the processors were.
    """

    calls: CallFigures
    heard: HeardFigures
    ready_to_ring: Spread | None
    not_rung: int
    processes: tuple[ProcessFigures, ...]
    cores_of_others: float | None
    stolen: StolenCores | None
    fixed_computation: Spread | None
    growth: Growth | None
    engine: EngineOwnFigures | None
    stretches: tuple[StretchFigures, ...]

    def process(self, name: str) -> ProcessFigures | None:
        """Return what a process used, None if it was not there."""
        return next((one for one in self.processes if one.name == name), None)


def figures_of(result: LoadResult) -> Figures:
    """Draw the figures."""
    rung = [ring.took_s for ring in result.rings if ring.took_s is not None]
    return Figures(
        calls=call_figures(result),
        heard=heard_figures(result.probe_calls),
        ready_to_ring=Spread.of(rung),
        not_rung=len(result.rings) - len(rung),
        processes=process_figures(result),
        cores_of_others=cores_of_others(result),
        stolen=stolen_cores(result),
        fixed_computation=fixed_computation(result),
        growth=growth_of_cpu(result, ENGINE),
        engine=engine_figures(result.moments),
        stretches=stretch_figures(result),
    )
