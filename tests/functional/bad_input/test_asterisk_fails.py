"""Asterisk dies, or stands still, with calls up."""

import asyncio

import pytest

from tests.functional.conftest import NewAgent, NewCaller
from tests.kit.instance import Instance
from tests.kit.records import record_of
from tests.kit.walks import (
    AGENT_HUMS_HZ,
    PATIENCE_S,
    asks_for_trading,
    comes_to_the_menu,
    is_joined,
    waits_for_trading,
)

pytestmark = [pytest.mark.functional, pytest.mark.timeout(150)]

FREEZE_S = 3.0


async def test_killed_it_comes_back_and_every_call_is_accounted_for(
    instance: Instance, agent: NewAgent, ready_agent: NewAgent, new_caller: NewCaller
) -> None:
    attendant = await ready_agent(8001)
    talking, waiting, choosing = [await new_caller(f"1390000005{n}") for n in range(3)]
    await comes_to_the_menu(talking)
    await asks_for_trading(talking)
    await is_joined(talking, attendant)
    await waits_for_trading(waiting)
    await comes_to_the_menu(choosing, "en")

    mark = instance.log.mark()
    await instance.kill_asterisk()
    await instance.log.tells("switch_lost", since=mark)
    reconciled = await instance.log.tells("reconciled", since=mark, within_s=40)
    assert reconciled["switch_restarted"] is True
    await instance.until_ready()
    for caller, stage in ((talking, "answered"), (waiting, ""), (choosing, "")):
        record = await record_of(instance.api, caller.phone.settings.user)
        assert (record.fields["outcome"], record.fields["ended_by"]) == ("failed", "system"), stage
        caller.vanishes()
    await instance.comes_to_rest()

    attendant.vanishes()
    again = await ready_agent(8002)
    late = await new_caller("13900000055")
    await comes_to_the_menu(late)
    await asks_for_trading(late)
    await is_joined(late, again)
    await late.hangs_up()


async def test_frozen_for_seconds_it_drops_nobody(
    instance: Instance, ready_agent: NewAgent, new_caller: NewCaller
) -> None:
    attendant = await ready_agent(8001)
    talking, choosing = [await new_caller(f"1390000006{n}") for n in range(2)]
    await comes_to_the_menu(talking)
    await asks_for_trading(talking)
    await is_joined(talking, attendant)
    await comes_to_the_menu(choosing, "en")
    mark = instance.log.mark()
    with instance.frozen_asterisk():
        await asyncio.sleep(FREEZE_S)
    await talking.hears_tone(AGENT_HUMS_HZ)
    await choosing.presses("5")
    await choosing.hears("direct.ask_number", language="en", within_s=PATIENCE_S)
    await instance.until_ready()
    await talking.hangs_up()
    await attendant.is_hung_up_on()
    await choosing.hangs_up()
    healths = [line for line in instance.log.lines(mark) if line["event"] == "switch_health"]
    assert [line["ok"] for line in healths][-1:] == [True]
    for caller in (talking, choosing):
        record = await record_of(instance.api, caller.phone.settings.user)
        assert record.fields["ended_by"] == "caller"
