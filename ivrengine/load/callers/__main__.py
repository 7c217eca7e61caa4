"""The callers' own process: `python -m ivrengine.load.callers`, started by `callers.Callers`.

It prints its address as a line of JSON, and from then on a bulletin twice a second. A line on its
standard input has everybody hang up; the end of that input ends the process.
"""

import asyncio
import gc
import sys
from typing import Final

from ivrengine.load.callers.stage import Stage
from ivrengine.load.callers.tally import BULLETIN, Bulletin

_TELL_EVERY_S: Final = 0.5


async def _perform() -> None:
    with Stage.opened(_complain) as stage:
        host, port = stage.address
        sys.stdout.write(f'["{host}", {port}]\n')
        sys.stdout.flush()
        orders = await _standard_input()
        async with asyncio.TaskGroup() as group:
            running = (group.create_task(stage.serve()), group.create_task(_tell(stage)))
            while await orders.readline():
                await stage.dismiss()
            for task in running:
                task.cancel()


def _complain(of_what: str) -> None:
    sys.stderr.write(f"{of_what}\n")
    sys.stderr.flush()


async def _tell(stage: Stage) -> None:
    while True:
        bulletin = Bulletin(
            tallies=stage.book.tallies(),
            skipped_beats=stage.lines.skipped_beats,
            lost_packets=stage.lines.lost,
        )
        sys.stdout.write(BULLETIN.dump_json(bulletin).decode() + "\n")
        sys.stdout.flush()
        await asyncio.sleep(_TELL_EVERY_S)


async def _standard_input() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


if __name__ == "__main__":
    # Nothing made so far is ever given up, and a look through all of it would cost beats.
    gc.freeze()
    asyncio.run(_perform())
