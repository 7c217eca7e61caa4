"""Plots of what each process takes of the machine."""

from collections.abc import Callable, Iterator
from math import nan

from ivrengine.load.measures.processes import ProcessUse
from ivrengine.load.report import judging
from ivrengine.load.report.plots.canvas import Canvas, Plot
from ivrengine.load.report.result import LoadResult

_MIB = 1 << 20


def machine_plots(result: LoadResult) -> Iterator[Plot]:
    """Draw processor, memory and descriptors of every process."""
    processor = Canvas(
        result,
        title="Processor time of each process",
        caption=f"Of {result.machine.cores} cores; a second's mean.",
        unit="cores",
    )
    _draw(processor, result, lambda use: use.cpu_cores)
    machine = [nan if m.machine_cores is None else m.machine_cores for m in result.moments]
    processor.line("whole machine", [moment.at_s for moment in result.moments], machine)
    processor.limit(judging.ENGINE_CORES, "the engine below this")
    processor.from_zero(least_top=judging.ENGINE_CORES * 1.15)
    yield processor.finished()
    pace = Canvas(
        result,
        title="Pace of the processors",
        caption="What a fixed computation takes. Whoever shares the cores from outside slows it.",
        unit="ms",
    )
    fixed = [nan if m.fixed_s is None else m.fixed_s * 1000 for m in result.moments]
    pace.line("fixed computation", [moment.at_s for moment in result.moments], fixed)
    pace.from_zero(least_top=1)
    yield pace.finished()
    memory = Canvas(
        result,
        title="Memory of each process",
        caption="Resident, what is shared with others included.",
        unit="MiB",
    )
    _draw(memory, result, lambda use: use.rss_bytes / _MIB)
    memory.from_zero(least_top=1)
    yield memory.finished()
    descriptors = Canvas(
        result,
        title="Open descriptors of each process",
        caption="Files and sockets.",
        unit="descriptors",
    )
    _draw(descriptors, result, lambda use: use.descriptors)
    descriptors.from_zero(least_top=5, whole=True)
    yield descriptors.finished()


def _draw(canvas: Canvas, result: LoadResult, value: Callable[[ProcessUse], float | None]) -> None:
    at_s = [moment.at_s for moment in result.moments]
    for name in dict.fromkeys(name for moment in result.moments for name in moment.processes):
        values = []
        for moment in result.moments:
            use = moment.processes.get(name)
            read = value(use) if use is not None else None
            values.append(nan if read is None else read)
        canvas.line(name, at_s, values)
