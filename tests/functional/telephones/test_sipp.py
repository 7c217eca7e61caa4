"""SIPp calls one of the kit's telephones, once for each scenario of the house."""

from pathlib import Path

import pytest

from ivrengine.softphone.sip.call import Call, EndedBy
from ivrengine.softphone.sip.phone import Manner, Phone, PhoneSettings
from ivrengine.softswitch.local import installation
from ivrengine.softswitch.local.debian.progress import silent
from ivrengine.softswitch.settings import SoftswitchSettings
from tests.kit.scenario import Scenario, every_scenario
from tests.kit.sipp import SippRun, run_sipp

pytestmark = pytest.mark.functional

CALLER = "13900000001"


@pytest.fixture(scope="module")
def sipp() -> Path:
    return installation.fetch_test_tools(SoftswitchSettings(), silent).sipp


async def take_call(scenario: Scenario, sipp: Path, folder: Path) -> tuple[SippRun, Call]:
    settings = PhoneSettings(user="952588", server=("127.0.0.1", 9))
    async with await Phone.open(settings) as phone:
        phone.manner = Manner.ANSWER
        job = scenario.job(phone.wire.address, caller=CALLER, listen_ms=100, stay_ms=100)
        run = await run_sipp(sipp, job, folder=folder)
        return run, phone.call_in_hand


@pytest.mark.parametrize("scenario", every_scenario(), ids=lambda scenario: scenario.name)
async def test_a_scenario_keys_what_it_says_and_hangs_up(
    scenario: Scenario, sipp: Path, tmp_path: Path
) -> None:
    run, call = await take_call(scenario, sipp, tmp_path)
    assert run.exit_code == 0, run.explain()
    assert run.statistics is not None
    assert (run.statistics.successful, run.statistics.failed) == (1, 0)
    assert call.media.keys_received == scenario.keys
    assert call.end is not None
    assert call.end.by is EndedBy.THEM


async def test_a_scenario_that_is_refused_fails_and_says_why(sipp: Path, tmp_path: Path) -> None:
    settings = PhoneSettings(user="952588", server=("127.0.0.1", 9))
    async with await Phone.open(settings) as phone:
        phone.manner = Manner.BUSY
        job = every_scenario()[0].job(phone.wire.address, caller=CALLER)
        run = await run_sipp(sipp, job, folder=tmp_path)
    assert run.exit_code != 0
    assert run.statistics is not None
    assert run.statistics.failed == 1
    assert "486" in run.errors
