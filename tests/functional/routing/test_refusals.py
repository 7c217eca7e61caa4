"""Agents who refuse or miss callers: who is left alone, for how long, and who is not rung again."""

import time

import pytest

from ivrengine.softphone.sip.call import CallState
from ivrengine.softphone.sip.phone import Manner
from tests.functional.conftest import NewAgent, order
from tests.functional.routing.conftest import Asks
from tests.functional.routing.floors import ceases, parts, picks_up
from tests.kit.desks import comes_to_stand
from tests.kit.instance import Instance

pytestmark = [pytest.mark.functional, pytest.mark.timeout(90)]


async def test_who_refuses_a_caller_rests_then_gets_the_next_and_that_one_only_later(
    ready_agent: NewAgent, asks: Asks
) -> None:
    attendant = await ready_agent(8001)
    refused = await asks("13900000151", "refusing")
    bell = await attendant.rings()
    following = await asks("13900000152", "refusing")
    bell.refuse(603, "Decline")
    refused_at = time.monotonic()
    await picks_up(attendant, following)
    assert time.monotonic() - refused_at >= 0.4, "the agent rests first"
    await parts(following, attendant)
    await picks_up(attendant, refused)
    assert time.monotonic() - refused_at >= 1.9, "the refused caller is not offered again so soon"
    await parts(refused, attendant)


async def test_who_misses_callers_is_rung_no_more_until_ready_again(
    instance: Instance, ready_agent: NewAgent, asks: Asks
) -> None:
    attendant = await ready_agent(8001)
    caller = await asks("13900000151", "insisting")
    for _ in range(2):
        await ceases(await attendant.rings())
    await comes_to_stand(instance, 8001, "not_responding")
    await caller.waits(1.0)
    assert len(attendant.phone.calls) == 2
    assert caller.call.state is CallState.TALKING
    await order(instance, 8001, "ready")
    await picks_up(attendant, caller)
    await parts(caller, attendant)


async def test_who_answers_in_time_has_missed_nobody(
    instance: Instance, ready_agent: NewAgent, asks: Asks
) -> None:
    attendant = await ready_agent(8001)
    for number in ("13900000151", "13900000152"):
        caller = await asks(number, "insisting")
        await ceases(await attendant.rings())
        await picks_up(attendant, caller)
        await parts(caller, attendant)
    await comes_to_stand(instance, 8001, "ready")


async def test_a_busy_telephone_is_tried_again_and_the_other_agent_is_rung_meanwhile(
    ready_agent: NewAgent, asks: Asks
) -> None:
    busy = await ready_agent(8001)
    busy.phone.manner = Manner.BUSY
    other = await ready_agent(8002)
    caller = await asks("13900000151", "refusing")
    await picks_up(other, caller)
    assert not busy.phone.calls
    await parts(caller, other)


async def test_a_caller_who_hangs_up_in_the_instant_of_the_answer_leaves_the_agent_free(
    ready_agent: NewAgent, asks: Asks
) -> None:
    attendant = await ready_agent(8001)
    hasty = await asks("13900000151", "refusing")
    bell = await attendant.rings()
    bell.accept()
    await hasty.hangs_up()
    await ceases(bell)
    following = await asks("13900000152", "refusing")
    await picks_up(attendant, following)
    await parts(following, attendant)
