"""What no flow records is recorded by order, judged by its sound, even if the engine dies."""

import asyncio
import shutil
from pathlib import Path
from typing import Final

import pytest

from ivrengine.softphone.sound.codec import SAMPLE_RATE_HZ
from tests.functional.conftest import NewAgent, StartInstance
from tests.kit.flows import DEMO
from tests.kit.instance import Instance
from tests.kit.person import Agent, Caller
from tests.kit.recordings import downloaded, seconds_with
from tests.kit.records import record_of
from tests.kit.walks import PATIENCE_S, hear_each_other, waits_for_trading

pytestmark = [pytest.mark.functional, pytest.mark.timeout(150)]

SUPERVISOR: Final = 8033
BEFORE_HZ: Final = 1000.0
RECORDED_HZ: Final = 1900.0
AFTER_HZ: Final = 600.0
SPOKEN_S: Final = 2.0


@pytest.fixture(scope="session")
def instance(start_instance: StartInstance, tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """A system whose flows record nobody."""
    folder = tmp_path_factory.mktemp("unrecorded")
    flows = shutil.copytree(DEMO, folder / "flows")
    _record_nobody(flows / "waiting.yaml")
    return start_instance(folder, {"IVRENGINE_DIALPLANS": str(flows)})


def _record_nobody(flow: Path) -> None:
    text, queue = flow.read_text("utf-8"), "    queue: {var: topic}\n"
    assert queue in text
    flow.write_text(text.replace(queue, f"{queue}    recorded: false\n"), "utf-8")


async def talk(caller: Caller, attendant: Agent) -> None:
    """Caller and agent come to hear each other, and the agent falls silent."""
    await waits_for_trading(caller)
    await attendant.answers(within_s=PATIENCE_S)
    await hear_each_other(caller, attendant)
    attendant.falls_silent()


async def says(caller: Caller, attendant: Agent, hz: float) -> None:
    """The caller hums for a while, which the agent hears."""
    attendant.ear.skip_to_now()
    caller.hums(hz)
    await attendant.hears_tone(hz)
    await asyncio.sleep(SPOKEN_S)
    caller.falls_silent()
    await asyncio.sleep(0.5)


async def dials(supervisor: Agent, code: str, confirmation: str) -> None:
    """The supervisor dials a code and hears the confirmation."""
    await supervisor.dials(code)
    await supervisor.hears(confirmation, language="zh", to_the_end=True)
    await supervisor.is_hung_up_on()


async def test_a_supervisor_has_a_part_of_a_conversation_recorded(
    instance: Instance, caller: Caller, ready_agent: NewAgent, agent: NewAgent
) -> None:
    attendant, supervisor = await ready_agent(8001), await agent(SUPERVISOR)
    await talk(caller, attendant)
    await says(caller, attendant, BEFORE_HZ)
    await dials(supervisor, "*258001", "talk.recorded")
    await caller.hears("talk.recorded", to_the_end=True)
    await asyncio.sleep(0.5)
    await says(caller, attendant, RECORDED_HZ)
    await dials(supervisor, "*268001", "talk.not_recorded")
    await caller.hears("talk.not_recorded", to_the_end=True)
    await says(caller, attendant, AFTER_HZ)
    await caller.hangs_up()
    record = await record_of(instance.api, "13900000001")
    (kept,) = record.of_kind("recording-kept")
    orders = [(fact["by"], fact["begins"]) for fact in record.of_kind("recording-ordered")]
    assert orders == [(f"supervisor {SUPERVISOR}", True), (f"supervisor {SUPERVISOR}", False)]
    sound = await downloaded(instance.api, str(kept["recording"]))
    assert seconds_with(sound, RECORDED_HZ) >= SPOKEN_S
    assert seconds_with(sound, BEFORE_HZ) == 0
    assert seconds_with(sound, AFTER_HZ) == 0


async def test_a_recording_that_the_agent_began_outlasts_the_engine(
    instance: Instance, caller: Caller, ready_agent: NewAgent
) -> None:
    attendant = await ready_agent(8001)
    await talk(caller, attendant)
    caller.falls_silent()
    await attendant.presses("*9")
    await caller.hears("talk.recorded", to_the_end=True)
    await asyncio.sleep(0.5)
    await says(caller, attendant, BEFORE_HZ)
    mark = instance.log.mark()
    await instance.restart_engine()
    await instance.log.tells("reconciled", since=mark)
    await says(caller, attendant, RECORDED_HZ)
    await attendant.presses("*8")
    await asyncio.sleep(0.5)
    await says(caller, attendant, AFTER_HZ)
    await caller.hangs_up()
    record = await record_of(instance.api, "13900000001")
    (kept,) = record.of_kind("recording-kept")
    sound = await downloaded(instance.api, str(kept["recording"]))
    assert seconds_with(sound, BEFORE_HZ) >= SPOKEN_S
    assert seconds_with(sound, RECORDED_HZ) >= SPOKEN_S
    assert seconds_with(sound, AFTER_HZ) == 0
    (left,) = record.of_kind("person-left")
    assert sound.size / SAMPLE_RATE_HZ < float(left["talked_s"]) - SPOKEN_S
