"""The figures of queues, agents and lines: counted, kept, and reported."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from acd.commands import Command
from acd.events import Event
from ivrengine.agents.figures import Figures
from ivrengine.agents.figures_file import FiguresFile
from ivrengine.agents.figures_keeping import FiguresKeeping
from ivrengine.agents.kpi_reports import KpiReporting
from ivrengine.agents.observers import Observers
from ivrengine.bootstrap.foundation import Foundation
from ivrengine.calls.line_rules import LineRules

Applied = Callable[[Event, Sequence[Command], float], None]
"""Takes an event of distribution with what came of it, and when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """Those who count, keep and report."""

    foundation: Foundation
    figures: Figures
    keeping: FiguresKeeping
    reporting: KpiReporting

    def observers(self, *others: Applied) -> Observers:
        """Return what tells them of distribution, the metrics among them, and ``others``."""

        def applied(event: Event, commands: Sequence[Command], at: float) -> None:
            for take in (self.figures.take, *others):
                take(event, commands, at)

        return Observers(
            offer_delay=self.foundation.metrics.offer_delay,
            applied=applied,
            announced=self.figures.announced,
            resumed=self.keeping.resume,
            log_begun=self.keeping.log_begun,
        )

    def lines_changed(self, rules: LineRules) -> None:
        """Count the lines of these groups from here on."""
        self.figures.take_groups(rules.groups, self.foundation.clock.now())


def open_counting(foundation: Foundation, *, begin_log: Callable[[], None]) -> Counting:
    """Return those who count; ``begin_log`` has the log of distribution begin anew."""
    figures = Figures(foundation.roster_book.roster)
    foundation.roster_book.when_changed(figures.measure_by)
    store, clock = foundation.storage.tallies, foundation.clock
    return Counting(
        foundation=foundation,
        figures=figures,
        keeping=FiguresKeeping(
            figures, FiguresFile(foundation.paths.figures), store, clock, begin_log=begin_log
        ),
        reporting=KpiReporting(figures, store, clock),
    )
