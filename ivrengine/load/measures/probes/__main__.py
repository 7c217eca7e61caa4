"""The process of the probes: begins with the first byte of its input, ends with the end of it.

Run as ``python -m ivrengine.load.measures.probes ORDERS``.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from random import Random
from typing import Final

from ivrengine.load.measures.probes.news import Answered, Begun, Listening, News, Over, written
from ivrengine.load.measures.probes.orders import ProbeOrders
from ivrengine.load.measures.probes.walk import LANGUAGE_KEYS, Walk
from ivrengine.softphone.hearing.library import PromptLibraries
from ivrengine.softphone.person import Caller
from ivrengine.softphone.sip.phone import PhoneSettings
from ivrengine.softphone.sound.codec import Codec

_LANGUAGES: Final = tuple(LANGUAGE_KEYS)
_A_LITTLE: Final = 4096


def main(arguments: Sequence[str]) -> None:
    """Be the telephones until the input ends."""
    asyncio.run(_Probes(ProbeOrders.read(arguments[0])).serve())


class _Probes:
    def __init__(self, orders: ProbeOrders) -> None:
        self._orders = orders
        self._libraries = PromptLibraries(orders.prompts)
        self._begun = asyncio.Event()
        self._over = asyncio.Event()

    async def serve(self) -> None:
        self._libraries.of(Codec.PCMA)
        loop = asyncio.get_running_loop()
        loop.add_reader(sys.stdin, self._look)
        _tell(Listening())
        async with asyncio.TaskGroup() as tasks:
            for place, number in enumerate(self._orders.callers):
                tasks.create_task(self._keep_calling(place, number))
            # Also where there is nobody who calls, whoever started this wants it to stay.
            await self._over.wait()
        loop.remove_reader(sys.stdin)

    def _look(self) -> None:
        if not os.read(sys.stdin.fileno(), _A_LITTLE):
            self._over.set()
        self._begun.set()

    async def _keep_calling(self, place: int, number: str) -> None:
        chance = Random(f"{self._orders.seed} {number}")
        await self._begun.wait()
        turn = place
        while not await self._over_within(chance.uniform(0, self._orders.pause_s)):
            await self._call(number, _LANGUAGES[turn % len(_LANGUAGES)], chance)
            turn += 1

    async def _over_within(self, pause_s: float) -> bool:
        try:
            async with asyncio.timeout(pause_s):
                return await self._over.wait()
        except TimeoutError:
            return False

    async def _call(self, number: str, language: str, chance: Random) -> None:
        settings = PhoneSettings(user=number, server=self._orders.server, codecs=(Codec.PCMA,))
        async with await Caller.with_phone(settings, self._libraries) as caller:
            walk = Walk(
                caller,
                self._orders.dialled,
                language=language,
                chance=chance,
                kills=self._orders.kills,
                answered=lambda: _tell(Answered()),
            )
            _tell(Begun())
            await self._until_done_or_over(walk)
        _tell(Over(call=walk.found()))

    async def _until_done_or_over(self, walk: Walk) -> None:
        async with asyncio.TaskGroup() as tasks:
            walking = tasks.create_task(walk.go())
            breaking_off = tasks.create_task(self._break_off(walking))
            walking.add_done_callback(lambda _: breaking_off.cancel())

    async def _break_off(self, walking: asyncio.Task[None]) -> None:
        await self._over.wait()
        walking.cancel()


def _tell(news: News) -> None:
    sys.stdout.buffer.write(written(news))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
