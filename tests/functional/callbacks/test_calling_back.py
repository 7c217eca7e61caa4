"""A caller hangs up and is called back, with real telephones and judged by ear."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from ivrengine.softphone.sip.call import CallState, EndedBy
from ivrengine.softphone.sip.incoming import IncomingCall
from tests.functional.callbacks.conftest import NewCustomer
from tests.functional.conftest import CALLER_NUMBER, NewAgent, NewCaller, order
from tests.kit.instance import Instance
from tests.kit.person import Agent, Caller
from tests.kit.records import record_of
from tests.kit.walks import (
    PATIENCE_S,
    hear_each_other,
    hears_the_number_of,
    waits_for_trading,
)

pytestmark = [pytest.mark.functional, pytest.mark.timeout(180)]

CEASES_WITHIN_S = 5.0
"""Less than a customer's telephone is rung for here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A caller who was promised to be called back, and the agent who is going to."""

    instance: Instance
    attendant: Agent
    customer: Agent

    async def is_due(self) -> IncomingCall:
        """The agent becomes ready, is rung for it, and picks up."""
        await order(self.instance, 8001, "ready")
        return await self.attendant.answers(within_s=PATIENCE_S)


Promise = Callable[[str], Awaitable[Promised]]
"""`await promise("en")`."""


@pytest.fixture
def promise(
    instance: Instance, present_agent: NewAgent, caller: Caller, customer: NewCustomer
) -> Promise:
    """Lets a caller hang up who is promised, in this language, to be called back."""

    async def give(language: str) -> Promised:
        attendant = await present_agent(8001)
        await is_promised_a_callback(caller, language)
        called = await customer(CALLER_NUMBER)
        return Promised(instance=instance, attendant=attendant, customer=called)

    return give


async def is_promised_a_callback(caller: Caller, language: str) -> None:
    """Waits for trading, asks to be called back at the calling number, and is let go."""
    await waits_for_trading(caller, language)
    await caller.hears("queue.keys_callback", language=language, within_s=PATIENCE_S)
    await caller.presses("1")
    await caller.hears("callback.will_call", language=language)
    await caller.presses("1")
    await caller.hears("callback.promised", language=language, to_the_end=True)
    await caller.is_hung_up_on()


async def is_served(customer: Agent, attendant: Agent, language: str) -> None:
    """Picks up, hears who calls, meets the agent, and hangs up."""
    await customer.answers(within_s=PATIENCE_S)
    await customer.hears("callback.here_we_are", language=language, to_the_end=True)
    await hears_the_number_of(customer, attendant, language)
    await hear_each_other(customer, attendant)
    await customer.hangs_up()
    await attendant.is_hung_up_on()


async def ceases(ringing: IncomingCall) -> None:
    """The house stops ringing somebody."""
    await is_let_go(ringing, within_s=CEASES_WITHIN_S)


async def is_let_go(call: IncomingCall, *, within_s: float = PATIENCE_S) -> None:
    """The house ends this call, though it may be ringing the same person again already."""
    end = await call.wait_until_ended(within_s=within_s)
    assert end.by is EndedBy.THEM, end


async def test_a_caller_is_called_back_in_the_place_that_was_kept(
    instance: Instance, promise: Promise, new_caller: NewCaller
) -> None:
    promised = await promise("en")
    later = await new_caller("13900000002")
    await waits_for_trading(later, "zh")
    await promised.is_due()
    await promised.attendant.hears("callback.whisper", language="zh", to_the_end=True)
    await is_served(promised.customer, promised.attendant, "en")
    await promised.attendant.answers(within_s=2 * PATIENCE_S)
    await hears_the_number_of(later, promised.attendant, "zh")
    await later.hangs_up()
    made = await record_of(instance.api, CALLER_NUMBER, until="recording-kept")
    (admitted,) = made.of_kind("call-admitted")
    assert (admitted["outgoing"], admitted["caller_class"]) == (True, "outgoing")
    assert made.fields["id"] not in admitted["contact"], "the contact names the first call"
    assert made.of_kind("person-joined")[0]["contact"] == admitted["contact"]


