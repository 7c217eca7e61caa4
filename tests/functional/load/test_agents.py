"""The agents' telephones of a load, called by a telephone that knows what it hears."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from ivrengine.load.agents.exchange import Exchange
from ivrengine.load.agents.news import Answered, Freed, News, Rang, Strange
from ivrengine.load.agents.telephone import Habits
from ivrengine.load.sound.frames import Voice
from ivrengine.load.sound.lines import Lines
from ivrengine.softphone.sip.call import CallState
from ivrengine.softphone.sip.phone import CallRefused, Phone, PhoneSettings
from ivrengine.softphone.sip.sdp import Address
from ivrengine.softphone.sip.wire import Wire
from ivrengine.softphone.watch import Watch

pytestmark = pytest.mark.functional

AGENT = "8001"
HOST = "127.0.0.1"
WITHIN_S = 20.0


@dataclass
class Told:
    """What the telephones have told so far."""

    news: list[News] = field(default_factory=list)
    watch: Watch = field(default_factory=Watch)

    def take(self, news: News) -> None:
        self.news.append(news)
        self.watch.notify()

    async def has(self, kind: type[News], *, within_s: float = WITHIN_S) -> bool:
        return await self.watch.until(
            lambda: any(isinstance(news, kind) for news in self.news), within_s=within_s
        )


async def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.02)


@asynccontextmanager
async def agents_called_by_a_phone(told: Told, habits: Habits) -> AsyncIterator[Phone]:
    wire = await Wire.open(HOST)
    with Lines.opened() as lines:
        exchange = Exchange(
            wire,
            (HOST, 9),
            (AGENT,),
            take_sound=lambda: lines.take(Voice.AGENT),
            tell=told.take,
            habits=habits,
            seed=1,
        )
        server: Address = wire.address
        async with await Phone.open(PhoneSettings(user="13900000001", server=server)) as phone:
            yield phone
        await exchange.close()


async def test_an_agent_rings_for_a_moment_speaks_and_is_free_when_the_caller_goes() -> None:
    told = Told()
    async with agents_called_by_a_phone(told, Habits(ring_s=(0.2, 0.3))) as phone:
        call = await phone.call(AGENT)
        await until(lambda: len(call.media.arrivals) > 15)
        await call.hang_up()
        assert await told.has(Freed)
    rang, *others = told.news
    assert isinstance(rang, Rang)
    assert others == [Answered(agent=AGENT), Freed(agent=AGENT)]
    assert call.answered_at is not None
    assert 0.15 < call.answered_at - rang.at_s < WITHIN_S


async def test_an_agent_who_has_talked_for_long_enough_hangs_up() -> None:
    told = Told()
    habits = Habits(ring_s=(0.0, 0.1), talk_s=(0.3, 0.4))
    async with agents_called_by_a_phone(told, habits) as phone:
        call = await phone.call(AGENT)
        await call.wait_until_ended(within_s=WITHIN_S)
        assert await told.has(Freed)


async def test_a_caller_who_gives_up_while_it_rings_leaves_the_agent_free() -> None:
    told = Told()
    async with agents_called_by_a_phone(told, Habits(ring_s=(30, 31))) as phone:
        call = phone.start_call(AGENT)
        assert await call.reaches(CallState.RINGING, within_s=WITHIN_S)
        call.give_up()
        assert await told.has(Freed)
        assert (await call.wait_until_ended()).status == 487
    assert not await told.has(Answered, within_s=0)


async def test_a_second_call_at_a_telephone_in_use_is_sent_away_and_told() -> None:
    told = Told()
    async with agents_called_by_a_phone(told, Habits(ring_s=(0.0, 0.1))) as phone:
        await phone.call(AGENT)
        with pytest.raises(CallRefused, match="486"):
            await phone.call(AGENT)
    assert Strange(agent=AGENT, what="a second call") in told.news
