"""Where callers go who are not to wait: full, slow, unstaffed and closed queues."""

import asyncio
import time

import pytest

from tests.functional.conftest import NewAgent, order
from tests.functional.routing.conftest import Asks
from tests.functional.routing.floors import comes_to_wait, parts, picks_up
from tests.kit.instance import Instance
from tests.kit.walks import hear_each_other

pytestmark = [pytest.mark.functional, pytest.mark.timeout(90)]

FIRST, SECOND, THIRD = "13900000141", "13900000142", "13900000143"


async def test_one_caller_too_many_goes_on_and_a_freed_place_is_taken(
    instance: Instance, ready_agent: NewAgent, agent: NewAgent, asks: Asks
) -> None:
    attendant, spare = await agent(8001), await ready_agent(8006)
    await order(instance, 8001, "login")
    first = await asks(FIRST, "small")
    await first.hears_music()
    second = await asks(SECOND, "small")
    await picks_up(spare, second)
    await parts(second, spare)
    await first.hangs_up()
    third = await asks(THIRD, "small")
    await third.hears_music()
    assert len(spare.phone.calls) == 1
    await order(instance, 8001, "ready")
    await picks_up(attendant, third)
    await parts(third, attendant)


async def test_one_caller_too_many_is_told_so_where_no_other_queue_takes_over(
    instance: Instance, agent: NewAgent, asks: Asks
) -> None:
    await agent(8001)
    await order(instance, 8001, "login")
    first = await asks(FIRST, "tiny")
    await first.hears_music()
    second = await asks(SECOND, "tiny")
    await second.hears("queue.full", language="zh", to_the_end=True)
    await second.is_hung_up_on()
    await first.hangs_up()


async def test_a_long_wait_leads_to_the_other_queue_in_the_place_that_was_earned(
    instance: Instance, agent: NewAgent, waits: Asks
) -> None:
    spare = await agent(8006)
    await agent(8001)
    for number in (8001, 8006):
        await order(instance, number, "login")
    early = await waits(FIRST, "hasty")
    late = await waits(SECOND, "spare")
    await comes_to_wait(instance, early, "spare")
    await order(instance, 8006, "ready")
    await picks_up(spare, early)
    await parts(early, spare)
    await picks_up(spare, late)
    await parts(late, spare)


async def test_nobody_is_sent_to_a_queue_without_agents(
    instance: Instance, agent: NewAgent, asks: Asks
) -> None:
    attendant = await agent(8001)
    await order(instance, 8001, "login")
    caller = await asks(FIRST, "hasty")
    await caller.waits(2.0)
    await order(instance, 8001, "ready")
    await picks_up(attendant, caller)
    await parts(caller, attendant)


async def test_a_long_wait_ends_in_words_where_no_other_queue_takes_over(
    instance: Instance, agent: NewAgent, waits: Asks
) -> None:
    await agent(8001)
    await order(instance, 8001, "login")
    began = time.monotonic()
    caller = await waits(FIRST, "brief")
    told = await caller.hears("queue.overflowed", language="zh", to_the_end=True)
    assert told.began_at - began >= 1.5
    await caller.is_hung_up_on()


async def test_who_would_have_to_wait_too_long_does_not_begin_to(
    ready_agent: NewAgent, asks: Asks
) -> None:
    attendant, spare = await ready_agent(8001), await ready_agent(8006)
    first = await asks(FIRST, "foreseen")
    await picks_up(attendant, first)
    second = await asks(SECOND, "foreseen")
    # Less than the wait that is too long.
    await spare.answers(within_s=7.0)
    await hear_each_other(second, spare)
    await parts(second, spare)
    await parts(first, attendant)


async def test_the_last_agent_who_goes_sends_on_those_who_wait_and_those_who_come(
    instance: Instance, ready_agent: NewAgent, agent: NewAgent, asks: Asks
) -> None:
    spare = await ready_agent(8006)
    await agent(8001)
    await order(instance, 8001, "login")
    waiting = await asks(FIRST, "staffed")
    await waiting.hears_music()
    assert not spare.phone.calls
    await order(instance, 8001, "logout")
    await picks_up(spare, waiting)
    await parts(waiting, spare)
    coming = await asks(SECOND, "staffed")
    await picks_up(spare, coming)
    await parts(coming, spare)


async def test_the_only_agent_who_dies_ringing_and_logs_out_leaves_the_caller_to_the_other_queue(
    instance: Instance, ready_agent: NewAgent, asks: Asks
) -> None:
    spare, doomed = await ready_agent(8006), await ready_agent(8001)
    caller = await asks(FIRST, "staffed")
    await doomed.rings()
    doomed.vanishes()
    await order(instance, 8001, "logout")
    await picks_up(spare, caller)
    await parts(caller, spare)


async def test_a_closed_queue_sends_callers_on_though_its_agents_are_there(
    ready_agent: NewAgent, asks: Asks
) -> None:
    attendant, spare = await ready_agent(8001), await ready_agent(8006)
    caller = await asks(FIRST, "shut")
    await picks_up(spare, caller)
    assert not attendant.phone.calls
    await parts(caller, spare)


async def test_where_nobody_is_anywhere_callers_are_told_why(asks: Asks) -> None:
    async def is_told(number: str, queue: str, prompt: str) -> None:
        caller = await asks(number, queue)
        await caller.hears(prompt, language="zh", to_the_end=True)
        await caller.is_hung_up_on()

    await asyncio.gather(
        is_told(FIRST, "plain", "queue.nobody"),
        is_told(SECOND, "staffed", "queue.nobody"),
        is_told(THIRD, "shut", "queue.closed"),
        is_told("13900000144", "shut-alone", "queue.closed"),
    )
