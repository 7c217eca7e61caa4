"""What agents dial from their own telephones: feature codes, each heard, and each other."""

import asyncio

import pytest

from ivrengine.softphone.sip.phone import CallRefused
from tests.functional.conftest import NewAgent
from tests.kit.api import asked
from tests.kit.instance import Instance
from tests.kit.person import Agent
from tests.kit.walks import hear_each_other

pytestmark = [pytest.mark.functional, pytest.mark.timeout(120)]


async def state_of(instance: Instance, number: str) -> str:
    agents = await asked(lambda: instance.api.get("/api/agents"))
    return next(str(agent["state"]) for agent in agents if agent["number"] == number)


async def hears_after(agent: Agent, code: str, *prompts: str) -> None:
    """Dials a code, hears these prompts whole and nothing else, and is hung up on."""
    said = await agent.dials_code(code)
    heard = [line.split("zh ")[1].split()[0] for line in said.splitlines() if "zh " in line]
    assert heard == list(prompts), said
    assert said.count("whole") == len(prompts), said


async def test_an_agents_day_by_feature_codes(instance: Instance, agent: NewAgent) -> None:
    attendant = await agent(8001)
    await hears_after(attendant, "*15", "agent.state.logged_out")
    await hears_after(attendant, "*11", "agent.refused")
    await hears_after(attendant, "*10", "agent.logged_in")
    await hears_after(attendant, "*15", "agent.state.not_ready")
    await hears_after(attendant, "*11", "agent.ready")
    assert await state_of(instance, "8001") == "ready"
    await hears_after(attendant, "*15", "agent.state.ready")
    await hears_after(attendant, "*122", "agent.not_ready", "agent.reason.2")
    assert await state_of(instance, "8001") == "not_ready"
    await hears_after(attendant, "*15", "agent.state.not_ready", "agent.reason.2")
    await hears_after(attendant, "*14", "agent.refused")
    await hears_after(attendant, "*13", "agent.logged_out")
    assert await state_of(instance, "8001") == "logged_out"
    await hears_after(attendant, "*19", "agent.unknown_code")


async def test_the_reason_may_be_keyed_when_asked_for(
    instance: Instance, ready_agent: NewAgent
) -> None:
    attendant = await ready_agent(8001)
    await attendant.dials("*12")
    await attendant.hears("agent.ask_reason", language="zh")
    await attendant.presses("3")
    await attendant.hears("agent.not_ready", language="zh", to_the_end=True)
    await attendant.hears("agent.reason.3", language="zh", to_the_end=True)
    await attendant.is_hung_up_on()
    assert await state_of(instance, "8001") == "not_ready"


async def test_agents_call_each_other(agent: NewAgent) -> None:
    calling, called = await agent(8001), await agent(8002)
    await asyncio.gather(calling.dials("8002"), called.answers())
    await hear_each_other(calling, called)
    await called.hangs_up()
    await calling.is_hung_up_on()


async def test_an_agent_reaches_nobody_outside(agent: NewAgent) -> None:
    attendant = await agent(8001)
    with pytest.raises(CallRefused):
        await attendant.dials("952588")
    with pytest.raises(CallRefused):
        await attendant.dials("13900000001")
