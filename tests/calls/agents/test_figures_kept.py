"""Figures through deaths of the engine and of the database: nothing is lost, nothing doubled."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from acd.kpis.tallies import QueueTally, total
from ivrengine.agents.dispatcher import Dispatcher
from ivrengine.agents.event_log import EventLogFile
from ivrengine.agents.figures import Figures
from ivrengine.agents.figures_file import FiguresFile
from ivrengine.agents.figures_keeping import FiguresKeeping
from ivrengine.agents.legs import Legs
from ivrengine.agents.observers import Observers
from ivrengine.agents.ports import PersonWanted, VisitEvent, WithdrawCause
from ivrengine.simulator.exchange import SimulatedExchange
from ivrengine.simulator.loop_clock import LoopClock
from ivrengine.storage.memory import MemoryTallies
from ivrengine.values import Language, PhoneNumber
from tests.calls.agents.office import a_roster

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

QUARTER_S = 900.0


@dataclass
class House:
    """What outlives an engine: its files and the database."""

    folder: Path
    store: MemoryTallies = field(default_factory=MemoryTallies)
    callers: int = 0

    @asynccontextmanager
    async def engine(self, *, dies: bool = False) -> AsyncIterator["Engine"]:
        """Run an engine; one that ``dies`` has no time to write anything at the end."""
        engine = Engine(self)
        engine.dispatcher.restore()
        async with asyncio.TaskGroup() as scope:
            serving = [
                scope.create_task(engine.dispatcher.run()),
                scope.create_task(engine.keeping.run()),
            ]
            yield engine
            for task in serving:
                task.cancel()
        if not dies:
            engine.dispatcher.begin_log()
        engine.log.close()

    async def answered_of_all_time(self) -> tuple[int, int]:
        """Return how many entered and gave up, by the database alone."""
        batches = await self.store.between(0, 1e12)
        summed = total(tally for batch in batches for tally in batch.tallies.queues)
        assert isinstance(summed, QueueTally)
        return summed.entered, sum(summed.left.values())


class Engine:
    def __init__(self, house: House) -> None:
        roster = a_roster()
        queue = roster.queues["general"].model_copy(update={"waits_unstaffed": True})
        roster = type(roster)(
            agents=roster.agents, queues={"general": queue}, by_number=roster.by_number
        )
        clock = LoopClock()
        self.clock = clock
        self.figures = Figures(roster)
        self.log = EventLogFile(house.folder / "agents.jsonl")
        self.keeping = FiguresKeeping(
            self.figures,
            FiguresFile(house.folder / "figures.json"),
            house.store,
            clock,
            begin_log=lambda: self.dispatcher.begin_log(),
        )
        self.dispatcher = Dispatcher(
            roster,
            SimulatedExchange(clock),
            Legs(),
            clock,
            event_log=self.log,
            observers=Observers(
                applied=self.figures.take,
                resumed=self.keeping.resume,
                log_begun=self.keeping.log_begun,
            ),
        )
        self._house = house

    async def loses_a_caller(self) -> None:
        self._house.callers += 1
        contact = f"c{self._house.callers}"
        wanted = PersonWanted(
            contact=contact,  # type: ignore[arg-type]
            queue="general",
            agent=None,
            caller=PhoneNumber("13900000001"),
            language=Language.MANDARIN,
            since=self.clock.now(),
        )
        self.dispatcher.reception.ask(wanted, _ignore)
        await asyncio.sleep(7)
        self.dispatcher.reception.withdraw(wanted.contact, WithdrawCause.CALLER_GONE)
        await asyncio.sleep(0.001)

    def abandoned_today(self) -> int:
        report = self.figures.today(self.clock.now()).queues.get("general")
        return 0 if report is None else report.visits.abandoned


def _ignore(_: VisitEvent) -> None:
    return None


@pytest.mark.parametrize("dies", [True, False])
async def test_the_figures_of_today_survive_every_end_of_the_engine(
    tmp_path: Path, dies: bool
) -> None:
    house = House(tmp_path)
    for life in range(3):
        async with house.engine(dies=dies) as engine:
            assert engine.abandoned_today() == 2 * life
            await engine.loses_a_caller()
            await engine.loses_a_caller()


async def test_intervals_reach_the_database_once_though_the_engine_dies_in_between(
    tmp_path: Path,
) -> None:
    house = House(tmp_path)
    for _ in range(3):
        async with house.engine(dies=True) as engine:
            await engine.loses_a_caller()
            await asyncio.sleep(QUARTER_S)
            await engine.loses_a_caller()
    async with house.engine() as engine:
        await asyncio.sleep(QUARTER_S + 5)
        assert engine.abandoned_today() == 6
        assert engine.figures.unstored == []
    assert await house.answered_of_all_time() == (6, 6)


async def test_a_database_that_is_away_gets_all_when_it_is_back_even_after_a_restart(
    tmp_path: Path,
) -> None:
    house = House(tmp_path)
    house.store.away = True
    async with house.engine(dies=True) as engine:
        await engine.loses_a_caller()
        await asyncio.sleep(2 * QUARTER_S)
        assert engine.abandoned_today() == 1
        assert engine.figures.unstored
    async with house.engine(dies=True) as engine:
        assert engine.figures.unstored
        house.store.away = False
        await asyncio.sleep(61)
        assert engine.figures.unstored == []
    assert await house.answered_of_all_time() == (1, 1)


async def test_a_batch_that_was_stored_without_the_engine_hearing_of_it_is_not_doubled(
    tmp_path: Path,
) -> None:
    house = House(tmp_path)
    house.store.away = True
    async with house.engine(dies=True) as engine:
        await engine.loses_a_caller()
        await asyncio.sleep(QUARTER_S + 5)
        (batch, *_) = engine.figures.unstored
    house.store.away = False
    await house.store.add(batch)
    async with house.engine():
        await asyncio.sleep(61)
    assert await house.answered_of_all_time() == (1, 1)
