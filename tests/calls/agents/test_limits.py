"""Time limits against a dispatcher at work: absent agents are signed out, overlong work is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from ivrengine.agents.desk import Desk
from ivrengine.agents.event_log import MemoryEventLog
from ivrengine.agents.feature_codes import SIGNED_OUT
from ivrengine.agents.limits.settings import OverlongSettings, SignOutSettings
from ivrengine.agents.limits.spells import Absence, Spell
from ivrengine.agents.limits.watch import BY_TIME_LIMIT, AgentWatch, LimitObservers
from ivrengine.agents.orders import AgentOrder, AgentVerb
from ivrengine.agents.roster import Roster
from ivrengine.agents.views import AgentView
from ivrengine.simulator.phone import Manner
from ivrengine.values import AgentNumber
from tests.calls.agents.office import Office, a_roster, an_office

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

ONE = AgentNumber("8001")


def limited(*, supervisor: bool = False) -> Roster:
    roster = a_roster(("8001",), wrap_up_s=1000.0)
    overlong = OverlongSettings(ring_s=10, talk_s=100, hold_s=30, wrap_up_s=60)
    queue = roster.queues["general"].model_copy(update={"overlong": overlong})
    agent = roster.agents[ONE].model_copy(update={"supervisor": supervisor})
    return replace(
        roster,
        agents={ONE: agent},
        queues={"general": queue},
        sign_out=SignOutSettings(not_ready_min={"break": 15}, not_responding_min=30),
    )


class Watched:
    """An office under watch; what was told is kept."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.desk = Desk(office.dispatcher, office.clock)
        self.overlong: list[Spell] = []
        self.signed_out: list[Absence] = []
        self.watch = AgentWatch(
            office.dispatcher.router,
            lambda: office.dispatcher.roster,
            office.clock,
            order=office.dispatcher.file,
            observers=LimitObservers(
                overlong=self.overlong.append, signed_out=self.signed_out.append
            ),
        )
        self.desk.ask_what_is_overlong(self.watch.overlong)

    async def order(self, verb: AgentVerb, reason: str = "") -> None:
        await self.desk.carry_out(AgentOrder(agent=ONE, verb=verb, reason=reason))

    def view(self) -> AgentView:
        (view,) = self.desk.agents()
        return view


@asynccontextmanager
async def watched(
    roster: Roster | None = None, log: MemoryEventLog | None = None
) -> AsyncIterator[Watched]:
    async with an_office(roster or limited(), event_log=log) as office:
        found = Watched(office)
        office.hears.append(found.watch.applied)
        async with asyncio.TaskGroup() as scope:
            running = scope.create_task(found.watch.run())
            yield found
            running.cancel()


async def test_who_stays_away_too_long_is_signed_out_and_hears_so_at_the_next_code() -> None:
    with capture_logs() as logs:
        async with watched() as limits:
            await limits.order(AgentVerb.LOG_IN)
            await limits.order(AgentVerb.NOT_READY, "break")
            await asyncio.sleep(15 * 60 - 1)
            assert limits.view().state == "not_ready"
            await asyncio.sleep(2)
            view = limits.view()
            assert (view.state, view.forced_by) == ("logged_out", BY_TIME_LIMIT)
            assert view.reason == "not-ready: break"
            told = await limits.desk.dialled(ONE, "*10")
            assert told.prompts[0] == SIGNED_OUT
            assert limits.view().state == "not_ready"
            again = await limits.desk.dialled(ONE, "*15")
            assert SIGNED_OUT not in again.prompts
    assert [each["why"] for each in logs if each["event"] == "agent_signed_out"] == [
        "not-ready: break"
    ]


async def test_who_comes_back_in_time_stays() -> None:
    async with watched() as limits:
        await limits.order(AgentVerb.LOG_IN)
        await limits.order(AgentVerb.NOT_READY, "break")
        await asyncio.sleep(14 * 60)
        await limits.order(AgentVerb.READY)
        await asyncio.sleep(3600)
        assert limits.view().state == "ready"
        assert not limits.signed_out


