"""Whose telephone rings, and whose does not: skills, steps, and whom a caller had rather."""

import time

import pytest

from ivrengine.softphone.sip.call import CallState
from tests.functional.conftest import NewAgent, order
from tests.functional.routing.conftest import Asks
from tests.functional.routing.floors import becomes_shortest_idle, parts, picks_up
from tests.kit.instance import Instance
from tests.kit.walks import hear_each_other

pytestmark = [pytest.mark.functional, pytest.mark.timeout(90)]

TRADER_OF_SUZHOU = "13800100001"
STRANGER = "13900000101"


async def test_the_agent_with_the_skill_is_rung_and_the_longer_idle_one_without_is_not(
    ready_agent: NewAgent, asks: Asks
) -> None:
    able_a_little, able = await ready_agent(8002), await ready_agent(8001)
    caller = await asks(STRANGER, "experts")
    await picks_up(able, caller)
    assert not able_a_little.phone.calls
    await parts(caller, able)


async def test_whoever_is_what_must_not_be_is_never_rung(ready_agent: NewAgent, asks: Asks) -> None:
    trainee = await ready_agent(8003)
    caller = await asks(STRANGER, "experts")
    await caller.hears_music()
    await caller.waits(2.0)
    assert not trainee.phone.calls, "the steps relaxed, the trainee is one still"
    able = await ready_agent(8001)
    await picks_up(able, caller)
    assert not trainee.phone.calls
    await parts(caller, able)


async def test_time_makes_do_with_less_skill(ready_agent: NewAgent, waits: Asks) -> None:
    able_a_little = await ready_agent(8002)
    began = time.monotonic()
    caller = await waits(STRANGER, "experts")
    await picks_up(able_a_little, caller)
    assert time.monotonic() - began >= 1.5
    await parts(caller, able_a_little)


async def test_nobody_is_rung_for_a_caller_who_left_before_the_step(
    ready_agent: NewAgent, waits: Asks
) -> None:
    able_a_little = await ready_agent(8002)
    caller = await waits(STRANGER, "experts")
    await caller.hangs_up()
    await caller.waits(2.0)
    assert not able_a_little.phone.calls


async def test_a_caller_comes_to_the_agent_of_last_time(
    instance: Instance, ready_agent: NewAgent, asks: Asks
) -> None:
    known = await ready_agent(8002)
    first = await asks("13900000111", "regulars")
    await picks_up(known, first)
    await parts(first, known)
    other = await ready_agent(8001)
    await becomes_shortest_idle(instance, 8002)
    again = await asks("13900000111", "regulars")
    await picks_up(known, again)
    assert not other.phone.calls
    await parts(again, known)


async def test_the_agent_of_last_time_is_waited_for_only_while_there_and_not_for_long(
    instance: Instance, ready_agent: NewAgent, asks: Asks
) -> None:
    known = await ready_agent(8002)
    first = await asks("13900000112", "regulars")
    await picks_up(known, first)
    await parts(first, known)
    other = await ready_agent(8001)
    await order(instance, 8002, "not-ready", {"reason": "break"})
    began = time.monotonic()
    again = await asks("13900000112", "regulars")
    await picks_up(other, again)
    assert time.monotonic() - began >= 1.5
    await parts(again, other)
    # 8001 is the one of last time by now.
    await order(instance, 8001, "logout")
    await order(instance, 8002, "ready")
    once_more = await asks("13900000112", "devoted")
    # Less than the queue keeps a caller for the agent of last time.
    await known.answers(within_s=10.0)
    await hear_each_other(once_more, known)
    await parts(once_more, known)


async def test_a_customer_comes_to_the_own_branch_and_a_stranger_to_anybody(
    ready_agent: NewAgent, asks: Asks
) -> None:
    headquarters, branch = await ready_agent(8001), await ready_agent(8004)
    customer = await asks(TRADER_OF_SUZHOU, "branches")
    await picks_up(branch, customer)
    assert not headquarters.phone.calls
    stranger = await asks(STRANGER, "branches")
    await picks_up(headquarters, stranger)
    await parts(customer, branch)
    await parts(stranger, headquarters)


async def test_headquarters_serve_whom_the_branch_keeps_waiting(
    instance: Instance, ready_agent: NewAgent, waits: Asks
) -> None:
    headquarters, branch = await ready_agent(8001), await ready_agent(8004)
    await order(instance, 8004, "not-ready", {"reason": "break"})
    began = time.monotonic()
    customer = await waits(TRADER_OF_SUZHOU, "branches")
    await picks_up(headquarters, customer)
    assert time.monotonic() - began >= 1.5
    assert not branch.phone.calls
    await parts(customer, headquarters)


async def test_when_the_branch_refuses_headquarters_are_rung_once_the_time_is_over(
    ready_agent: NewAgent, asks: Asks
) -> None:
    headquarters, branch = await ready_agent(8001), await ready_agent(8004)
    customer = await asks(TRADER_OF_SUZHOU, "branches")
    await branch.rejects()
    await picks_up(headquarters, customer)
    assert customer.call.state is CallState.TALKING
    await parts(customer, headquarters)
