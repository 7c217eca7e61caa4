import asyncio

import pytest

from acd.events import AgentGotNotReady, AgentLoggedOut
from acd.model import AgentId, Disposition
from ivrengine.agents.agent_line import leg_of
from ivrengine.agents.ports import (
    AgentAnswered,
    AgentLeft,
    OfferEnded,
    PositionChanged,
    VisitEnded,
    VisitOutcome,
    WithdrawCause,
)
from ivrengine.errors import SwitchRefused, SwitchUnavailable
from ivrengine.simulator.phone import Manner, SimulatedPhone
from tests.calls.agents.office import CALLER, Office, Visitor, a_roster, an_office

pytestmark = [pytest.mark.calls, pytest.mark.looptime]


async def test_a_caller_is_rung_through_to_an_agent_and_both_are_told() -> None:
    async with an_office() as office:
        phone = office.phone("8001")
        await office.ready("8001")
        visitor = office.asks()
        made = await visitor.is_offered()
        answered = await visitor.meets()
        assert (made.agent, answered.agent) == ("8001", "8001")
        assert phone.call is not None
        assert phone.call.leg.id == answered.leg
        assert phone.call.leg.origin.caller == CALLER, "the agent sees who calls"
        await office.settles()
        assert office.work_of("8001") == "talking"
        assert len(office.delays_s) == 1
        assert office.delays_s[0] < 0.1


async def test_when_the_caller_hangs_up_the_agents_leg_is_ended_and_wrap_up_passes() -> None:
    async with an_office() as office:
        phone = office.phone("8001")
        await office.ready("8001")
        visitor = office.asks()
        await visitor.meets()
        await asyncio.sleep(30)
        visitor.leaves()
        await office.settles()
        assert phone.call is None
        assert office.work_of("8001") == "acw"
        assert office.ended[0].disposition is Disposition.HANDLED
        assert office.ended[0].talked_s == pytest.approx(30, abs=0.1)
        await asyncio.sleep(10)
        assert office.work_of("8001") == "idle"
        assert visitor.told == [], "who left is told nothing more"
        assert len(office.legs) == 0


async def test_when_the_agent_hangs_up_the_call_is_told_and_goes_on() -> None:
    async with an_office() as office:
        phone = office.phone("8001")
        await office.ready("8001")
        visitor = office.asks()
        answered = await visitor.meets()
        phone.hangs_up()
        left = await visitor.hears(AgentLeft)
        assert left == AgentLeft(reservation=answered.reservation, agent=answered.agent)


async def test_an_agent_who_does_not_answer_costs_the_caller_no_place() -> None:
    async with an_office() as office:
        silent, kind = office.phone("8001", Manner.RINGS), office.phone("8002", Manner.ANSWERS)
        await office.ready("8001")
        await asyncio.sleep(1)
        await office.ready("8002")
        visitor = office.asks()
        assert (await visitor.is_offered()).agent == "8001"
        assert await visitor.offer_fails() == "timeout"
        assert (await visitor.meets()).agent == "8002"
        assert silent.call is None
        assert kind.call is not None


@pytest.mark.parametrize(
    ("manner", "cause"),
    [
        (Manner.REJECTS, "rejected"),
        (Manner.IS_BUSY, "busy"),
        (Manner.IS_AWAY, "unreachable"),
        (Manner.IS_DEAD, "unreachable"),
    ],
)
async def test_an_offer_that_fails_is_told_with_its_cause_and_leaves_no_leg(
    manner: Manner, cause: str
) -> None:
    async with an_office(a_roster(("8001",))) as office:
        phone = office.phone("8001", manner)
        await office.ready("8001")
        visitor = office.asks()
        assert await visitor.offer_fails() == cause
        await office.settles()
        assert phone.call is None
        assert len(office.legs) == 0


async def test_a_caller_who_hangs_up_while_it_rings_stops_the_ringing() -> None:
    async with an_office() as office:
        phone = office.phone("8001", Manner.RINGS)
        await office.ready("8001")
        visitor = office.asks()
        party = await phone.rings()
        visitor.leaves()
        await party.is_let_go(within_s=1)
        await office.settles()
        assert office.work_of("8001") == "idle"
        assert office.ended[0].disposition is Disposition.ABANDONED


async def test_a_caller_who_leaves_before_the_dialling_is_done_rings_nobody_for_long() -> None:
    async with an_office() as office:
        phone = office.phone("8001", Manner.ANSWERS)
        office.exchange.order_delay_s = 0.5
        await office.ready("8001")
        visitor = office.asks()
        await visitor.is_offered()
        visitor.leaves()
        await asyncio.sleep(5)
        assert phone.call is None, "hanging up never overtakes dialling"
        assert len(office.legs) == 0


async def offered_before_the_hang_up(
    office: Office, tries_that_fail: int = 1
) -> tuple[SimulatedPhone, Visitor]:
    """A caller left, and the next is offered the agent whose leg could not be ended yet."""
    phone = office.phone("8001")
    await office.ready("8001")
    first, second = office.asks(), office.asks()
    await first.meets()
    office.exchange.fail("hang_up", SwitchUnavailable("late"), times=tries_that_fail)
    first.leaves()
    await second.is_offered()
    return phone, second


