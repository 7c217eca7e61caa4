"""SIGTERM with calls on the line: the engine ends at once and leaves every leg as it is."""

import asyncio
import signal

import pytest

from tests.functional.conftest import NewAgent, NewCaller
from tests.kit.instance import Instance
from tests.kit.measures import Measures
from tests.kit.walks import (
    AGENT_HUMS_HZ,
    CALLER_HUMS_HZ,
    PATIENCE_S,
    asks_for_trading,
    comes_to_the_menu,
    is_joined,
    waits_for_trading,
)

pytestmark = [pytest.mark.functional, pytest.mark.timeout(150)]


async def test_told_to_end_it_disturbs_nobody_and_the_next_takes_all_up(
    instance: Instance, ready_agent: NewAgent, new_caller: NewCaller, measures: Measures
) -> None:
    attendant = await ready_agent(8001)
    talking, waiting, choosing = [await new_caller(f"1390000009{n}") for n in range(3)]
    await comes_to_the_menu(talking)
    await asks_for_trading(talking)
    await is_joined(talking, attendant)
    await waits_for_trading(waiting)
    await comes_to_the_menu(choosing)

    engine = instance.running.engine
    assert engine is not None
    mark = instance.log.mark()
    clock = asyncio.get_running_loop().time
    told_at = clock()
    with instance.nobody_restarts():
        engine.send(signal.SIGTERM)
        # No event of ours tells when another process has ended.
        while await asyncio.to_thread(engine.is_alive):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        measures.note("from SIGTERM to the engine's end, with calls up", clock() - told_at)
        for caller in (talking, waiting, choosing):
            assert caller.call.is_up
        await talking.hears_tone(AGENT_HUMS_HZ)
        await attendant.hears_tone(CALLER_HUMS_HZ)
    stopping = await instance.log.tells("engine_stopping", since=mark)
    assert stopping["live_calls"] == 3
    reconciled = await instance.log.tells("reconciled", since=mark)
    assert reconciled["resumed"] == 3
    await choosing.presses("5")
    await choosing.hears("direct.ask_number", language="zh", within_s=PATIENCE_S)
    for caller in (talking, waiting, choosing):
        await caller.hangs_up()
    await attendant.is_hung_up_on()
