"""A bench with a sweeper of bridges, which others have not, lest it hide what calls leave."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ivrengine.calls.sweeping import BridgeSweeper
from tests.kit.bench.bench import Bench, a_bench


@asynccontextmanager
async def a_swept_bench() -> AsyncIterator[Bench]:
    """A bench whose idle bridges are swept until the block is left."""
    async with a_bench() as bench:
        sweeper = BridgeSweeper(bench.world.exchange, lambda: bench.engine.calls.sessions.values())
        sweeping = asyncio.ensure_future(sweeper.run())
        try:
            yield bench
        finally:
            sweeping.cancel()
