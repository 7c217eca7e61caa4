"""Which of several callers is served first: classes, ageing, places that are kept."""

import pytest

from ivrengine.softphone.sip.call import CallState
from tests.functional.conftest import NewAgent, order
from tests.functional.routing.conftest import Asks
from tests.functional.routing.floors import ceases, parts, picks_up
from tests.kit.instance import Instance

pytestmark = [pytest.mark.functional, pytest.mark.timeout(90)]

TRADER = "13800100002"


async def test_a_trader_goes_before_an_ordinary_caller_who_waits_longer(
    instance: Instance, agent: NewAgent, waits: Asks
) -> None:
    attendant = await agent(8001)
    await order(instance, 8001, "login")
    ordinary = await waits("13900000121", "plain")
    trader = await waits(TRADER, "plain")
    await order(instance, 8001, "ready")
    await picks_up(attendant, trader)
    assert ordinary.call.state is CallState.TALKING
    await parts(trader, attendant)
    await picks_up(attendant, ordinary)
    await parts(ordinary, attendant)


async def test_the_next_is_served_when_the_foremost_hangs_up_while_it_rings(
    instance: Instance, agent: NewAgent, waits: Asks
) -> None:
    attendant = await agent(8001)
    await order(instance, 8001, "login")
    foremost = await waits(TRADER, "plain")
    ordinary = await waits("13900000121", "plain")
    await order(instance, 8001, "ready")
    bell = await attendant.rings()
    await foremost.hangs_up()
    await ceases(bell)
    await picks_up(attendant, ordinary)
    await parts(ordinary, attendant)


async def test_who_has_waited_long_stands_before_a_better_class_that_came_later(
    instance: Instance, agent: NewAgent, waits: Asks
) -> None:
    attendant = await agent(8001)
    await order(instance, 8001, "login")
    patient = await waits("13900000122", "ageing")
    await patient.waits(1.9)
    trader = await waits(TRADER, "ageing")
    fresh = await waits("13900000123", "ageing")
    await order(instance, 8001, "ready")
    for caller in (patient, trader, fresh):
        await picks_up(attendant, caller)
        await parts(caller, attendant)


async def test_who_has_not_aged_yet_stands_behind_the_better_class(
    instance: Instance, agent: NewAgent, waits: Asks
) -> None:
    attendant = await agent(8001)
    await order(instance, 8001, "login")
    fresh = await waits("13900000123", "ageing-slowly")
    trader = await waits(TRADER, "ageing-slowly")
    await order(instance, 8001, "ready")
    await picks_up(attendant, trader)
    await parts(trader, attendant)
    await picks_up(attendant, fresh)
    await parts(fresh, attendant)


async def test_whom_an_agent_hands_to_a_queue_stands_before_those_who_came_later(
    instance: Instance, ready_agent: NewAgent, agent: NewAgent, asks: Asks
) -> None:
    attendant = await ready_agent(8001)
    handed = await asks("13900000124", "plain")
    await picks_up(attendant, handed)
    other = await agent(8006)
    await order(instance, 8006, "login")
    later = await asks("13900000125", "staffed")
    await order(instance, 8001, "logout")
    await later.hears_music()
    handed.ear.skip_to_now()
    await order(instance, 8001, "transfer", {"to": "queue:spare"})
    await attendant.is_hung_up_on()
    await handed.hears_music()
    await order(instance, 8006, "ready")
    await picks_up(other, handed)
    assert later.call.state is CallState.TALKING
    await parts(handed, other)
    await picks_up(other, later)
    await parts(later, other)
