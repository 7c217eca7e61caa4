"""A supervisor at a real telephone listens, whispers, barges in and takes over, judged by ear."""

import asyncio
from typing import Final

import pytest

from ivrengine.softphone.hearing.ear import NotHeard
from tests.functional.conftest import NewAgent
from tests.kit.instance import Instance
from tests.kit.person import Agent, Caller, Person
from tests.kit.recordings import downloaded, seconds_with
from tests.kit.records import record_of
from tests.kit.walks import PATIENCE_S, hear_each_other, waits_for_trading

pytestmark = [pytest.mark.functional, pytest.mark.timeout(120)]

SUPERVISOR: Final = 8033
SUPERVISOR_HUMS_HZ: Final = 700.0
SILENCE_S: Final = 1.5


async def talk(caller: Caller, attendant: Agent) -> None:
    """Caller and agent come to hear each other, and fall silent."""
    await waits_for_trading(caller)
    await attendant.answers(within_s=PATIENCE_S)
    await hear_each_other(caller, attendant)
    caller.falls_silent()
    attendant.falls_silent()


async def observes(supervisor: Agent, code: str, prompt: str) -> None:
    """The supervisor dials a code and hears what it does."""
    await supervisor.dials(code)
    await supervisor.hears(prompt, language="zh", to_the_end=True)
    await asyncio.sleep(0.5)


async def hums_to(
    person: Person, hz: float, *, heard_by: list[Person], not_by: list[Person]
) -> None:
    """Somebody hums, and exactly those hear it who should."""
    await asyncio.sleep(0.5)
    for each in [*heard_by, *not_by]:
        each.ear.skip_to_now()
    person.hums(hz)
    await asyncio.gather(
        *(each.hears_tone(hz) for each in heard_by),
        *(each.hears_nothing_for(SILENCE_S) for each in not_by),
        asyncio.sleep(SILENCE_S),
    )
    person.falls_silent()


async def test_whoever_listens_is_not_noticed(
    caller: Caller, ready_agent: NewAgent, agent: NewAgent
) -> None:
    attendant, supervisor = await ready_agent(8001), await agent(SUPERVISOR)
    await talk(caller, attendant)
    await observes(supervisor, "*208001", "observe.listening")
    await hums_to(caller, 1000.0, heard_by=[attendant, supervisor], not_by=[])
    await hums_to(attendant, 440.0, heard_by=[caller, supervisor], not_by=[])
    await hums_to(supervisor, SUPERVISOR_HUMS_HZ, heard_by=[], not_by=[caller, attendant])
    await supervisor.hangs_up()
    await hums_to(caller, 1000.0, heard_by=[attendant], not_by=[])


async def test_keys_lead_from_listening_to_whispering_and_to_barging_in(
    instance: Instance, caller: Caller, ready_agent: NewAgent, agent: NewAgent
) -> None:
    attendant, supervisor = await ready_agent(8001), await agent(SUPERVISOR)
    await talk(caller, attendant)
    await observes(supervisor, "*208001", "observe.listening")
    await supervisor.presses("1")
    await supervisor.hears("observe.whispering", language="zh", to_the_end=True)
    await hums_to(supervisor, SUPERVISOR_HUMS_HZ, heard_by=[attendant], not_by=[caller])
    await supervisor.presses("2")
    await supervisor.hears("observe.barged_in", language="zh", to_the_end=True)
    await hums_to(supervisor, SUPERVISOR_HUMS_HZ, heard_by=[attendant, caller], not_by=[])
    await hums_to(caller, 1000.0, heard_by=[attendant, supervisor], not_by=[])
    await caller.hangs_up()
    await supervisor.hears("observe.talk_over", language="zh")
    await supervisor.hangs_up()
    record = await record_of(instance.api, "13900000001")
    taken = [
        (fact["supervisor"], fact["agent"], fact["mode"])
        for fact in record.of_kind("observation-ended")
    ]
    assert taken == [("8033", "8001", mode) for mode in ("listen", "whisper", "barge-in")]
    (kept,) = record.of_kind("recording-kept")
    sound = await downloaded(instance.api, str(kept["recording"]))
    # Of what the supervisor said, the recording holds what the caller heard too.
    assert 1.0 < seconds_with(sound, SUPERVISOR_HUMS_HZ) < 2 * SILENCE_S


async def test_whoever_takes_over_serves_and_the_agent_is_let_go(
    instance: Instance, caller: Caller, ready_agent: NewAgent, agent: NewAgent
) -> None:
    attendant, supervisor = await ready_agent(8001), await agent(SUPERVISOR)
    await talk(caller, attendant)
    await observes(supervisor, "*238001", "observe.taken_over")
    await attendant.is_hung_up_on()
    await hear_each_other(caller, supervisor)
    await supervisor.hangs_up()
    await caller.hears("rating.ask", language="zh")
    await caller.hangs_up()
    record = await record_of(instance.api, "13900000001")
    assert [fact["mode"] for fact in record.of_kind("observation-ended")] == ["take-over"]


async def test_the_agents_next_conversation_is_heard_too(
    caller: Caller, ready_agent: NewAgent, agent: NewAgent
) -> None:
    attendant, supervisor = await ready_agent(8001), await agent(SUPERVISOR)
    await supervisor.dials("*208001")
    await supervisor.hears("observe.waiting", language="zh", to_the_end=True)
    await talk(caller, attendant)
    await supervisor.hears("observe.listening", language="zh", to_the_end=True)
    await hums_to(caller, 1000.0, heard_by=[attendant, supervisor], not_by=[])
    await supervisor.hangs_up()


async def test_an_agent_who_is_no_supervisor_hears_a_refusal(
    caller: Caller, ready_agent: NewAgent, agent: NewAgent
) -> None:
    attendant, nosy = await ready_agent(8001), await agent(8002)
    await talk(caller, attendant)
    await nosy.dials("*208001")
    await nosy.hears("observe.not_allowed", language="zh", to_the_end=True)
    await nosy.is_hung_up_on()
    with pytest.raises(NotHeard):
        await nosy.hears_tone(1000.0, within_s=0.5)
