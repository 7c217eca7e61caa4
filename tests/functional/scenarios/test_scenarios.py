"""Every SIPp scenario against the whole system, judged by the record that the call leaves."""

import asyncio
from pathlib import Path

import pytest

from ivrengine.softswitch.local import installation
from ivrengine.softswitch.local.debian.progress import silent
from ivrengine.softswitch.settings import SoftswitchSettings
from tests.functional.conftest import NewAgent
from tests.kit.instance import Instance
from tests.kit.person import Agent
from tests.kit.records import record_of
from tests.kit.scenario import Scenario, every_scenario
from tests.kit.sipp import run_sipp

pytestmark = [pytest.mark.functional, pytest.mark.timeout(240)]

TALKS_S = 1.5
INTRODUCED_WITHIN_S = 4.0
"""From the queue's name to the end of what agent and caller are told before they are joined."""

SCENARIOS = every_scenario()


async def comes_to_work(agent: NewAgent, number: int) -> Agent:
    attendant = await agent(number)
    await attendant.dials_code("*10")
    await attendant.dials_code("*11")
    return attendant


async def serves_one_caller(attendant: Agent, whisper: str, *, within_s: float) -> None:
    await attendant.answers(within_s=within_s)
    if whisper:
        await attendant.hears(whisper, to_the_end=True)
    await attendant.waits(INTRODUCED_WITHIN_S)
    await attendant.waits(TALKS_S)
    await attendant.hangs_up()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
async def test_a_scenario_goes_as_expected(
    instance: Instance, agent: NewAgent, scenario: Scenario, tmp_path: Path
) -> None:
    caller = f"1370000{SCENARIOS.index(scenario):04}"
    job = scenario.job(instance.sip, caller=caller)
    sipp = installation.fetch_test_tools(SoftswitchSettings(), silent).sipp
    for number in scenario.busy_agents:
        await comes_to_work(agent, number)
    servants = [await comes_to_work(agent, number) for number in scenario.agents]

    async with asyncio.TaskGroup() as group:
        running = group.create_task(run_sipp(sipp, job, folder=tmp_path))
        for servant in servants:
            group.create_task(serves_one_caller(servant, scenario.whisper, within_s=job.within_s))

    assert running.result().exit_code == 0, running.result().explain()
    record = await record_of(instance.api, caller)
    told = {name: record.fields[name] for name in scenario.record.fields}
    assert told == dict(scenario.record.fields)
    assert record.lists_in_order(*scenario.record.heard), record.prompts
