"""Groups by configuration alone: leaders apart, experts for a period, merged and split."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ivrengine.agents.ports import OfferMade, VisitEnded, VisitOutcome
from ivrengine.agents.reachability import Reachability
from ivrengine.agents.roster_book import RosterBook
from ivrengine.agents.settings import DispatchSettings
from ivrengine.simulator.phone import Manner
from tests.calls.agents.office import Office, Visitor, an_office

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

DAY_S = 24 * 3600.0
AGENTS = """\
agents:
  - {number: "8001", name: {zh: 陈静, en: Chen Jing}, skills: [complaints]}
  - {number: "8002", name: {zh: 李伟, en: Li Wei}, skills: [callback]}
  - {number: "8003", name: {zh: 王芳, en: Wang Fang}, skills: [expert]}
  - {number: "8004", name: {zh: 许晴, en: Xu Qing}, supervisor: true}
"""
APART = """\
queues:
  - {name: complaints, title: {zh: 投诉, en: Complaints}, members: {skill: complaints}}
  - {name: callback, title: {zh: 回访, en: Calls back}, members: {skill: callback}}
  - {name: experts, title: {zh: 专家, en: Experts}, members: {skill: expert}, hours: issue}
"""
MERGED = APART.replace("{skill: complaints}", "{needs: complaints or callback}")
# The simulated day is the first of January, eight o'clock.
CALENDARS = """\
calendars:
  - name: issue
    weekly: {}
    holidays:
      - {day: 2026-01-02, to: 2026-01-03, name: 新股发行, open: ["00:00-24:00"]}
"""


class Files:
    """Operators' files, and a reading of them in force."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._write("agents.yaml", AGENTS)
        self._write("calendars.yaml", CALENDARS)
        self._write("queues.yaml", APART)
        self.book = RosterBook(folder, lambda prompt, language: True)

    def _write(self, name: str, text: str) -> None:
        (self._folder / name).write_text(text, encoding="utf-8")

    def reload(self, queues: str) -> None:
        self._write("queues.yaml", queues)
        self.book.prepare().put_in_force()


@asynccontextmanager
async def at_work(folder: Path) -> AsyncIterator[tuple[Office, Files]]:
    files = Files(folder)
    async with an_office(files.book.roster) as office:
        files.book.when_changed(Reachability(office.dispatcher, DispatchSettings()).roster_changed)
        for number in ("8001", "8002", "8003", "8004"):
            office.phone(number, Manner.RINGS)
        await office.ready("8001", "8002", "8003", "8004")
        yield office, files


def rung_for(office: Office, visitor: Visitor) -> list[str]:
    return [
        offer.agent
        for offer in office.dispatcher.router.offers()
        if offer.contact == visitor.contact
    ]


async def test_a_leader_gets_no_caller_of_a_queue_and_whoever_asks_for_the_number(
    tmp_path: Path,
) -> None:
    async with at_work(tmp_path) as (office, _):
        first, second = office.asks(queue="complaints"), office.asks(queue="complaints")
        await asyncio.sleep(1)
        assert rung_for(office, first) == ["8001"]
        assert rung_for(office, second) == [], "the leader is free, and is no agent of the queue"
        handed_over = office.asks("8004")
        made = await handed_over.hears(OfferMade)
        assert isinstance(made, OfferMade)
        assert made.agent == "8004"
        assert made.choice is not None
        assert made.choice.pick == "by-number"


async def test_an_expert_queue_takes_callers_in_its_period_only(tmp_path: Path) -> None:
    async with at_work(tmp_path) as (office, _):
        before = office.asks(queue="experts")
        assert await before.hears(VisitEnded) == VisitEnded(outcome=VisitOutcome.CLOSED)
        await asyncio.sleep(DAY_S)
        within = office.asks(queue="experts")
        await asyncio.sleep(1)
        assert rung_for(office, within) == ["8003"]
        within.leaves()
        await asyncio.sleep(2 * DAY_S)
        after = office.asks(queue="experts")
        assert await after.hears(VisitEnded) == VisitEnded(outcome=VisitOutcome.CLOSED)


async def test_groups_are_merged_and_split_while_callers_wait(tmp_path: Path) -> None:
    async with at_work(tmp_path) as (office, files):
        first, second = office.asks(queue="complaints"), office.asks(queue="complaints")
        await asyncio.sleep(1)
        assert (rung_for(office, first), rung_for(office, second)) == (["8001"], [])
        files.reload(MERGED)
        await asyncio.sleep(1)
        assert rung_for(office, second) == ["8002"], "the other group serves as well"
        files.reload(APART)
        second.leaves()
        await asyncio.sleep(1)
        third = office.asks(queue="complaints")
        await asyncio.sleep(1)
        assert rung_for(office, third) == [], "the groups are apart again"
