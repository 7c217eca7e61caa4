"""What is said and keyed while a recording is paused is not in it, judged by its sound."""

import asyncio
from typing import Final

import pytest

from ivrengine.softphone.sound.codec import SAMPLE_RATE_HZ
from tests.functional.conftest import NewAgent
from tests.kit.api import asked
from tests.kit.instance import Instance
from tests.kit.person import Agent, Caller
from tests.kit.recordings import downloaded, seconds_with
from tests.kit.records import record_of
from tests.kit.walks import PATIENCE_S, hear_each_other, waits_for_trading

pytestmark = [pytest.mark.functional, pytest.mark.timeout(120)]

BEFORE_HZ: Final = 1000.0
SECRET_HZ: Final = 1900.0
AFTER_HZ: Final = 600.0
SPOKEN_S: Final = 2.0
KEY_1_HZ: Final = (697.0, 1209.0)
"""The two tones of the key 1 (ITU-T Q.23)."""


async def talk(caller: Caller, attendant: Agent) -> None:
    """Caller and agent come to hear each other, and the agent falls silent."""
    await waits_for_trading(caller)
    await attendant.answers(within_s=PATIENCE_S)
    await hear_each_other(caller, attendant)
    attendant.falls_silent()


async def says(caller: Caller, attendant: Agent, hz: float) -> None:
    """The caller hums, which the agent hears."""
    attendant.ear.skip_to_now()
    caller.hums(hz)
    await attendant.hears_tone(hz)
    await asyncio.sleep(SPOKEN_S)


async def recording_of(instance: Instance, number: str) -> str:
    """The name of the recording of the newest call of a number."""
    record = await record_of(instance.api, number)
    turns = [fact["recording_paused"] for fact in record.of_kind("talk-turned")]
    assert turns == [True, False]
    (kept,) = record.of_kind("recording-kept")
    return str(kept["recording"])


@pytest.mark.parametrize("by", ["keys", "order"])
async def test_a_secret_told_in_a_pause_is_not_in_the_recording(
    instance: Instance, caller: Caller, ready_agent: NewAgent, by: str
) -> None:
    attendant = await ready_agent(8001)
    await talk(caller, attendant)

    async def turn(order: str) -> None:
        if by == "keys":
            await attendant.presses("*8")
        else:
            await asked(lambda: instance.api.post("/api/agents/8001/recording", {"order": order}))
        await asyncio.sleep(0.5)

    await says(caller, attendant, BEFORE_HZ)
    caller.falls_silent()
    await turn("pause")
    await says(caller, attendant, SECRET_HZ)
    caller.falls_silent()
    await asyncio.sleep(0.5)
    await turn("resume")
    await says(caller, attendant, AFTER_HZ)
    await caller.hangs_up()
    sound = await downloaded(instance.api, await recording_of(instance, "13900000001"))
    assert seconds_with(sound, BEFORE_HZ) >= SPOKEN_S
    assert seconds_with(sound, AFTER_HZ) >= SPOKEN_S - 0.5
    assert seconds_with(sound, SECRET_HZ) == 0
    # Asterisk leaves out the time as well as the sound.
    (left,) = (await record_of(instance.api, "13900000001")).of_kind("person-left")
    assert sound.size / SAMPLE_RATE_HZ < float(left["talked_s"]) - SPOKEN_S


async def test_keys_of_the_caller_are_not_heard_in_a_recorded_conversation(
    instance: Instance, caller: Caller, ready_agent: NewAgent
) -> None:
    attendant = await ready_agent(8001)
    await talk(caller, attendant)
    caller.falls_silent()
    await asyncio.sleep(0.5)
    await caller.presses("1111")
    await asyncio.sleep(1)
    await caller.hangs_up()
    record = await record_of(instance.api, "13900000001")
    (kept,) = record.of_kind("recording-kept")
    sound = await downloaded(instance.api, str(kept["recording"]))
    assert sound.size > 0
    assert seconds_with(sound, *KEY_1_HZ) == 0
