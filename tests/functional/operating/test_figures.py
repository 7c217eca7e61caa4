"""Figures of today as operators see them: of real calls, and kept when the engine dies."""

import json
import subprocess
import sys

import pytest

from tests.functional.conftest import NewAgent
from tests.kit.api import asked
from tests.kit.instance import PROJECT, Instance
from tests.kit.person import Caller
from tests.kit.walks import asks_for_trading, comes_to_the_menu, is_joined

pytestmark = [pytest.mark.functional, pytest.mark.timeout(180)]


async def trading(instance: Instance) -> dict[str, object]:
    """The queue trading as `ivrengine queues` shows it."""

    def command() -> str:
        return subprocess.run(
            [sys.executable, "-m", "ivrengine", "queues", "--json"],
            cwd=PROJECT,
            env=instance.environment,
            capture_output=True,
            text=True,
            timeout=90,
            check=True,
        ).stdout

    queues = json.loads(await asked(command))
    return next(queue for queue in queues if queue["name"] == "trading")


async def test_todays_figures_count_a_call_once_and_outlive_the_engine(
    instance: Instance, ready_agent: NewAgent, caller: Caller
) -> None:
    before = await trading(instance)
    attendant = await ready_agent(8001)
    await comes_to_the_menu(caller)
    await asks_for_trading(caller)
    await is_joined(caller, attendant)
    await caller.hangs_up()
    await attendant.is_hung_up_on()
    after = await trading(instance)
    assert after["entered_today"] == before["entered_today"] + 1  # type: ignore[operator]
    assert after["answered_today"] == before["answered_today"] + 1  # type: ignore[operator]
    assert after["service_level_today"] is not None
    await instance.kill_engine()
    await instance.until_ready()
    again = await trading(instance)
    counted = ("entered_today", "answered_today", "abandoned_today", "service_level_today")
    assert [again[name] for name in counted] == [after[name] for name in counted]
    [agent] = (await asked(lambda: instance.api.get("/api/kpis?agent=8001")))["agents"]
    assert agent["calls"]["handled"] >= 1
    assert agent["time"]["talking_s"] > 0
