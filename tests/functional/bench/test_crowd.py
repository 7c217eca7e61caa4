"""Callers who only wait, at a telephone that answers them as a server would."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from ivrengine.bench.ready_to_ring.crowd import Crowd
from ivrengine.softphone.sip.call import EndedBy
from ivrengine.softphone.sip.phone import Phone, PhoneSettings

pytestmark = pytest.mark.functional

NOBODY = ("127.0.0.1", 9)


@pytest.fixture
async def server() -> AsyncIterator[Phone]:
    async with await Phone.open(PhoneSettings(user="952588", server=NOBODY)) as phone:
        yield phone


async def test_whoever_is_served_calls_again_as_somebody_new(server: Phone) -> None:
    async with await Crowd.open(server=server.wire.address, dialled="952588") as crowd:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(crowd.gather(1))
            first = await server.answer(within_s=2)
        await first.hang_up()
        second = await server.wait_for_ring(within_s=2)
        assert second.caller_number != first.caller_number


async def test_a_caller_who_is_answered_after_the_crowd_has_gone_hangs_up(server: Phone) -> None:
    async with await Crowd.open(server=server.wire.address, dialled="952588") as crowd:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(crowd.gather(1))
            served = await server.answer(within_s=2)
        await served.hang_up()
        late = await server.wait_for_ring(within_s=2)
        await crowd.disperse()
        late.accept()
        end = await late.wait_until_ended(within_s=2)
        assert end.by is EndedBy.THEM
        assert crowd.size == 0
