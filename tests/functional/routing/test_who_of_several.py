"""Which of several free agents is rung, by each rule of choosing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from ivrengine.softphone.sip.call import CallState
from ivrengine.softphone.sip.incoming import IncomingCall
from tests.functional.conftest import NewAgent
from tests.functional.routing.conftest import Asks
from tests.functional.routing.floors import (
    becomes_shortest_idle,
    ceases,
    parts,
    picks_up,
)
from tests.kit.desks import comes_to_stand
from tests.kit.instance import Instance
from tests.kit.person import Agent
from tests.kit.walks import PATIENCE_S, hear_each_other

pytestmark = [pytest.mark.functional, pytest.mark.timeout(90)]

IsServed = Callable[..., Awaitable[None]]
"""`await is_served("fewest", agent, talk_s=2.0)`."""


@pytest.fixture
def is_served(instance: Instance, asks: Asks) -> IsServed:
    """A caller comes, is served by this agent and goes, and the agent is free again."""

    async def serve(queue: str, agent: Agent, *, talk_s: float = 0.0) -> None:
        caller = await asks("13900000131", queue)
        await picks_up(agent, caller)
        await caller.waits(talk_s)
        await parts(caller, agent)
        await comes_to_stand(instance, int(agent.phone.settings.user), "ready")

    return serve


async def test_the_most_skilled_is_rung_and_the_next_when_that_one_refuses(
    ready_agent: NewAgent, asks: Asks
) -> None:
    able_a_little, able = await ready_agent(8002), await ready_agent(8001)
    caller = await asks("13900000131", "best")
    await able.rejects()
    await picks_up(able_a_little, caller)
    assert [call.end is not None for call in able.phone.calls] == [True]
    await parts(caller, able_a_little)


async def test_agents_take_turns_however_long_they_were_idle(
    instance: Instance, ready_agent: NewAgent, asks: Asks
) -> None:
    resting = [await ready_agent(number) for number in (8001, 8002, 8003)]
    while resting:
        caller = await asks("13900000131", "turns")
        agent = await whoever_rings(resting)
        await picks_up(agent, caller)
        await parts(caller, agent)
        resting.remove(agent)
        # By the time they were idle, whoever was rung now would be rung again.
        for other in resting:
            await becomes_shortest_idle(instance, int(other.phone.settings.user))


async def whoever_rings(agents: Sequence[Agent]) -> Agent:
    """One of these agents is rung, and nobody else."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            rung = [agent for agent in agents if agent.phone.calls and agent.call.end is None]
            if rung:
                [agent] = rung
                return agent
            await asyncio.sleep(0.02)


async def test_who_had_the_fewest_calls_is_rung(
    instance: Instance, ready_agent: NewAgent, is_served: IsServed
) -> None:
    one, two = await ready_agent(8001), await ready_agent(8002)
    await is_served("fewest", one)
    await becomes_shortest_idle(instance, 8002)
    await is_served("fewest", two)
    assert len(one.phone.calls) == 1


async def test_who_was_busy_for_the_shortest_time_is_rung(
    ready_agent: NewAgent, is_served: IsServed
) -> None:
    one = await ready_agent(8001)
    await is_served("least", one, talk_s=2.0)
    two = await ready_agent(8002)
    await is_served("least", two)
    # 8002 had as many calls, was idle for a shorter time, and had the last turn.
    await is_served("least", two)
    assert len(one.phone.calls) == 1


async def test_all_are_rung_and_the_first_who_answers_silences_the_others(
    ready_agent: NewAgent, asks: Asks
) -> None:
    one, two, three = [await ready_agent(number) for number in (8001, 8002, 8003)]
    caller = await asks("13900000131", "everybody")
    bells = [await agent.rings() for agent in (one, two, three)]
    bells[1].accept()
    for bell in (bells[0], bells[2]):
        await ceases(bell)
    await hear_each_other(caller, two)
    await parts(caller, two)


async def one_ends_of(calls: Sequence[IncomingCall]) -> None:
    """Waits until not all of these are up any more."""
    async with asyncio.timeout(PATIENCE_S):
        while all(call.end is None for call in calls):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_of_two_who_answer_in_the_same_instant_one_is_joined_and_the_other_is_free_at_once(
    ready_agent: NewAgent, asks: Asks
) -> None:
    one, two = await ready_agent(8001), await ready_agent(8002)
    caller = await asks("13900000131", "everybody")
    bells = {agent: await agent.rings() for agent in (one, two)}
    for bell in bells.values():
        bell.accept()
    await one_ends_of(list(bells.values()))
    [winner] = [agent for agent, bell in bells.items() if bell.state is CallState.TALKING]
    [loser] = [agent for agent in bells if agent is not winner]
    assert bells[loser].end is not None
    await hear_each_other(caller, winner)
    # Who lost is neither resting nor left alone: the next caller rings there at once.
    following = await asks("13900000132", "everybody")
    await picks_up(loser, following)
    await parts(caller, winner)
    await parts(following, loser)


async def test_a_telephone_that_dies_while_all_ring_keeps_nobody_from_answering(
    ready_agent: NewAgent, asks: Asks
) -> None:
    doomed, other = await ready_agent(8001), await ready_agent(8002)
    caller = await asks("13900000131", "everybody")
    await doomed.rings()
    bell = await other.rings()
    doomed.vanishes()
    bell.accept()
    await hear_each_other(caller, other)
    await parts(caller, other)


async def test_a_caller_who_hangs_up_as_two_answer_leaves_both_free(
    ready_agent: NewAgent, asks: Asks
) -> None:
    one, two = await ready_agent(8001), await ready_agent(8002)
    caller = await asks("13900000131", "everybody")
    bells = [await agent.rings() for agent in (one, two)]
    for bell in bells:
        bell.accept()
    await caller.hangs_up()
    for bell in bells:
        await ceases(bell)
    following = await asks("13900000132", "everybody")
    again = [await agent.rings() for agent in (one, two)]
    again[0].accept()
    await hear_each_other(following, one)
    await parts(following, one)
