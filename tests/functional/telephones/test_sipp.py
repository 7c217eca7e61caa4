"""SIPp calls one of the kit's telephones: each scenario of the house, many calls, and refusals."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from ivrengine.load.sound.protocol import StrangeCommand
from ivrengine.softphone.sip.call import Call, EndedBy
from ivrengine.softphone.sip.phone import Manner, Phone, PhoneSettings
from ivrengine.softswitch.local import installation
from ivrengine.softswitch.local.debian.progress import silent
from ivrengine.softswitch.settings import SoftswitchSettings
from tests.kit.scenario import Scenario, every_scenario
from tests.kit.sipp import SippJob, SippRun, run_sipp

pytestmark = pytest.mark.functional

CALLER = "13900000001"
AT_ONCE = 20
A_STRANGE_ORDER = """\
<scenario name="A strange order">
  <sendCmd><![CDATA[
    Call-ID: [call_id]
    Whistles: a tune

  ]]></sendCmd>
  <pause milliseconds="5000" />
</scenario>
"""


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


@pytest.mark.parametrize(
    "scenario",
    [scenario for scenario in every_scenario() if scenario.let_go_within_ms is None],
    ids=lambda scenario: scenario.name,
)
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


async def test_each_of_many_callers_keys_into_the_call_that_is_theirs(
    sipp: Path, tmp_path: Path
) -> None:
    settings = PhoneSettings(user="952588", server=("127.0.0.1", 9))
    [scenario] = [each for each in every_scenario() if each.name == "quote/nominal"]
    async with await Phone.open(settings) as phone:
        phone.manner = Manner.ANSWER
        job = scenario.job(phone.wire.address, caller=CALLER, listen_ms=100, stay_ms=100)
        many = replace(job, calls=AT_ONCE, at_once=AT_ONCE, rate_per_s=2.0 * AT_ONCE)
        run = await run_sipp(sipp, many, folder=tmp_path)
        keyed = Counter(call.media.keys_received for call in phone.calls)
    assert run.exit_code == 0, run.explain()
    assert keyed == {scenario.keys: AT_ONCE}


async def test_an_order_for_sound_that_nobody_understands_ends_the_run(
    sipp: Path, tmp_path: Path
) -> None:
    scenario = tmp_path / "scenario.xml"
    scenario.write_text(A_STRANGE_ORDER)
    job = SippJob(scenario=scenario, server=("127.0.0.1", 9), number="952588")
    with pytest.raises(ExceptionGroup) as failure:
        await run_sipp(sipp, job, folder=tmp_path)
    assert failure.group_contains(StrangeCommand, match="Whistles")


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
