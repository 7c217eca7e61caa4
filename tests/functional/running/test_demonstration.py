"""The demonstration call: what is printed is what was heard, and nothing is left but its record."""

import signal

import pytest

from ivrengine.demo.story import CALLER_NUMBER
from tests.functional.running.conftest import NewSystem
from tests.kit.api import asked
from tests.kit.command import run_command
from tests.kit.instance import Instance
from tests.kit.person import Agent
from tests.kit.records import record_of

pytestmark = [pytest.mark.functional, pytest.mark.timeout(240)]

SERVES = "serving; Ctrl-C stops everything"
DIALOGUE = (
    "agent 8040 dials *10 to log in",
    "hears “您已签入。”",
    "caller dials 952588",
    "hears “您好，欢迎致电证券服务热线。”",
    "caller presses 1 for Mandarin",
    "hears “股票行情请按一",
    "caller presses 600519",
    "hears “贵州茅台六零零五幺九。最新价",
    "caller presses 0 for a person",
    "通话将被录音。”",
    "♪ music",
    "agent 8040 dials *11 to be ready",
    "agent 8040 picks up",
    "hears “工号八零四零。为您服务。”",
    "agent 8040 says “您好，请问有什么可以帮您？”",
    "caller hears a voice for",
    "caller says “你好，刚才听到的是实时行情吗？”",
    "agent 8040 hears a voice for",
    "agent 8040 hangs up",
    "hears “请为本次服务评分。",
    "caller presses 5 for very good",
    "hears “感谢您的评价。”",
    "caller hangs up",
)


async def state_of(instance: Instance, number: str) -> str:
    agents = await asked(lambda: instance.api.get("/api/agents"))
    return next(str(agent["state"]) for agent in agents if agent["number"] == number)


def in_order(said: str, *parts: str) -> str:
    """The first part that does not follow the one before it; empty when all do."""
    place = 0
    for part in parts:
        place = said.find(part, place)
        if place < 0:
            return part
        place += len(part)
    return ""


async def test_it_is_told_as_it_was_heard_and_kept(new_system: NewSystem) -> None:
    instance = new_system()
    with run_command(instance) as run:
        await run.says(SERVES, within_s=180)
        assert in_order(run.said, *DIALOGUE, "recorded: ") == "", run.said
        record = await record_of(instance.api, CALLER_NUMBER)
        assert (record.fields["agent"], record.fields["ended_by"]) == ("8040", "caller")
        assert f"records show {record.fields['id']}" in run.said
        [recording] = record.fields["recordings"]
        file = instance.state_dir / "recordings" / f"{recording}.wav"
        assert str(file) in run.said
        assert file.stat().st_size > 8 * 8000
        assert await state_of(instance, "8040") == "logged_out"
        assert await asked(lambda: instance.api.get("/api/calls")) == []
        assert await asked(lambda: instance.ari.get("/channels")) == []
        run.sends(signal.SIGINT)
        assert await run.ends() == 0
        await run.leaves_nothing()


async def test_interrupted_it_leaves_the_agent_logged_out(new_system: NewSystem) -> None:
    instance = new_system()
    with run_command(instance) as run:
        await run.says("caller presses 1 for Mandarin", within_s=120)
        run.sends(signal.SIGINT)
        assert await run.ends() == 0
        await run.leaves_nothing()
    with run_command(instance, "--no-demo") as again:
        await again.says(SERVES)
        assert await state_of(instance, "8040") == "logged_out"


async def test_it_is_left_out_where_agents_are_at_work(new_system: NewSystem) -> None:
    instance = new_system()
    with run_command(instance, "--no-demo") as run:
        await run.says(SERVES)
        settings = instance.agent_settings(8001)
        libraries = instance.libraries.load_all()
        async with await Agent.with_phone(settings, libraries) as agent:
            await agent.registers()
            await agent.dials_code("*10")
            run.sends(signal.SIGINT)
            assert await run.ends() == 0
            with run_command(instance) as again:
                await again.says("left out: agents are at work")
                await again.says(SERVES)


async def test_the_environment_can_leave_it_out(new_system: NewSystem) -> None:
    with run_command(new_system(DEMO="0")) as run:
        await run.says(SERVES)
        assert "demonstration" not in run.said
