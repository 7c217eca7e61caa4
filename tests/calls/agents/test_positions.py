"""A long line is told where it stands, without anybody else having to wait for it."""

import asyncio
from itertools import pairwise

import pytest

from ivrengine.agents.ports import OfferMade, PositionChanged, WithdrawCause
from tests.calls.agents.office import Office, Visitor, a_roster, an_office

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

LINE = 300
ROUND_WITHIN_S = 1.5
LOOK_EVERY_S = 0.001
AT_A_TIME = 16


async def a_long_line(office: Office) -> list[Visitor]:
    """Let many callers wait for an agent who talks, each of them knowing where it stands."""
    office.phone("8001")
    await office.ready("8001")
    await office.asks().meets()
    line = [office.asks() for _ in range(LINE)]
    await asyncio.sleep(ROUND_WITHIN_S)
    assert [visitor.told for visitor in line] == [
        [PositionChanged(position=place)] for place in range(1, LINE + 1)
    ]
    for visitor in line:
        visitor.told.clear()
    return line


async def test_all_of_a_long_line_hear_within_one_round_that_it_has_moved() -> None:
    async with an_office(a_roster(("8001",))) as office:
        first, *others = await a_long_line(office)
        first.leaves(WithdrawCause.KEY)
        await asyncio.sleep(ROUND_WITHIN_S)
        assert [visitor.told for visitor in others] == [
            [PositionChanged(position=place)] for place in range(1, LINE)
        ]


async def test_a_long_line_is_told_a_few_at_a_time() -> None:
    async with an_office(a_roster(("8001",))) as office:
        first, *others = await a_long_line(office)
        first.leaves(WithdrawCause.KEY)
        told = [0]
        for _ in range(int(ROUND_WITHIN_S / LOOK_EVERY_S)):
            await asyncio.sleep(LOOK_EVERY_S)
            told.append(sum(len(visitor.told) for visitor in others))
        assert told[-1] == LINE - 1
        assert max(after - before for before, after in pairwise(told)) == AT_A_TIME


async def test_an_agent_who_gets_ready_amid_a_round_is_offered_somebody_before_it_is_over() -> None:
    async with an_office() as office:
        office.phone("8002")
        first, *others = await a_long_line(office)
        first.leaves(WithdrawCause.KEY)
        last = others[-1]
        await others[0].hears(PositionChanged)
        await office.ready("8002")
        await office.settles()
        assert any(isinstance(news, OfferMade) for news in others[0].told)
        assert last.told == []


async def test_who_moves_while_a_round_is_told_hears_only_the_newest() -> None:
    async with an_office(a_roster(("8001",))) as office:
        first, second, *others = await a_long_line(office)
        first.leaves(WithdrawCause.KEY)
        await second.hears(PositionChanged)
        second.leaves(WithdrawCause.KEY)
        await asyncio.sleep(2 * ROUND_WITHIN_S)
        assert others[-1].told == [PositionChanged(position=LINE - 2)]
