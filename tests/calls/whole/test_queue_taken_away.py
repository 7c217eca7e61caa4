"""A queue that is taken out of the files while somebody waits in it."""

import asyncio
from dataclasses import replace

import pytest

from ivrengine.calls.facts import CallEnded, SeekGivenUp
from ivrengine.console.way import way
from tests.kit.bench.bench import a_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

TRADING = "201"


async def test_its_caller_goes_back_to_the_flow_and_the_record_says_why() -> None:
    async with a_bench() as bench:
        await bench.ready("8001", acts_after_s=60)
        caller = bench.call_in()
        await caller.presses(TRADING)
        await caller.hears_music()
        await asyncio.sleep(1)
        dispatcher = bench.engine.dispatcher
        queues = dispatcher.roster.queues
        left = {name: queue for name, queue in queues.items() if name != "trading"}
        dispatcher.change_roster(replace(dispatcher.roster, queues=left))
        await caller.hears("queue.failed")
        given_up = bench.fact(SeekGivenUp)
        assert given_up.outcome == "removed"
        (words,) = [words for _, words in way([given_up])]
        assert words.endswith("s: the queue or agent was taken out of the files")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.fact(CallEnded).by == "caller"
        assert bench.errors() == []
