"""Callers who press what means nothing, too much at once, or hang up at any instant."""

import asyncio

import pytest

from ivrengine.softphone.sip.call import CallState
from ivrengine.softphone.sip.dtmf import KeyStyle
from ivrengine.softphone.sip.phone import CallRefused, Manner
from tests.functional.conftest import NewAgent, NewCaller
from tests.kit.instance import Instance
from tests.kit.person import Caller
from tests.kit.records import newest_record_of, record_of
from tests.kit.walks import NUMBER, PATIENCE_S, comes_to_the_menu

pytestmark = [pytest.mark.functional, pytest.mark.timeout(120)]

DIALLER = KeyStyle(duration_s=0.06, pause_s=0.04)
"""Shorter keys are taken for two now and then by Asterisk 22.10."""
BURST = KeyStyle(duration_s=0.02, pause_s=0.0)
GONE_AT_ONCE_S = 0.0
"""Asterisk may hear that this caller has gone before its dialplan has come as far as the engine."""

INSTANTS_S = (0.02, 0.1, 0.3, 0.6, 1.0, 2.0, 4.0, 5.3, 5.8, 6.5, 8.0, 10.0)
"""From before the answer, through menus and queue and ringing, into the conversation."""


async def test_wrong_keys_are_answered_with_help_and_then_with_a_person(
    instance: Instance, caller: Caller
) -> None:
    await comes_to_the_menu(caller)
    for _ in range(2):
        await caller.presses("9")
        await caller.hears("common.no_match", language="zh", to_the_end=True)
        await caller.hears("menu.main", language="zh", within_s=15)
    await caller.presses("9")
    await caller.hears("common.offer_person", language="zh", to_the_end=True)
    await caller.presses("9")
    await caller.hears("common.offer_person", language="zh")
    await caller.presses("9")
    await caller.hears("system.goodbye", language="zh", to_the_end=True)
    await caller.is_hung_up_on()
    record = await record_of(instance.api, caller.phone.settings.user)
    assert record.fields["ended_by"] == "system"
    wrong = [made for made in record.of_kind("entry-made") if made["outcome"] == "no-match"]
    assert len(wrong) == 5


async def test_keys_as_fast_as_a_dialler_sends_them_are_taken_one_by_one(
    instance: Instance, caller: Caller
) -> None:
    await comes_to_the_menu(caller)
    await caller.presses("1*" * 20, style=DIALLER)
    await caller.presses("5")
    await caller.hears("direct.ask_number", language="zh", within_s=PATIENCE_S)
    await caller.hangs_up()
    assert await keys_taken(instance, caller) == "1" + "1*" * 20 + "5"


async def test_forty_keys_in_one_burst_lose_none_and_the_call_goes_on(
    instance: Instance, caller: Caller
) -> None:
    await comes_to_the_menu(caller)
    await caller.presses("1*" * 20, style=BURST)
    await caller.presses("**")
    await caller.hears("menu.main", language="zh", within_s=PATIENCE_S)
    await caller.presses("5")
    await caller.hears("direct.ask_number", language="zh", within_s=PATIENCE_S)
    await caller.hangs_up()
    taken = iter(await keys_taken(instance, caller))
    assert all(key in taken for key in "1*" * 20)


async def test_a_number_that_is_not_ours_is_refused(instance: Instance, caller: Caller) -> None:
    with pytest.raises(CallRefused) as refusal:
        await caller.dials("952599")
    assert refusal.value.status == 404
    messages = (instance.state_dir / "asterisk" / "log" / "messages").read_text(errors="replace")
    assert "952599" in messages


async def test_a_caller_may_hang_up_at_any_instant(
    instance: Instance, ready_agent: NewAgent, new_caller: NewCaller
) -> None:
    mark = instance.log.mark()
    for number in (8001, 8002, 8003):
        (await ready_agent(number)).phone.manner = Manner.ANSWER
    gone_at_once = await new_caller("1390000099")
    callers = [await new_caller(f"1390000{100 + at}") for at in range(len(INSTANTS_S))]

    async with asyncio.TaskGroup() as group:
        group.create_task(calls_for(gone_at_once, GONE_AT_ONCE_S))
        for caller, instant_s in zip(callers, INSTANTS_S, strict=True):
            group.create_task(calls_for(caller, instant_s))

    await instance.comes_to_rest()
    for caller, instant_s in zip(callers, INSTANTS_S, strict=True):
        record = await record_of(instance.api, caller.phone.settings.user)
        assert record.fields["ended_by"] == "caller", f"hung up after {instant_s} s"
    seen = await newest_record_of(instance.api, gone_at_once.phone.settings.user)
    assert seen is None or seen.fields["ended_by"] == "caller"
    troubles = [line for line in instance.log.lines(mark) if line["level"] == "error"]
    assert not troubles


async def calls_for(caller: Caller, duration_s: float) -> None:
    """Asks for a person as fast as keys go, and hangs up so long after having dialled."""
    call = caller.phone.start_call(NUMBER)
    try:
        async with asyncio.timeout(duration_s):
            await call.reaches(CallState.TALKING, within_s=PATIENCE_S)
            await caller.presses("201")
            await asyncio.Event().wait()
    except TimeoutError:
        pass
    call.give_up()
    # The answer may have been on its way already: then the receiver goes down after all.
    if await call.reaches(CallState.TALKING, within_s=PATIENCE_S):
        await caller.hangs_up()


async def keys_taken(instance: Instance, caller: Caller) -> str:
    """All keys of the call's record, in order."""
    record = await record_of(instance.api, caller.phone.settings.user)
    return "".join(made["keys"] for made in record.of_kind("entry-made"))
