"""Agents hold, consult, hand over and confer with real telephones; judged by what is heard."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import pytest

from ivrengine.softphone.sip.dtmf import KeyStyle
from ivrengine.softphone.sip.phone import Manner, Phone, PhoneSettings
from tests.functional.conftest import NewAgent, order
from tests.kit.api import Refused, asked
from tests.kit.instance import Instance
from tests.kit.person import Agent, Caller, Person
from tests.kit.records import record_of
from tests.kit.walks import (
    AGENT_HUMS_HZ,
    CALLER_HUMS_HZ,
    PATIENCE_S,
    asks_for_trading,
    comes_to_the_menu,
    is_joined,
)

pytestmark = [pytest.mark.functional, pytest.mark.timeout(180)]

THIRD_HUMS_HZ = 620.0
OUTSIDE = "13800000002"

Talking = Callable[[], Awaitable[Agent]]


@pytest.fixture
async def talking(ready_agent: NewAgent, caller: Caller) -> Talking:
    """Brings a caller and the agent 8001 together, each of whom hums a tone."""

    async def talk() -> Agent:
        attendant = await ready_agent(8001)
        await comes_to_the_menu(caller)
        await asks_for_trading(caller)
        await is_joined(caller, attendant)
        caller.hums(CALLER_HUMS_HZ)
        attendant.hums(AGENT_HUMS_HZ)
        await hear_each_other(caller, attendant)
        return attendant

    return talk


async def hear_each_other(caller: Person, attendant: Person) -> None:
    """Caller and agent hear each other's tone."""
    await caller.hears_tone(AGENT_HUMS_HZ)
    await attendant.hears_tone(CALLER_HUMS_HZ)


async def hands_over(attendant: Agent, keys: str) -> None:
    """Presses keys with the last of which the agent's own call ends, before the finger is off."""
    with contextlib.suppress(TimeoutError):
        await attendant.call.media.press(keys, KeyStyle(), within_s=0.3 * len(keys))


async def comes(third: Agent) -> None:
    """Another agent picks up and hums."""
    await third.answers(within_s=PATIENCE_S)
    third.hums(THIRD_HUMS_HZ)


async def test_the_agent_is_told_whose_call_it_is_and_can_cut_that_short(
    ready_agent: NewAgent, caller: Caller
) -> None:
    attendant = await ready_agent(8001)
    await comes_to_the_menu(caller)
    await asks_for_trading(caller)
    await attendant.answers(within_s=PATIENCE_S)
    await attendant.hears("whisper.queue.trading", language="zh")
    await attendant.presses("#")
    await caller.hears("queue.agent_tail", language="zh")
    assert not attendant.ear.has_heard("queue.agent_lead")
    caller.hums(CALLER_HUMS_HZ)
    await attendant.hears_tone(CALLER_HUMS_HZ)
    await caller.hangs_up()
    await attendant.is_hung_up_on()


async def test_a_hold_by_key_and_by_button_lets_the_caller_hear_music(
    talking: Talking, caller: Caller
) -> None:
    attendant = await talking()
    await attendant.presses("*1")
    await caller.hears_music()
    await attendant.presses("*1")
    await hear_each_other(caller, attendant)
    await attendant.call.hold()
    await caller.hears_music()
    await attendant.call.retrieve()
    await hear_each_other(caller, attendant)
    await caller.hangs_up()
    await attendant.is_hung_up_on()


async def test_no_key_of_the_agent_reaches_the_caller(talking: Talking, caller: Caller) -> None:
    attendant = await talking()
    await attendant.presses("*1")
    await caller.hears_music()
    await attendant.presses("*1")
    await attendant.presses("5")
    await hear_each_other(caller, attendant)
    assert caller.call.media.keys_received == ""
    await caller.hangs_up()
    await attendant.is_hung_up_on()


async def test_a_caller_is_handed_to_an_agent_and_heard_there(
    instance: Instance, talking: Talking, ready_agent: NewAgent, caller: Caller
) -> None:
    attendant = await talking()
    other = await ready_agent(8002)
    await hands_over(attendant, "*28002#")
    await attendant.is_hung_up_on()
    await caller.hears_music()
    await comes(other)
    await caller.hears_tone(THIRD_HUMS_HZ)
    await other.hears_tone(CALLER_HUMS_HZ)
    await caller.hangs_up()
    await other.is_hung_up_on()
    record = await record_of(instance.api, caller.phone.settings.user)
    [handed] = record.of_kind("person-transferred")
    assert (handed["agent"], handed["target"]) == ("8001", "agent:8002")


async def test_an_agent_who_refuses_gives_the_caller_back(
    talking: Talking, ready_agent: NewAgent, caller: Caller
) -> None:
    attendant = await talking()
    await hands_over(attendant, "*28039#")
    await caller.hears_music()
    await attendant.answers(within_s=40)
    attendant.hums(AGENT_HUMS_HZ)
    await caller.hears_tone(AGENT_HUMS_HZ, within_s=15)
    await caller.hangs_up()
    await attendant.is_hung_up_on()


async def test_a_caller_is_sent_to_the_main_menu(talking: Talking, caller: Caller) -> None:
    attendant = await talking()
    caller.falls_silent()
    await hands_over(attendant, "*29#")
    await attendant.is_hung_up_on()
    await caller.hears("menu.main", language="zh")
    await caller.hangs_up()


