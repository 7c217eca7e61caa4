"""Operators' files put in force with calls up: by signal, by the API, with faults and without."""

import asyncio

import pytest

from ivrengine.softphone.sip.call import CallState
from tests.functional.conftest import NewAgent, NewCaller, order
from tests.functional.operating.conftest import RosterFiles
from tests.kit.api import Refused, asked
from tests.kit.instance import Instance
from tests.kit.person import Caller
from tests.kit.records import record_of
from tests.kit.walks import (
    asks_for_trading,
    comes_to_the_menu,
    hear_each_other,
    is_joined,
    waits_for_trading,
)

pytestmark = [pytest.mark.functional, pytest.mark.timeout(180)]

AGENT_8002 = (
    '  - {number: "8002", name: {zh: 李伟, en: Li Wei}, skills: {general: 1, trading: 3}}\n'
)


async def test_who_talks_and_who_waits_are_undisturbed_and_a_removed_agent_goes_after_the_call(
    instance: Instance,
    ready_agent: NewAgent,
    agent: NewAgent,
    new_caller: NewCaller,
    files: RosterFiles,
) -> None:
    talking, waiting = await new_caller("13900000061"), await new_caller("13900000062")
    removed = await ready_agent(8002)
    await comes_to_the_menu(talking)
    await asks_for_trading(talking)
    await is_joined(talking, removed)
    other = await agent(8001)
    await order(instance, 8001, "login")
    await waits_for_trading(waiting)
    mark = instance.log.mark()
    files.edit("agents.yaml", AGENT_8002, "")
    files.edit("queues.yaml", "{after_s: 20, needs: trading}", "{after_s: 25, needs: trading}")
    instance.reload_flows()
    told = await instance.log.tells("reloaded", since=mark)
    assert told["by"] == "SIGHUP"
    assert told["changes"] == [
        "agent 8002: removed",
        "queue trading: steps.1.after_s: 20.0 → 25.0",
    ]
    await hear_each_other(talking, removed)
    assert waiting.call.state is CallState.TALKING
    await order(instance, 8001, "ready")
    await is_joined(waiting, other)
    await talking.hangs_up()
    await removed.is_hung_up_on()
    await waiting.hangs_up()
    numbers = [each["number"] for each in await asked(lambda: instance.api.get("/api/agents"))]
    assert "8002" not in numbers
    with pytest.raises(Refused, match="there is no agent 8002"):
        await asked(lambda: instance.api.post("/api/agents/8002/login"))


async def test_a_file_with_faults_changes_nothing_and_says_all_of_them(
    instance: Instance, ready_agent: NewAgent, caller: Caller, files: RosterFiles
) -> None:
    files.edit("queues.yaml", "wrap_up_s: 20", "wrap_up_s: twenty")
    files.edit("agents.yaml", '"8002", name', '"8001", name')
    with pytest.raises(Refused) as refusal:
        await asked(lambda: instance.api.post("/api/reload"))
    assert refusal.value.status == 422
    assert "queues.yaml" in str(refusal.value)
    assert "8001 stands here twice" in str(refusal.value)
    mark = instance.log.mark()
    instance.reload_flows()
    refused = await instance.log.tells("reload_refused", since=mark)
    assert "wrap_up_s" in refused["fault"]
    attendant = await ready_agent(8002)
    await comes_to_the_menu(caller)
    await asks_for_trading(caller)
    await is_joined(caller, attendant)
    await caller.hangs_up()
    await attendant.is_hung_up_on()


async def test_files_as_they_are_change_nothing(instance: Instance, files: RosterFiles) -> None:
    mark = instance.log.mark()
    answer = await asked(lambda: instance.api.post("/api/reload"))
    assert answer == {"changed": False, "changes": []}
    assert not [line for line in instance.log.lines(mark) if line["event"] == "moved"]


async def test_a_caller_who_waits_for_skill_is_told_why_and_comes_to_whoever_is_given_it(
    instance: Instance, ready_agent: NewAgent, caller: Caller, files: RosterFiles
) -> None:
    trainee = await ready_agent(8017)
    await waits_for_trading(caller)
    [call] = await asked(lambda: instance.api.get("/api/calls"))
    told = await asked(lambda: instance.api.get(f"/api/calls/{call['id']}/explain"))
    reasons = {each["agent"]: each["missing"] for each in told["standing"]["agents"]}
    assert reasons["8017"] == "trading >= 2"
    assert any("needs an agent with: trading >= 2" in s for s in told["standing"]["sentences"])
    altered = await asked(
        lambda: instance.api.text("PATCH", "/api/agents/8017", {"skills": {"trading": 3}})
    )
    assert "agent 8017: skills.trading: 1 → 3" in altered
    await is_joined(caller, trainee)
    assert "trading: 3" in next(
        line for line in files.text("agents.yaml").splitlines() if '"8017"' in line
    )
    await caller.hangs_up()
    await trainee.is_hung_up_on()


async def test_a_supervisor_moves_a_caller_to_another_queue_and_forces_an_agent(
    instance: Instance, ready_agent: NewAgent, agent: NewAgent, caller: Caller
) -> None:
    clerk = await ready_agent(8021)
    await agent(8002)
    await order(instance, 8002, "login")
    await waits_for_trading(caller)
    [call] = await asked(lambda: instance.api.get("/api/calls"))
    mark = instance.log.mark()
    moved = asyncio.ensure_future(
        asked(
            lambda: instance.api.post(f"/api/contacts/{call['id']}/move", {"queue": "complaints"})
        )
    )
    await is_joined(caller, clerk)
    assert (await moved)["queue"] == "complaints"
    told = await instance.log.tells("contact_moved", since=mark)
    assert (told["by"], told["queue"], told["refused"]) == ("administrator", "complaints", "")
    forced = await asked(
        lambda: instance.api.post(
            "/api/agents/8021/force", {"presence": "not-ready", "reason": "training"}
        )
    )
    assert (forced["state"], forced["pending"]) == ("talking", "go-not-ready")
    await caller.hangs_up()
    await clerk.is_hung_up_on()
    views = await asked(lambda: instance.api.get("/api/agents"))
    [after] = [view for view in views if view["number"] == "8021"]
    assert (after["presence"], after["reason"], after["forced_by"]) == (
        "aux",
        "training",
        "administrator",
    )
    await record_of(instance.api, caller.phone.settings.user)
    way = (await asked(lambda: instance.api.get(f"/api/calls/{call['id']}/explain")))["way"]
    words = [stage["words"] for stage in way]
    assert "waited on in the queue complaints, moved by administrator" in words
    assert any(word.startswith("8021 took it") for word in words)
