"""One plot over the time of a run, in the making.

Matplotlib draws; colours are stand-ins that the SVG trades for variables of the page, so that the
same drawing fits a light page and a dark one. Legends are left to the page.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import (
    FuncFormatter,
    LogLocator,
    MaxNLocator,
    MultipleLocator,
    NullLocator,
)

from ivrengine.load.report.result import LoadResult

COLOURS: Final = 8
"""How many colours the page has for series."""

_INK, _GRID, _BAND, _AWAY, _LIMIT = "#a20001", "#a20002", "#a20003", "#a20004", "#a20005"
_VARIABLES: Final = {
    _INK: "var(--muted)",
    _GRID: "var(--grid)",
    _BAND: "var(--band)",
    _AWAY: "var(--away)",
    _LIMIT: "var(--limit)",
    **{f"#a1000{number}": f"var(--c{number})" for number in range(COLOURS)},
}
_STAND_IN: Final = re.compile("|".join(_VARIABLES))
_IDLE_ID: Final = re.compile(r' id="[A-Za-z0-9.]+_\d+"')
"""Matplotlib numbers every group, the same in each drawing; nothing refers to these."""

_STEPS_S: Final = (5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0)
_MOST_TICKS: Final = 8

_FEW: Final = 500
_FEW_SIZE, _MANY_SIZE = 3.6, 2.4

_SIZE_INCHES: Final = (6.6, 2.5)
_STYLE: Final[Mapping[Any, Any]] = {
    "svg.fonttype": "none",
    "font.size": 9.5,
    "axes.edgecolor": _GRID,
    "axes.labelcolor": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": _GRID,
    "grid.linewidth": 0.8,
    "xtick.color": _GRID,
    "ytick.color": _GRID,
    "xtick.labelcolor": _INK,
    "ytick.labelcolor": _INK,
    "ytick.major.size": 0,
    "ytick.minor.size": 0,
    "lines.linewidth": 1.4,
    "lines.solid_joinstyle": "round",
    "path.simplify": True,
    "path.simplify_threshold": 0.3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A finished drawing; ``legend`` names its series and the numbers of their colours."""

    title: str
    caption: str
    legend: tuple[tuple[str, int], ...]
    svg: str


class Canvas:
    """A plot of ``unit`` over the minutes of a run.

    Steady phases are shaded, and so is every time without an answer of the engine.
    """

    def __init__(
        self, result: LoadResult, *, title: str, caption: str, unit: str, logarithmic: bool = False
    ) -> None:
        self._title = title
        self._caption = caption
        self._legend: list[tuple[str, int]] = []
        with _styled(title):
            self._figure = Figure(figsize=_SIZE_INCHES, layout="constrained")
            self._axes: Axes = self._figure.add_subplot()
        self._axes.set_ylabel(unit)
        self._axes.xaxis.set_major_formatter(FuncFormatter(_clock))
        self._axes.xaxis.set_major_locator(MultipleLocator(_ticks_s(result)))
        self._axes.set_xlim(0, _lasted_s(result))
        if logarithmic:
            self._axes.set_yscale("log")
            self._axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            self._axes.yaxis.set_major_formatter(FuncFormatter(_plain))
            self._axes.yaxis.set_minor_locator(NullLocator())
        self._shade(result)

    def line(self, name: str, at_s: Sequence[float], values: Sequence[float]) -> None:
        """Draw a line; values that are not a number break it."""
        self._axes.plot(at_s, values, color=self._next_colour(name))

    def dots(self, name: str, at_s: Sequence[float], values: Sequence[float]) -> None:
        """Draw single measurements."""
        size = _FEW_SIZE if len(values) < _FEW else _MANY_SIZE
        self._axes.plot(
            at_s, values, linestyle="none", marker="o", markersize=size, alpha=0.65,
            markeredgewidth=0, color=self._next_colour(name),
        )  # fmt: skip

    def layers(self, at_s: Sequence[float], layers: Mapping[str, Sequence[float]]) -> None:
        """Draw areas on top of each other."""
        colours = [self._next_colour(name) for name in layers]
        self._axes.stackplot(at_s, *layers.values(), colors=colours, alpha=0.8, linewidth=0)

    def limit(self, value: float, name: str) -> None:
        """Draw a bar that is to be kept."""
        self._axes.axhline(value, color=_LIMIT, linewidth=1.2, linestyle=(0, (4, 3)))
        self._axes.annotate(
            name, (1.0, value), xycoords=("axes fraction", "data"), ha="right", va="bottom",
            color=_LIMIT, fontsize=8.5, xytext=(0, 1.5), textcoords="offset points",
        )  # fmt: skip

    def from_zero(self, *, least_top: float, whole: bool = False) -> None:
        """Have the values begin at zero and reach at least to ``least_top``.

        ``whole`` values have no fractions on their axis.
        """
        top = max(least_top, self._axes.get_ylim()[1])
        # A line at zero would lie half outside.
        self._axes.set_ylim(bottom=-0.02 * top, top=top)
        self._axes.yaxis.set_major_locator(MaxNLocator(5, integer=whole))

    def within(self, low: float, high: float) -> None:
        """Have the values reach at least from ``low`` to ``high``."""
        bottom, top = self._axes.get_ylim()
        self._axes.set_ylim(bottom=min(low, bottom), top=max(high, top))

    def finished(self) -> Plot:
        """Return the plot."""
        return Plot(
            title=self._title,
            caption=self._caption,
            legend=tuple(self._legend),
            svg=_rendered(self._figure, self._title),
        )

    def _next_colour(self, name: str) -> str:
        number = len(self._legend) % COLOURS
        self._legend.append((name, number))
        return f"#a1000{number}"

    def _shade(self, result: LoadResult) -> None:
        for phase in result.phases:
            if phase.steady:
                self._axes.axvspan(phase.from_s, phase.to_s, color=_BAND, linewidth=0, zorder=0)
        answers = [(moment.at_s, moment.engine is not None) for moment in result.moments]
        if any(answered for _, answered in answers):
            for (from_s, answered), (to_s, _) in pairwise(answers):
                if not answered:
                    self._axes.axvspan(from_s, to_s, color=_AWAY, linewidth=0, zorder=0)


def _styled(title: str) -> AbstractContextManager[None]:
    """Return the context of all drawing; ids within a drawing are its own by its title."""
    return mpl.rc_context({**_STYLE, "svg.hashsalt": title})


def _rendered(figure: Figure, title: str) -> str:
    buffer = StringIO()
    with _styled(title):
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    drawing = buffer.getvalue()
    drawing = drawing[drawing.index("<svg") :]
    drawing = re.sub(r"<metadata>.*?</metadata>", "", drawing, flags=re.DOTALL)
    drawing = _IDLE_ID.sub("", drawing)
    return _STAND_IN.sub(lambda found: _VARIABLES[found.group()], drawing)


def _lasted_s(result: LoadResult) -> float:
    return max(1.0, result.moments[-1].at_s) if result.moments else 1.0


def _ticks_s(result: LoadResult) -> float:
    fitting = (step for step in _STEPS_S if _lasted_s(result) <= step * _MOST_TICKS)
    return next(fitting, _STEPS_S[-1])


def _clock(at_s: float, _: object) -> str:
    minutes, seconds = divmod(round(at_s), 60)
    return f"{minutes}:{seconds:02}"


def _plain(value: float, _: object) -> str:
    return f"{value:g}"
