"""After-call work: it keeps the agent's telephone silent until it is over."""

import time

import pytest

from tests.functional.conftest import NewAgent, order
from tests.functional.routing.conftest import Asks
from tests.functional.routing.floors import comes_to_stand, parts, picks_up
from tests.kit.api import asked
from tests.kit.instance import Instance
from tests.kit.person import Agent

pytestmark = [pytest.mark.functional, pytest.mark.timeout(90)]

FIRST, NEXT = "13900000161", "13900000162"


async def begins_to_wrap_up(asks: Asks, agent: Agent) -> None:
    """A conversation that is followed by two seconds of work."""
    caller = await asks(FIRST, "noted")
    await picks_up(agent, caller)
    await parts(caller, agent)


async def test_the_next_caller_rings_when_the_time_is_over(
    ready_agent: NewAgent, asks: Asks
) -> None:
    attendant = await ready_agent(8001)
    await begins_to_wrap_up(asks, attendant)
    began = time.monotonic()
    caller = await asks(NEXT, "noted")
    await picks_up(attendant, caller)
    assert 1.7 <= time.monotonic() - began < 4.0
    await parts(caller, attendant)


async def test_an_agent_who_is_done_early_gets_the_next_caller_at_once(
    instance: Instance, ready_agent: NewAgent, asks: Asks
) -> None:
    attendant = await ready_agent(8001)
    await begins_to_wrap_up(asks, attendant)
    caller = await asks(NEXT, "noted")
    await comes_to_stand(instance, 8001, "wrap_up")
    assert len(attendant.phone.calls) == 1
    await order(instance, 8001, "end-wrap-up")
    await attendant.answers(within_s=1.0)
    await parts(caller, attendant)


async def test_more_time_is_given_until_the_agent_is_done(
    instance: Instance, ready_agent: NewAgent, asks: Asks
) -> None:
    attendant = await ready_agent(8001)
    await begins_to_wrap_up(asks, attendant)
    await order(instance, 8001, "extend-wrap-up")
    caller = await asks(NEXT, "noted")
    await caller.waits(2.5)
    assert len(attendant.phone.calls) == 1
    await order(instance, 8001, "end-wrap-up")
    await attendant.answers(within_s=1.0)
    await parts(caller, attendant)


async def test_a_supervisor_ends_it(instance: Instance, ready_agent: NewAgent, asks: Asks) -> None:
    attendant = await ready_agent(8001)
    await begins_to_wrap_up(asks, attendant)
    caller = await asks(NEXT, "noted")
    await asked(lambda: instance.api.post("/api/agents/8001/force", {"presence": "ready"}))
    await attendant.answers(within_s=1.0)
    await parts(caller, attendant)


async def test_an_agent_who_vanishes_in_it_is_not_rung_and_the_caller_comes_to_another(
    ready_agent: NewAgent, agent: NewAgent, asks: Asks
) -> None:
    doomed = await ready_agent(8001)
    await begins_to_wrap_up(asks, doomed)
    doomed.vanishes()
    caller = await asks(NEXT, "noted")
    await caller.hears_music()
    other = await ready_agent(8002)
    await picks_up(other, caller)
    await parts(caller, other)
