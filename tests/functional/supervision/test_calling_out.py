"""An agent at a real telephone calls one outside, judged by ear."""

import asyncio
from typing import Final

import pytest

from tests.functional.conftest import NewAgent
from tests.functional.supervision.conftest import NewOutsider
from tests.kit.api import asked
from tests.kit.desks import comes_to_stand
from tests.kit.instance import Instance
from tests.kit.recordings import downloaded, seconds_with
from tests.kit.records import record_of
from tests.kit.walks import AGENT_HUMS_HZ, CALLER_HUMS_HZ, PATIENCE_S, hear_each_other

pytestmark = [pytest.mark.functional, pytest.mark.timeout(120)]

NUMBER: Final = "13900000077"


async def test_an_agent_calls_out_is_recorded_and_wraps_up(
    instance: Instance, ready_agent: NewAgent, outsider: NewOutsider
) -> None:
    attendant, customer = await ready_agent(8001), await outsider(NUMBER)
    dialling = asyncio.ensure_future(attendant.dials(f"0{NUMBER}", within_s=PATIENCE_S))
    await customer.answers(within_s=PATIENCE_S)
    await customer.hears("outbound.consent", language="zh", to_the_end=True)
    await dialling
    await hear_each_other(customer, attendant)
    await asyncio.sleep(1.5)
    customer.falls_silent()
    attendant.falls_silent()
    await attendant.presses("*1")
    await customer.hears_music()
    await attendant.presses("*1")
    await hear_each_other(customer, attendant)
    await customer.hangs_up()
    await attendant.is_hung_up_on()
    await comes_to_stand(instance, 8001, "wrap_up")
    record = await record_of(instance.api, NUMBER)
    (admitted,) = record.of_kind("call-admitted")
    assert admitted["outgoing"] is True
    assert record.of_kind("called-out")[0]["agent"] == "8001"
    (kept,) = record.of_kind("recording-kept")
    sound = await downloaded(instance.api, str(kept["recording"]))
    assert seconds_with(sound, AGENT_HUMS_HZ, CALLER_HUMS_HZ) > 1.0


async def test_a_busy_telephone_and_an_emergency_number_are_told_in_words(
    ready_agent: NewAgent, outsider: NewOutsider
) -> None:
    attendant, customer = await ready_agent(8001), await outsider(NUMBER)
    dialling = asyncio.ensure_future(attendant.dials(f"0{NUMBER}", within_s=PATIENCE_S))
    await customer.rejects(status=486, within_s=PATIENCE_S)
    await dialling
    await attendant.hears("outbound.busy", language="zh", to_the_end=True)
    await attendant.is_hung_up_on()
    await attendant.dials("0110")
    await attendant.hears("outbound.emergency", language="zh", to_the_end=True)
    await attendant.is_hung_up_on()


async def test_by_order_of_the_api_the_agents_telephone_rings_first(
    instance: Instance, ready_agent: NewAgent, outsider: NewOutsider
) -> None:
    attendant, customer = await ready_agent(8001), await outsider(NUMBER)
    await asked(lambda: instance.api.post("/api/agents/8001/call", {"number": NUMBER}))
    await attendant.answers(within_s=PATIENCE_S)
    await customer.answers(within_s=PATIENCE_S)
    await customer.hears("outbound.consent", language="zh", to_the_end=True)
    await hear_each_other(customer, attendant)
    await attendant.hangs_up()
    await customer.is_hung_up_on()