async def test_a_telephone_is_rung_again_only_when_its_call_before_is_gone() -> None:
    async with an_office(a_roster(("8001",), wrap_up_s=0.0)) as office:
        phone, second = await offered_before_the_hang_up(office)
        await asyncio.sleep(0.3)
        assert len(phone.calls) == 1, "what is tried again has not ended the call yet"
        assert (await second.meets()).agent == "8001"
        assert phone.calls[0].is_over


async def test_a_caller_who_leaves_before_the_telephone_is_free_rings_nobody() -> None:
    async with an_office(a_roster(("8001",), wrap_up_s=0.0)) as office:
        phone, second = await offered_before_the_hang_up(office)
        second.leaves()
        await asyncio.sleep(5)
        assert len(phone.calls) == 1
        assert office.work_of("8001") == "idle"
        assert len(office.legs) == 0


async def test_a_call_that_does_not_end_does_not_keep_the_next_one_away() -> None:
    async with an_office(a_roster(("8001",), wrap_up_s=0.0)) as office:
        phone, _ = await offered_before_the_hang_up(office, tries_that_fail=9)
        await asyncio.sleep(1.5)
        assert len(phone.calls) == 2


async def test_an_answer_that_crosses_the_callers_hang_up_is_not_connected() -> None:
    async with an_office() as office:
        phone = office.phone("8001", Manner.RINGS)
        await office.ready("8001")
        visitor = office.asks()
        await phone.rings()
        party = phone.answers()
        visitor.leaves()
        await party.is_let_go(within_s=1)
        assert not any(isinstance(event, AgentAnswered) for event in visitor.told)
        await office.settles()
        assert office.work_of("8001") == "idle"


@pytest.mark.parametrize("fault", [SwitchUnavailable("gone"), SwitchRefused("no", status=500)])
async def test_an_order_to_dial_that_fails_puts_the_caller_back(
    fault: SwitchUnavailable | SwitchRefused,
) -> None:
    async with an_office(a_roster(("8001",))) as office:
        office.phone("8001")
        office.exchange.fail("dial", fault)
        await office.ready("8001")
        visitor = office.asks()
        assert await visitor.offer_fails() == "failed"
        assert (await visitor.meets()).agent == "8001", "after a rest the agent is tried again"


async def test_hanging_up_is_tried_again_when_the_softswitch_does_not_answer() -> None:
    async with an_office() as office:
        phone = office.phone("8001", Manner.ANSWERS)
        await office.ready("8001")
        visitor = office.asks()
        await visitor.meets()
        office.exchange.fail("hang_up", SwitchUnavailable("gone"), times=2)
        visitor.leaves()
        await asyncio.sleep(5)
        assert phone.call is None


async def test_a_telephone_that_vanishes_in_conversation_ends_the_visit() -> None:
    async with an_office() as office:
        phone = office.phone("8001")
        await office.ready("8001")
        visitor = office.asks()
        await visitor.meets()
        phone.vanishes()
        await visitor.hears(AgentLeft, within_s=20)


async def test_callers_are_told_their_positions_and_again_when_they_change() -> None:
    async with an_office(a_roster(("8001",))) as office:
        office.phone("8001")
        await office.ready("8001")
        await office.asks().meets()
        first, second = office.asks(), office.asks()
        await asyncio.sleep(2)
        assert first.told == [PositionChanged(position=1)]
        assert second.told == [PositionChanged(position=1 + 1)]
        first.leaves(WithdrawCause.KEY)
        await asyncio.sleep(2)
        assert second.told[1:] == [PositionChanged(position=1)]


async def test_nobody_logged_in_is_told_at_once_and_an_unknown_agent_too() -> None:
    async with an_office() as office:
        for visitor, outcome in (
            (office.asks(), VisitOutcome.NOBODY),
            (office.asks("8001"), VisitOutcome.NOBODY),
            (office.asks("9999"), VisitOutcome.UNKNOWN),
            (office.asks(queue="no-such"), VisitOutcome.UNKNOWN),
        ):
            assert await visitor.hears(VisitEnded) == VisitEnded(outcome=outcome)


async def test_who_asked_for_one_agent_waits_for_that_agent() -> None:
    async with an_office() as office:
        office.phone("8001"), office.phone("8002")
        await office.ready("8001", "8002")
        await office.dispatcher.tell(AgentGotNotReady(agent=AgentId("8002"), reason="meal"))
        visitor = office.asks("8002")
        assert await visitor.hears(PositionChanged) == PositionChanged(position=1)
        await office.ready("8002")
        assert (await visitor.meets()).agent == "8002"


async def test_the_last_agent_who_logs_out_ends_the_waiting() -> None:
    async with an_office(a_roster(("8001",))) as office:
        office.phone("8001")
        await office.ready("8001")
        talking = office.asks()
        await talking.meets()
        waiting = office.asks()
        await office.dispatcher.tell(AgentLoggedOut(agent=AgentId("8001")))
        talking.leaves()
        assert await waiting.hears(VisitEnded) == VisitEnded(outcome=VisitOutcome.NOBODY)


async def test_a_joining_that_fails_lets_the_caller_wait_on() -> None:
    async with an_office() as office:
        office.phone("8001"), office.phone("8002")
        await office.ready("8001", "8002")
        visitor = office.asks()
        answered = await visitor.hears(AgentAnswered)
        assert isinstance(answered, AgentAnswered)
        office.dispatcher.reception.join_failed(answered.reservation)
        await visitor.hears(OfferEnded)
        again = await visitor.meets()
        assert again.agent != answered.agent
        assert leg_of(answered.reservation) != again.leg
