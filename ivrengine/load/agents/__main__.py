"""The process of the agents' telephones: registers them, tells the news, ends with its input.

Run as ``python -m ivrengine.load.agents HOST:PORT SEED AGENT...``.
"""

import asyncio
import os
import sys
from collections.abc import Sequence

from ivrengine.load.agents.exchange import Exchange
from ivrengine.load.agents.news import News, Staffed, written
from ivrengine.load.agents.telephone import Habits
from ivrengine.load.sound.frames import Voice
from ivrengine.load.sound.lines import Lines
from ivrengine.softphone.sip.wire import Wire

_LOOPBACK = "127.0.0.1"
_A_LITTLE = 4096


def main(arguments: Sequence[str]) -> None:
    """Be the telephones until the input ends."""
    server, seed, *agents = arguments
    host, _, port = server.partition(":")
    asyncio.run(_serve((host, int(port)), int(seed), agents))


async def _serve(server: tuple[str, int], seed: int, agents: Sequence[str]) -> None:
    with Lines.opened(_LOOPBACK) as lines:
        exchange = Exchange(
            await Wire.open(_LOOPBACK),
            server,
            agents,
            take_sound=lambda: lines.take(Voice.AGENT),
            tell=_tell,
            habits=Habits(),
            seed=seed,
        )
        await exchange.register()
        _tell(Staffed())
        await _until_input_ends()
        await exchange.close()


async def _until_input_ends() -> None:
    loop = asyncio.get_running_loop()
    ended = loop.create_future()

    def look() -> None:
        if not os.read(sys.stdin.fileno(), _A_LITTLE) and not ended.done():
            ended.set_result(None)

    loop.add_reader(sys.stdin, look)
    await ended
    loop.remove_reader(sys.stdin)


def _tell(news: News) -> None:
    sys.stdout.write(f"{written(news)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
