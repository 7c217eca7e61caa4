"""After-call work: it keeps the agent's telephone silent until it is over."""

import time

import pytest

from tests.functional.conftest import NewAgent, order
from tests.functional.routing.conftest import Asks
from tests.functional.routing.floors import parts, picks_up
from tests.kit.api import asked
from tests.kit.desks import comes_to_stand
from tests.kit.instance import Instance
from tests.kit.person import Agent
from tests.kit.walks import hear_each_other

pytestmark = [pytest.mark.functional, pytest.mark.timeout(90)]

FIRST, NEXT = "13900000161", "13900000162"
WRAP_UP_S = 2.0
"""After conversations of the queue `noted`."""
AT_LENGTH = "noted-at-length"
"""Whose after-call work outlasts any of these tests."""


async def begins_to_wrap_up(asks: Asks, agent: Agent, queue: str = "noted") -> float:
    """A conversation that is followed by work; the monotonic moment just before its end."""
    caller = await asks(FIRST, queue)
    await picks_up(agent, caller)
    over = time.monotonic()
    await parts(caller, agent)
    return over


async def test_the_next_caller_rings_when_the_time_is_over(
    ready_agent: NewAgent, asks: Asks
) -> None:
    attendant = await ready_agent(8001)
    over = await begins_to_wrap_up(asks, attendant)
    caller = await asks(NEXT, "noted")
    bell = await attendant.rings()
    assert time.monotonic() - over >= WRAP_UP_S
    bell.accept()
    await hear_each_other(caller, attendant)
    await parts(caller, attendant)


async def test_an_agent_who_is_done_early_gets_the_next_caller_at_once(
    instance: Instance, ready_agent: NewAgent, asks: Asks, waits: Asks
) -> None:
    attendant = await ready_agent(8001)
    await begins_to_wrap_up(asks, attendant, AT_LENGTH)
    caller = await waits(NEXT, AT_LENGTH)
    await comes_to_stand(instance, 8001, "wrap_up")
    assert len(attendant.phone.calls) == 1
    await order(instance, 8001, "end-wrap-up")
    await picks_up(attendant, caller)
    await parts(caller, attendant)


async def test_more_time_is_given_until_the_agent_is_done(
    instance: Instance, ready_agent: NewAgent, asks: Asks
) -> None:
    attendant = await ready_agent(8001)
    await begins_to_wrap_up(asks, attendant)
    await order(instance, 8001, "extend-wrap-up")
    caller = await asks(NEXT, "noted")
    await caller.waits(WRAP_UP_S + 0.5)
    assert len(attendant.phone.calls) == 1
    await order(instance, 8001, "end-wrap-up")
    await picks_up(attendant, caller)
    await parts(caller, attendant)


async def test_a_supervisor_ends_it(
    instance: Instance, ready_agent: NewAgent, asks: Asks, waits: Asks
) -> None:
    attendant = await ready_agent(8001)
    await begins_to_wrap_up(asks, attendant, AT_LENGTH)
    caller = await waits(NEXT, AT_LENGTH)
    await asked(lambda: instance.api.post("/api/agents/8001/force", {"presence": "ready"}))
    await picks_up(attendant, caller)
    await parts(caller, attendant)


async def test_an_agent_who_vanishes_in_it_is_not_rung_and_the_caller_comes_to_another(
    ready_agent: NewAgent, asks: Asks, waits: Asks
) -> None:
    doomed = await ready_agent(8001)
    await begins_to_wrap_up(asks, doomed, AT_LENGTH)
    doomed.vanishes()
    caller = await waits(NEXT, AT_LENGTH)
    other = await ready_agent(8002)
    await picks_up(other, caller)
    await parts(caller, other)
