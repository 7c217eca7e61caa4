"""Figures of lines against hours that can be reckoned by hand, with the real lines."""

import pytest

from acd.kpis.kpis import Kpis
from acd.kpis.rules import KpiRules
from acd.kpis.trunk_report import TrunkReport
from acd.trunk_groups import LineClass, Share, TrunkGroup
from acd.trunks import Lines

pytestmark = pytest.mark.unit

HOUR_S = 3600
GROUP = TrunkGroup(
    name="main",
    lines=2,
    shares={LineClass.ORDINARY: Share(leaves_free=1), LineClass.OUTGOING: Share(at_most=1)},
)


class Trunk:
    """Two lines, counted from the epoch on."""

    def __init__(self) -> None:
        self.kpis = Kpis(KpiRules(interval_s=900))
        self.kpis.take_groups([GROUP], 0)
        self.lines = Lines([GROUP], self.kpis.take_line)

    def report(self, now: float, since: float = 0) -> TrunkReport:
        self.kpis.watch((), now)
        return self.kpis.trunk_report("main", since, now)


def test_an_hour_of_two_lines_reckoned_by_hand() -> None:
    trunk = Trunk()
    trunk.lines.seize("a", "main", LineClass.ORDINARY, 0)
    trunk.lines.seize("b", "main", LineClass.ORDINARY, 600)
    trunk.lines.seize("c", "main", LineClass.TRADING, 600)
    trunk.lines.seize("d", "main", LineClass.TRADING, 1200)
    trunk.lines.release("c", 2400)
    trunk.lines.release("a", 3000)
    report = trunk.report(HOUR_S)
    assert (report.attempts, report.refused, report.blocking) == (4, 2, 0.5)
    assert (report.refused_for_kept_lines, report.refused_no_line) == (1, 1)
    assert report.peak_in_use == 2
    assert report.line_time_s == 3000 + 1800
    assert report.utilisation == pytest.approx(4800 / 7200)
    assert report.mean_in_use == pytest.approx(4800 / 3600)
    assert report.full_share == pytest.approx(1800 / 3600)
    assert report.offered_erl == pytest.approx(4800 / 3600 / 0.5)
    by_class = {each.line_class: each for each in report.classes}
    assert by_class.keys() == {LineClass.TRADING, LineClass.ORDINARY}
    assert by_class[LineClass.TRADING].blocking == 0.5
    assert by_class[LineClass.ORDINARY].line_time_s == 3000


def test_a_line_that_changes_its_account_is_counted_for_each_in_its_time() -> None:
    trunk = Trunk()
    trunk.lines.seize("a", "main", LineClass.ORDINARY, 0)
    trunk.lines.reclass("a", LineClass.TRADING, 900)
    trunk.lines.release("a", 2700)
    by_class = {each.line_class: each.line_time_s for each in trunk.report(HOUR_S).classes}
    assert by_class == {LineClass.ORDINARY: 900, LineClass.TRADING: 1800}
    assert trunk.report(HOUR_S, since=2700).line_time_s == 0


def test_a_line_that_was_held_before_is_used_and_nobody_asked_for_it() -> None:
    trunk = Trunk()
    trunk.lines.adopt("a", "main", LineClass.ORDINARY, 100)
    report = trunk.report(200)
    assert (report.attempts, report.line_time_s, report.blocking) == (0, 100, None)


def test_counts_of_lines_can_be_kept_and_taken_up() -> None:
    trunk = Trunk()
    trunk.lines.seize("a", "main", LineClass.ORDINARY, 0)
    state = trunk.kpis.snapshot()
    trunk.kpis = Kpis(KpiRules(interval_s=900))
    trunk.kpis.restore(state)
    assert trunk.report(1800).line_time_s == 1800
    assert [tally.line_us for tally in trunk.kpis.close(1800).trunks] == [1.8e9, 1.8e9]
    assert trunk.report(1800).line_time_s == 0


def test_a_group_with_fewer_lines_has_less_to_be_used() -> None:
    trunk = Trunk()
    trunk.kpis.take_groups([TrunkGroup(name="main", lines=1)], 900)
    trunk.lines.seize("a", "main", LineClass.TRADING, 900)
    assert trunk.report(1800, since=900).utilisation == 1.0
    assert trunk.report(1800).utilisation == pytest.approx(900 / 2700)
