"""The line that is kept for the agents of a branch: theirs alone, and one call at a time."""

import asyncio

import pytest

from tests.functional.conftest import NewAgent
from tests.functional.routing.conftest import Asks
from tests.functional.routing.floors import parts, picks_up
from tests.kit.api import asked
from tests.kit.instance import Instance
from tests.kit.walks import PATIENCE_S

pytestmark = [pytest.mark.functional, pytest.mark.timeout(90)]

TRADERS_OF_SUZHOU = ("13800100001", "13800100003")
STRANGER = "13900000111"


async def _lines_in_use(instance: Instance) -> int:
    trunks = await asked(lambda: instance.api.get("/api/trunks"))
    return next(int(trunk["in_use"]) for trunk in trunks if trunk["name"] == "to-suzhou")


async def comes_free(instance: Instance) -> None:
    """Waits until nobody talks over the line."""
    async with asyncio.timeout(PATIENCE_S):
        while await _lines_in_use(instance):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_headquarters_serve_a_customer_when_the_line_to_the_branch_is_in_use(
    instance: Instance, ready_agent: NewAgent, asks: Asks
) -> None:
    first, second = await ready_agent(8004), await ready_agent(8005)
    customer = await asks(TRADERS_OF_SUZHOU[0], "branches")
    await picks_up(first, customer)
    assert await _lines_in_use(instance) == 1
    headquarters = await ready_agent(8001)
    other = await asks(STRANGER, "plain")
    await picks_up(headquarters, other)
    assert not second.phone.calls, "the branch was rung over a line that there is not"
    await parts(other, headquarters)
    await parts(customer, first)


async def test_the_line_is_free_again_when_the_talk_is_over(
    instance: Instance, ready_agent: NewAgent, asks: Asks
) -> None:
    agent = await ready_agent(8004)
    for _ in range(2):
        customer = await asks(TRADERS_OF_SUZHOU[0], "branches")
        await picks_up(agent, customer)
        assert await _lines_in_use(instance) == 1
        await parts(customer, agent)
        await comes_free(instance)
    assert len(agent.phone.calls) == 2


async def test_a_branch_agent_who_refuses_gives_the_line_to_the_colleague(
    instance: Instance, ready_agent: NewAgent, asks: Asks
) -> None:
    first = await ready_agent(8004)
    customer = await asks(TRADERS_OF_SUZHOU[0], "branches")
    await first.rejects()
    second = await ready_agent(8005)
    await picks_up(second, customer)
    assert await _lines_in_use(instance) == 1
    await parts(customer, second)
