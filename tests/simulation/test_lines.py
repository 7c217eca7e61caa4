"""Blocking of simulated calls, on the real lines, against Erlang B and the chain of states."""

from collections import defaultdict
from collections.abc import Callable, Generator
from random import Random

import pytest
import simpy

from acd.erlang.blocking import LineClass as Load
from acd.erlang.blocking import blocking, blocking_by_class
from acd.kpis.kpis import Kpis
from acd.kpis.rules import KpiRules
from acd.trunk_groups import LineClass, Share, TrunkGroup
from acd.trunks import Lines
from tests.simulation.statistics import assert_agrees

pytestmark = pytest.mark.calls

HOLD_S = 260.0
Hold = Callable[[Random], float]
Steps = Generator[simpy.Event, object, None]


def exponential(random: Random) -> float:
    return random.expovariate(1 / HOLD_S)


def constant(random: Random) -> float:
    return HOLD_S


class SimulatedTrunk:
    """Calls of several classes that ask for a line, and go away when they get none."""

    def __init__(self, group: TrunkGroup, load_erl: dict[LineClass, float], hold: Hold) -> None:
        self.env = simpy.Environment()
        self.random = Random(7)
        self.kpis = Kpis(KpiRules(interval_s=86400))
        self.kpis.take_groups([group], 0.0)
        self.lines = Lines([group], self.kpis.take_line)
        self.group = group
        self.load_erl = load_erl
        self.hold = hold
        self.refused: defaultdict[LineClass, list[float]] = defaultdict(list)

    def run(self, calls: int) -> None:
        self.env.process(self._arrive(calls))
        self.env.run()
        self.kpis.watch((), self.env.now)

    def _arrive(self, calls: int) -> Steps:
        classes, loads = list(self.load_erl), list(self.load_erl.values())
        for number in range(calls):
            yield self.env.timeout(self.random.expovariate(sum(loads) / HOLD_S))
            (line_class,) = self.random.choices(classes, loads)
            call = f"c{number}"
            given = self.lines.seize(call, self.group.name, line_class, self.env.now)
            if number >= calls // 50:
                self.refused[line_class].append(float(not given))
            if given:
                self.env.process(self._hold_line(call))

    def _hold_line(self, call: str) -> Steps:
        yield self.env.timeout(self.hold(self.random))
        self.lines.release(call, self.env.now)


@pytest.mark.parametrize("hold", [exponential, constant])
def test_lines_that_anybody_may_take_block_as_erlang_b_says(hold: Hold) -> None:
    """Whatever the calls' lengths are distributed like, only their mean matters."""
    group = TrunkGroup(name="tollfree", lines=60)
    trunk = SimulatedTrunk(group, {LineClass.ORDINARY: 54.0}, hold)
    trunk.run(60_000)
    assert_agrees(trunk.refused[LineClass.ORDINARY], blocking(60, 54.0), within=0.3)


def test_lines_kept_for_classes_block_as_the_chain_of_states_says() -> None:
    loads = {LineClass.TRADING: 10.0, LineClass.REGISTERED: 15.0, LineClass.ORDINARY: 30.0}
    kept = {LineClass.TRADING: 0, LineClass.REGISTERED: 1, LineClass.ORDINARY: 3}
    shares = {line_class: Share(leaves_free=lines) for line_class, lines in kept.items()}
    trunk = SimulatedTrunk(TrunkGroup(name="main", lines=60, shares=shares), loads, exponential)
    trunk.run(120_000)
    expected = blocking_by_class(
        60, [Load(offered_erl=loads[each], kept_free=kept[each]) for each in loads]
    )
    for line_class, share in zip(loads, expected, strict=True):
        allowed = 0.25 if share > 0.01 else 2.0
        assert_agrees(trunk.refused[line_class], share, within=allowed)


def test_trading_callers_find_a_line_when_everybody_else_often_does_not() -> None:
    """The group of 420 lines, offered as much as it can carry, a tenth of it by trading callers."""
    loads = {LineClass.TRADING: 42.0, LineClass.REGISTERED: 84.0, LineClass.ORDINARY: 294.0}
    shares = {LineClass.REGISTERED: Share(leaves_free=2), LineClass.ORDINARY: Share(leaves_free=5)}
    trunk = SimulatedTrunk(TrunkGroup(name="main", lines=420, shares=shares), loads, exponential)
    trunk.run(150_000)
    report = trunk.kpis.trunk_report("main", 0, trunk.env.now + 1)
    by_class = {each.line_class: each for each in report.classes}
    trading = by_class[LineClass.TRADING]
    others = [by_class[LineClass.REGISTERED], by_class[LineClass.ORDINARY]]
    assert trading.attempts > 10_000
    assert trading.blocking is not None
    assert trading.blocking < 0.001
    refused, attempts = sum(o.refused for o in others), sum(o.attempts for o in others)
    assert refused / attempts > 0.03
    assert report.peak_in_use == 420
    assert report.utilisation is not None
    assert report.utilisation > 0.9
