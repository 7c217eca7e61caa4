"""The engine is killed while supervisors and agents who called out are on the line."""

import asyncio
from typing import Final

import pytest

from tests.functional.conftest import NewAgent
from tests.functional.supervision.conftest import NewOutsider
from tests.kit.instance import Instance
from tests.kit.person import Agent, Caller
from tests.kit.records import record_of
from tests.kit.walks import PATIENCE_S, hear_each_other, waits_for_trading

pytestmark = [pytest.mark.functional, pytest.mark.timeout(150)]

SUPERVISOR: Final = 8033
CUSTOMER: Final = "13900000077"


async def talk(caller: Caller, attendant: Agent) -> None:
    """Caller and agent come to hear each other."""
    await waits_for_trading(caller)
    await attendant.answers(within_s=PATIENCE_S)
    await hear_each_other(caller, attendant)


async def engine_dies(instance: Instance) -> None:
    """The engine is killed, and another one has found everybody."""
    mark = instance.log.mark()
    await instance.restart_engine()
    await instance.log.tells("reconciled", since=mark)


async def test_whoever_listened_is_released_and_the_talk_goes_on(
    instance: Instance, caller: Caller, ready_agent: NewAgent, agent: NewAgent
) -> None:
    attendant, supervisor = await ready_agent(8001), await agent(SUPERVISOR)
    await talk(caller, attendant)
    await supervisor.dials("*228001")
    await supervisor.hears("observe.barged_in", language="zh", to_the_end=True)
    await engine_dies(instance)
    await supervisor.is_hung_up_on()
    await hear_each_other(caller, attendant)
    await caller.hangs_up()
    record = await record_of(instance.api, "13900000001")
    assert [fact["mode"] for fact in record.of_kind("observation-ended")] == ["barge-in"]
    assert record.fields["ended_by"] == "caller"


async def test_a_caller_stays_with_whoever_took_over(
    instance: Instance, caller: Caller, ready_agent: NewAgent, agent: NewAgent
) -> None:
    attendant, supervisor = await ready_agent(8001), await agent(SUPERVISOR)
    await talk(caller, attendant)
    await supervisor.dials("*238001")
    await attendant.is_hung_up_on()
    await hear_each_other(caller, supervisor)
    await engine_dies(instance)
    await hear_each_other(caller, supervisor)
    await caller.hangs_up()
    await supervisor.is_hung_up_on()


async def test_an_agent_who_called_out_goes_on_talking(
    instance: Instance, ready_agent: NewAgent, outsider: NewOutsider
) -> None:
    attendant, customer = await ready_agent(8001), await outsider(CUSTOMER)
    dialling = asyncio.ensure_future(attendant.dials(f"0{CUSTOMER}", within_s=PATIENCE_S))
    await customer.answers(within_s=PATIENCE_S)
    await dialling
    await hear_each_other(customer, attendant)
    await engine_dies(instance)
    await hear_each_other(customer, attendant)
    await attendant.presses("*1")
    await customer.hears_music()
    await attendant.presses("*1")
    await hear_each_other(customer, attendant)
    await attendant.hangs_up()
    await customer.is_hung_up_on()
    record = await record_of(instance.api, CUSTOMER)
    assert record.fields["outcome"] == "answered"
    assert record.fields["ended_by"] == "agent"