async def test_another_reason_begins_no_new_absence() -> None:
    async with watched() as limits:
        await limits.order(AgentVerb.LOG_IN)
        await limits.order(AgentVerb.NOT_READY, "meal")
        await asyncio.sleep(20 * 60)
        await limits.order(AgentVerb.NOT_READY, "break")
        await limits.office.settles()
        assert limits.view().state == "logged_out"


async def test_who_does_not_respond_is_signed_out() -> None:
    async with watched() as limits:
        limits.office.phone("8001", Manner.RINGS)
        await limits.office.ready("8001")
        visitor = limits.office.asks()
        await asyncio.sleep(120)
        assert limits.view().state == "not_responding"
        visitor.leaves()
        await asyncio.sleep(30 * 60 + 1)
        assert limits.view().state == "logged_out"
        assert [str(each) for each in limits.signed_out] == ["not-responding"]


async def test_a_supervisor_is_never_signed_out() -> None:
    async with watched(limited(supervisor=True)) as limits:
        await limits.order(AgentVerb.LOG_IN)
        await asyncio.sleep(24 * 3600)
        assert limits.view().state == "not_ready"


async def test_the_time_goes_on_through_a_restart() -> None:
    log = MemoryEventLog()
    async with watched(log=log) as limits:
        await limits.order(AgentVerb.LOG_IN)
        await limits.order(AgentVerb.NOT_READY, "break")
        await asyncio.sleep(14 * 60)
    async with watched(log=log) as limits:
        await asyncio.sleep(59)
        assert limits.view().state == "not_ready"
        await asyncio.sleep(2)
        assert limits.view().state == "logged_out"


async def test_another_limit_holds_from_the_moment_it_is_in_force() -> None:
    async with watched() as limits:
        await limits.order(AgentVerb.LOG_IN)
        await limits.order(AgentVerb.NOT_READY, "break")
        await asyncio.sleep(300)
        roster = replace(limited(), sign_out=SignOutSettings(not_ready_min={"break": 4}))
        limits.office.dispatcher.change_roster(roster)
        limits.watch.look_at_all()
        await limits.office.settles()
        assert limits.view().state == "logged_out"


async def test_what_lasts_too_long_is_told_once_and_shown_until_it_is_over() -> None:
    with capture_logs() as logs:
        async with watched() as limits:
            limits.office.phone("8001")
            await limits.office.ready("8001")
            visitor = limits.office.asks()
            answered = await visitor.meets()
            await asyncio.sleep(99)
            assert limits.view().overlong == ()
            await asyncio.sleep(2)
            assert limits.view().overlong == ("talk",)
            limits.office.dispatcher.reception.held(answered.reservation)
            await asyncio.sleep(31)
            assert limits.view().overlong == ("talk", "hold")
            limits.office.dispatcher.reception.retrieved(answered.reservation)
            await limits.office.settles()
            assert limits.view().overlong == ("talk",)
            visitor.leaves()
            await limits.office.settles()
            assert limits.view().overlong == ()
            await asyncio.sleep(61)
            assert limits.view().overlong == ("wrap_up",)
            await limits.order(AgentVerb.END_WRAP_UP)
            assert limits.view().overlong == ()
    assert [(spell.doing.value, spell.queue) for spell in limits.overlong] == [
        ("talk", "general"),
        ("hold", "general"),
        ("wrap_up", "general"),
    ]
    assert [each["state"] for each in logs if each["event"] == "agent_overlong"] == [
        "talk",
        "hold",
        "wrap_up",
    ]


async def test_a_telephone_that_rings_too_long_is_told_of() -> None:
    async with watched() as limits:
        limits.office.phone("8001", Manner.RINGS)
        await limits.office.ready("8001")
        visitor = limits.office.asks()
        await asyncio.sleep(11)
        assert limits.view().overlong == ("ring",)
        visitor.leaves()
        await limits.office.settles()
        assert limits.view().overlong == ()
