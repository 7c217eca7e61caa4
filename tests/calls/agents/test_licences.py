"""A skill with a licence is gone the day after, by itself; before, everybody is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from acd.model import AgentId
from ivrengine.agents.licences import LicenceWatch, next_midnight, notices, today
from ivrengine.agents.reachability import Reachability
from ivrengine.agents.roster_book import RosterBook
from ivrengine.agents.settings import DispatchSettings
from ivrengine.clock import local_time
from ivrengine.errors import ConfigError
from ivrengine.simulator.loop_clock import EPOCH, LoopClock
from tests.calls.agents.office import Office, an_office

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

DAY_S = 24 * 3600.0
FIRST = local_time(EPOCH).date()
AGENTS = """\
agents:
  - number: "8001"
    name: {zh: 陈静, en: Chen Jing}
    skills: {advice: 3, general: 1}
    licences: {advice: {number: A0150612080001, expires: 2026-01-02}}
  - {number: "8002", name: {zh: 李伟, en: Li Wei}, skills: {advice: 1}}
"""
QUEUES = """\
queues:
  - {name: advice, title: {zh: 投顾, en: Advice}, members: {skill: advice}}
  - {name: general, title: {zh: 综合, en: General}, members: {skill: general}}
"""


def a_book(folder: Path, agents: str = AGENTS) -> RosterBook:
    (folder / "agents.yaml").write_text(agents, encoding="utf-8")
    (folder / "queues.yaml").write_text(QUEUES, encoding="utf-8")
    clock = LoopClock()
    return RosterBook(folder, lambda prompt, language: True, today=lambda: today(clock))


@asynccontextmanager
async def at_work(folder: Path) -> AsyncIterator[tuple[Office, RosterBook]]:
    """An office whose roster is the book's, which is put in force anew at each midnight."""
    book = a_book(folder)
    async with an_office(book.roster) as office, asyncio.TaskGroup() as scope:
        reachability = Reachability(office.dispatcher, DispatchSettings())
        book.when_changed(reachability.roster_changed)
        running = scope.create_task(LicenceWatch(book, office.clock).run())
        yield office, book
        running.cancel()


def serves(office: Office, agent: str) -> set[str]:
    desk = office.dispatcher.router.desk(AgentId(agent))
    assert desk is not None
    return {queue for queue in desk.queues if not queue.startswith("agent:")}


async def test_the_skill_lasts_to_the_end_of_the_last_day_and_is_gone_at_midnight(
    tmp_path: Path,
) -> None:
    async with at_work(tmp_path) as (office, book):
        assert date(2026, 1, 1) == FIRST
        last_second = next_midnight(next_midnight(EPOCH)) - EPOCH - 1
        await asyncio.sleep(last_second)
        assert serves(office, "8001") == {"advice", "general"}
        await asyncio.sleep(2)
        assert serves(office, "8001") == {"general"}
        assert serves(office, "8002") == {"advice"}
        assert book.roster.day == date(2026, 1, 3)


async def test_a_conversation_goes_on_after_its_licence(tmp_path: Path) -> None:
    async with at_work(tmp_path) as (office, _):
        office.phone("8001")
        await office.ready("8001")
        visitor = office.asks(queue="advice")
        await visitor.meets()
        await asyncio.sleep(3 * DAY_S)
        assert office.work_of("8001") == "talking"
        visitor.leaves()
        await asyncio.sleep(60)
        assert office.work_of("8001") == "idle"
        again = office.asks(queue="advice")
        await asyncio.sleep(1)
        assert not any(
            offer.contact == again.contact for offer in office.dispatcher.router.offers()
        )


async def test_a_file_that_is_read_later_gives_the_skill_back_only_with_a_new_date(
    tmp_path: Path,
) -> None:
    async with at_work(tmp_path) as (office, book):
        await asyncio.sleep(3 * DAY_S)
        book.prepare().put_in_force()
        await office.settles()
        assert serves(office, "8001") == {"general"}
        renewed = AGENTS.replace("2026-01-02", "2027-01-02")
        (tmp_path / "agents.yaml").write_text(renewed, encoding="utf-8")
        book.prepare().put_in_force()
        await office.settles()
        assert serves(office, "8001") == {"advice", "general"}


async def test_each_day_tells_of_what_expires(tmp_path: Path) -> None:
    with capture_logs() as logs:
        async with at_work(tmp_path):
            await asyncio.sleep(3 * DAY_S)
    told = [(each["event"], each["days_left"]) for each in logs if "licence" in each]
    assert told == [
        ("licence_expires", 1),
        ("licence_expires", 0),
        ("licence_expired", -1),
        ("licence_expired", -2),
    ]


async def test_thirty_days_before_is_soon_and_thirty_one_is_not(tmp_path: Path) -> None:
    roster = a_book(tmp_path).roster
    assert not list(notices(roster, date(2025, 12, 2)))
    (notice,) = notices(roster, date(2025, 12, 3))
    assert str(notice) == (
        "agent 8001: licence A0150612080001 for advice expires on 2026-01-02, in 30 days"
    )
    (notice,) = notices(roster, date(2026, 1, 3))
    assert str(notice).endswith("expired on 2026-01-02; the skill is gone")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("licences: {advice:", "licences: {trading:", "the agent has no skill trading"),
        ("2026-01-02", "2026-02-30", "expires"),
        ("number: A0150612080001, ", "", "number is missing"),
    ],
)
async def test_a_licence_that_makes_no_sense_is_a_fault(
    tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    with pytest.raises(ConfigError) as fault:
        a_book(tmp_path, AGENTS.replace(right, wrong))
    assert said in str(fault.value)
    assert str(fault.value).startswith("agents.yaml:")