async def test_a_third_is_asked_first_then_joins_and_is_left_with_the_caller(
    talking: Talking, ready_agent: NewAgent, caller: Caller
) -> None:
    attendant = await talking()
    third = await ready_agent(8002)
    await attendant.presses("*38002#")
    await caller.hears_music()
    await comes(third)
    await third.hears_tone(AGENT_HUMS_HZ)
    await attendant.hears_tone(THIRD_HUMS_HZ)
    await attendant.presses("*4")
    await caller.hears_tone(AGENT_HUMS_HZ)
    await third.hears_music()
    await attendant.presses("*6")
    attendant.falls_silent()
    await caller.hears_tone(THIRD_HUMS_HZ)
    await third.hears_tone(CALLER_HUMS_HZ)
    await attendant.hangs_up()
    await asyncio.sleep(1)
    await caller.hears_tone(THIRD_HUMS_HZ)
    await third.hears_tone(CALLER_HUMS_HZ)
    await caller.hangs_up()
    await third.is_hung_up_on()


async def test_the_api_does_what_the_keys_do(
    instance: Instance, talking: Talking, ready_agent: NewAgent, caller: Caller
) -> None:
    attendant = await talking()
    third = await ready_agent(8002)
    await order(instance, 8001, "hold")
    await caller.hears_music()
    await order(instance, 8001, "retrieve")
    await hear_each_other(caller, attendant)
    await order(instance, 8001, "consult", {"to": "agent:8002"})
    await comes(third)
    await attendant.hears_tone(THIRD_HUMS_HZ)
    await order(instance, 8001, "complete")
    await attendant.is_hung_up_on()
    await caller.hears_tone(THIRD_HUMS_HZ)
    await third.hears_tone(CALLER_HUMS_HZ)
    await third.hangs_up()
    await caller.hears("rating.ask", language="zh")
    await caller.hangs_up()


async def test_a_caller_is_handed_to_a_telephone_outside(
    instance: Instance, talking: Talking, caller: Caller
) -> None:
    attendant = await talking()
    settings = PhoneSettings(user=OUTSIDE, server=instance.sip, port=instance.ports.carrier)
    async with await Phone.open(settings) as phone:
        person = Person(phone, instance.libraries)
        await hands_over(attendant, f"*20{OUTSIDE}#")
        await phone.answer(within_s=PATIENCE_S)
        person.hums(THIRD_HUMS_HZ)
        await caller.hears_tone(THIRD_HUMS_HZ)
        await person.hears_tone(CALLER_HUMS_HZ)
        await attendant.is_hung_up_on()
        await person.hangs_up()
        await caller.hears("rating.ask", language="zh")
        await caller.hangs_up()


async def test_a_busy_telephone_outside_leads_back_to_the_agent(
    instance: Instance, talking: Talking, caller: Caller
) -> None:
    attendant = await talking()
    settings = PhoneSettings(user=OUTSIDE, server=instance.sip, port=instance.ports.carrier)
    async with await Phone.open(settings) as phone:
        phone.manner = Manner.BUSY
        await hands_over(attendant, f"*20{OUTSIDE}#")
        await attendant.answers(within_s=40)
        attendant.hums(AGENT_HUMS_HZ)
        await caller.hears_tone(AGENT_HUMS_HZ, within_s=15)
        await caller.hangs_up()
        await attendant.is_hung_up_on()


async def test_a_held_caller_and_a_consultation_outlive_the_engine(
    instance: Instance, talking: Talking, ready_agent: NewAgent, caller: Caller
) -> None:
    attendant = await talking()
    third = await ready_agent(8002)
    await attendant.presses("*1")
    await caller.hears_music()
    await instance.restart_engine()
    await asyncio.sleep(1)
    await attendant.presses("*1")
    await hear_each_other(caller, attendant)
    await attendant.presses("*38002#")
    await comes(third)
    await attendant.hears_tone(THIRD_HUMS_HZ)
    await instance.restart_engine()
    await asyncio.sleep(1)
    await attendant.hears_tone(THIRD_HUMS_HZ)
    await hands_over(attendant, "*5")
    await caller.hears_tone(THIRD_HUMS_HZ)
    await third.hears_tone(CALLER_HUMS_HZ)
    await caller.hangs_up()
    await third.is_hung_up_on()


async def test_a_caller_whose_agent_vanishes_is_told_so_and_served_by_the_next(
    talking: Talking, ready_agent: NewAgent, caller: Caller
) -> None:
    attendant = await talking()
    attendant.vanishes()
    spare = await ready_agent(8002)
    await caller.hears("talk.interrupted", language="zh", within_s=30)
    await spare.answers(within_s=PATIENCE_S)
    spare.hums(THIRD_HUMS_HZ)
    await caller.hears_tone(THIRD_HUMS_HZ, within_s=15)
    assert not caller.ear.has_heard("rating.ask")
    await caller.hangs_up()
    await spare.is_hung_up_on()


async def test_a_transfer_to_a_closed_hotline_is_refused_in_words_and_over_the_api(
    instance: Instance, talking: Talking, caller: Caller
) -> None:
    attendant = await talking()
    await attendant.presses("*26#")
    await attendant.hears("talk.closed", language="zh")
    await hear_each_other(caller, attendant)
    with pytest.raises(Refused) as refusal:
        await asked(lambda: instance.api.post("/api/agents/8001/transfer", {"to": "queue:issues"}))
    assert refusal.value.status == HTTPStatus.CONFLICT
    assert "queue:issues is closed" in str(refusal.value)
    await hear_each_other(caller, attendant)
    await caller.hangs_up()
    record = await record_of(instance.api, "13900000001")
    refused = [(fact["target"], fact["reason"]) for fact in record.of_kind("transfer-refused")]
    assert refused == [("queue:issues", "closed")] * 2
