"""The engine is killed, stands still, or is not there at all: nobody on the line is dropped."""

import asyncio
from itertools import pairwise

import pytest

from ivrengine.softphone.hearing.transcript import Heard
from ivrengine.softphone.sip.call import Call
from tests.functional.conftest import NewAgent, NewCaller, order
from tests.kit.instance import Instance
from tests.kit.measures import Measures
from tests.kit.person import Caller
from tests.kit.records import record_of
from tests.kit.walks import (
    AGENT_HUMS_HZ,
    CALLER_HUMS_HZ,
    NUMBER,
    PATIENCE_S,
    asks_for_trading,
    comes_to_the_menu,
    hear_each_other,
    is_joined,
    waits_for_trading,
)

pytestmark = [pytest.mark.functional, pytest.mark.timeout(150)]

BEAT_TIMEOUT_S = 10
PARTED_AFTER_S = 0.3
"""After so long without a sign of life callers are served by the dialplan alone."""


async def test_killed_and_started_again_everybody_goes_on(
    instance: Instance,
    ready_agent: NewAgent,
    new_caller: NewCaller,
    measures: Measures,
) -> None:
    attendant = await ready_agent(8001)
    talking, waiting, behind, choosing = [await new_caller(f"1390000007{n}") for n in range(4)]
    await comes_to_the_menu(talking)
    await asks_for_trading(talking)
    await is_joined(talking, attendant)
    await waits_for_trading(waiting, "en")
    await waits_for_trading(behind)
    await comes_to_the_menu(choosing, "en")
    everybody = (talking, waiting, behind, choosing)
    await hears_music_again(waiting)

    begun = [len(caller.call.media.arrivals) for caller in everybody]
    mark = instance.log.mark()
    choosing.ear.skip_to_now()
    await instance.restart_engine()
    reconciled = await instance.log.tells("reconciled", since=mark)
    assert reconciled["resumed"] == len(everybody)
    await asyncio.sleep(1.0)

    measures.note("silence of a talk, engine killed", longest_gap_s(talking.call, begun[0]))
    measures.note("silence of music, engine killed", longest_gap_s(waiting.call, begun[1]))
    await talking.hears_tone(AGENT_HUMS_HZ)
    await attendant.hears_tone(CALLER_HUMS_HZ)
    assert_music_went_on(waiting)

    await choosing.presses("5")
    await choosing.hears("direct.ask_number", language="en", within_s=PATIENCE_S)
    await choosing.hangs_up()

    await talking.hangs_up()
    await attendant.is_hung_up_on()
    await order(instance, 8001, "end-wrap-up")
    await is_joined(waiting, attendant, "en")
    await waiting.hangs_up()
    await attendant.is_hung_up_on()
    await behind.hears("queue.position_lead", language="zh", within_s=35)
    await behind.hears("num.1", language="zh")
    await behind.hangs_up()

    for caller in everybody:
        record = await record_of(instance.api, caller.phone.settings.user)
        assert record.fields["ended_by"] == "caller"
        assert len(record.of_kind("call-resumed")) == 1
        assert len(record.of_kind("call-admitted")) == 1


async def test_killed_it_takes_up_what_was_keyed_while_none_was_there(
    instance: Instance, new_caller: NewCaller
) -> None:
    caller = await new_caller("13900000082")
    await comes_to_the_menu(caller, "en")
    mark = instance.log.mark()
    await instance.kill_engine()
    # Whoever keeps the engine up ends its connection first; from then on Asterisk keeps events.
    await asyncio.sleep(PARTED_AFTER_S)
    await caller.presses("5")
    assert "events_flow" not in [line["event"] for line in instance.log.lines(mark)]
    await caller.hears("direct.ask_number", language="en", within_s=PATIENCE_S)
    await caller.hangs_up()
    record = await record_of(instance.api, "13900000082")
    assert record.fields["ended_by"] == "caller"


async def test_frozen_it_takes_up_what_was_keyed_meanwhile(
    instance: Instance, new_caller: NewCaller
) -> None:
    caller = await new_caller("13900000081")
    await comes_to_the_menu(caller, "en")
    with instance.frozen_engine():
        await caller.presses("5")
        await asyncio.sleep(4.0)
    await caller.hears("direct.ask_number", language="en")
    await caller.hangs_up()
    record = await record_of(instance.api, "13900000081")
    assert record.fields["ended_by"] == "caller"


async def test_not_there_at_all_the_dialplan_apologises_and_finds_somebody(
    instance: Instance, agent: NewAgent, new_caller: NewCaller
) -> None:
    attendant = await agent(8001)
    caller = await new_caller("13900000082")
    with instance.nobody_restarts():
        await instance.kill_engine()
        await asyncio.sleep(BEAT_TIMEOUT_S + 2)
        await caller.dials(NUMBER)
        await caller.hears("system.apology", language="zh", to_the_end=True)
        await caller.hears("system.apology", language="en", to_the_end=True)
        await attendant.answers(within_s=PATIENCE_S)
        await hear_each_other(caller, attendant)
        await caller.hangs_up()
        await attendant.is_hung_up_on()
    messages = (instance.state_dir / "asterisk" / "log" / "messages").read_text(errors="replace")
    assert "without the engine" in messages
    await instance.until_ready()
    again = await new_caller("13900000083")
    await comes_to_the_menu(again)
    await again.hangs_up()


def longest_gap_s(call: Call, since: int) -> float:
    """The longest time in which no frame came, from an arrival on."""
    moments = [arrival.at for arrival in call.media.arrivals[since:]]
    return max(later - earlier for earlier, later in pairwise(moments))


async def hears_music_again(caller: Caller) -> None:
    """Waits out the first telling of the place, so that the next is half a minute away."""
    await caller.hears("queue.keys", within_s=PATIENCE_S, to_the_end=True)
    await caller.hears_music()


def assert_music_went_on(caller: Caller) -> None:
    last = caller.ear.transcript[-1]
    assert isinstance(last, Heard), caller.transcript
    assert last.is_music, caller.transcript
    assert last.ongoing, caller.transcript
    assert last.lost_frames == 0, caller.transcript