async def test_a_busy_customer_is_called_again_and_the_agent_hears_why(
    promise: Promise,
) -> None:
    promised = await promise("zh")
    attendant, called = promised.attendant, promised.customer
    attempt = await promised.is_due()
    await called.rejects(status=486, within_s=PATIENCE_S)
    await attendant.hears("callback.whisper_busy", language="zh", to_the_end=True)
    await is_let_go(attempt)
    await attendant.answers(within_s=PATIENCE_S)
    await is_served(called, attendant, "zh")
    assert len(called.phone.calls) == 2


async def test_a_customer_who_does_not_answer_twice_is_called_a_third_time(
    promise: Promise,
) -> None:
    promised = await promise("zh")
    attendant, called = promised.attendant, promised.customer
    attempt = await promised.is_due()
    for _ in range(2):
        ringing = await called.rings(within_s=PATIENCE_S)
        await attendant.hears("callback.whisper_no_answer", language="zh", within_s=PATIENCE_S)
        await ceases(ringing)
        await is_let_go(attempt)
        attempt = await attendant.answers(within_s=PATIENCE_S)
    await is_served(called, attendant, "zh")
    assert len(called.phone.calls) == 3


async def test_an_agent_who_hangs_up_while_it_rings_stops_the_ringing_and_another_calls(
    promise: Promise, ready_agent: NewAgent
) -> None:
    promised = await promise("en")
    await promised.is_due()
    ringing = await promised.customer.rings(within_s=PATIENCE_S)
    second = await ready_agent(8002)
    assert ringing.state is CallState.RINGING
    await promised.attendant.hangs_up()
    await ceases(ringing)
    await second.answers(within_s=PATIENCE_S)
    await is_served(promised.customer, second, "en")


async def test_a_callback_outlives_an_engine_that_is_killed_while_the_customer_is_rung(
    instance: Instance, promise: Promise
) -> None:
    promised = await promise("en")
    attendant, called = promised.attendant, promised.customer
    attempt = await promised.is_due()
    ringing = await called.rings(within_s=PATIENCE_S)
    await instance.kill_engine()
    await instance.until_ready()
    await is_let_go(ringing)
    await is_let_go(attempt)
    await attendant.answers(within_s=PATIENCE_S)
    await is_served(called, attendant, "en")


async def test_a_conversation_with_a_customer_called_back_outlives_the_engine(
    instance: Instance, promise: Promise
) -> None:
    promised = await promise("zh")
    attendant, called = promised.attendant, promised.customer
    await promised.is_due()
    await called.answers(within_s=PATIENCE_S)
    await hears_the_number_of(called, attendant, "zh")
    await hear_each_other(called, attendant)
    await instance.kill_engine()
    await instance.until_ready()
    await hear_each_other(called, attendant)
    await attendant.hangs_up()
    await called.hears("rating.ask", language="zh")
    await called.presses("5")
    await called.hears("rating.thanks", language="zh")
    await called.hangs_up()


async def test_who_is_to_be_called_back_may_call_and_wait_on_the_line_in_that_place(
    instance: Instance, present_agent: NewAgent, caller: Caller, new_caller: NewCaller
) -> None:
    attendant = await present_agent(8001)
    await is_promised_a_callback(caller, "en")
    later = await new_caller("13900000002")
    await waits_for_trading(later, "en")
    await caller.dials("952588")
    await caller.presses("2")
    await caller.hears("menu.main", language="en")
    await caller.presses("01")
    await caller.hears("callback.pending", language="en", within_s=PATIENCE_S)
    await caller.presses("1")
    await caller.hears("queue.position_lead", language="en", within_s=PATIENCE_S)
    await caller.hears("num.1", language="en")
    await order(instance, 8001, "ready")
    await attendant.answers(within_s=PATIENCE_S)
    await hears_the_number_of(caller, attendant, "en")
    await caller.hangs_up()
    await later.hangs_up()
