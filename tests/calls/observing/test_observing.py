"""A supervisor listens, whispers, barges in and takes over, and nobody notices who should not."""

import asyncio

import pytest

from ivrengine.agents.observing import (
    NotAllowed,
    ObserveMode,
    ObserveOrder,
    ObserveStage,
    Observing,
)
from ivrengine.agents.orders import NotPossible, UnknownAgent
from ivrengine.calls.facts import CallEnded, PersonLeft
from ivrengine.calls.talk_facts import ObservationBegan, ObservationEnded
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import SimulatedPhone
from ivrengine.values import AgentNumber
from tests.kit.bench.bench import CALLER, Bench, a_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

SUPERVISOR = "8033"


async def talking(bench: Bench, number: str = "8001") -> tuple[Party, SimulatedPhone]:
    """A caller and an agent who have talked for a while."""
    agent = await bench.ready(number)
    caller = bench.call_in()
    await caller.presses("201")
    await agent.rings()
    agent.answers()
    await caller.meets(number)
    await asyncio.sleep(5)
    return caller, agent


def ear_of(phone: SimulatedPhone) -> Party:
    """The call at a telephone."""
    assert phone.call is not None
    return phone.call


async def observing(bench: Bench, code: str, agent: str = "8001") -> Party:
    """The supervisor's call, who has dialled a code and hears the conversation."""
    supervisor = bench.phone(SUPERVISOR).dials(f"{code}{agent}")
    await asyncio.sleep(6)
    return supervisor


def parts_of(bench: Bench) -> list[tuple[str, str, str, float]]:
    """Every observation that is over: who, whom, how, and for how many whole seconds."""
    return [
        (each.supervisor, each.agent, each.mode, round(each.observed_s))
        for each in bench.facts(ObservationEnded)
    ]


async def test_whoever_listens_hears_both_and_is_heard_by_nobody() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        supervisor = await observing(bench, "*20")
        await supervisor.hears("observe.listening")
        assert set(supervisor.voices) >= {CALLER, "8001"}
        assert caller.voices == ["8001"]
        assert ear_of(agent).voices == [CALLER]
        supervisor.hangs_up()
        await asyncio.sleep(1)
        assert caller.partners == ["8001"]
        caller.hangs_up()
        assert await bench.is_quiet() == []
        began = bench.fact(ObservationBegan)
        ended = bench.fact(ObservationEnded)
        assert (began.supervisor, began.agent, began.mode) == (SUPERVISOR, "8001", "listen")
        assert ended.observed_s == pytest.approx(ended.at - began.at, abs=0.001)
        assert bench.fact(PersonLeft).by == "caller"


async def test_a_whisper_is_for_the_agent_alone() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        supervisor = await observing(bench, "*21")
        assert set(ear_of(agent).voices) == {CALLER, SUPERVISOR}
        assert caller.voices == ["8001"]
        assert set(supervisor.voices) >= {CALLER, "8001"}


async def test_whoever_barges_in_is_heard_by_both() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        await observing(bench, "*22")
        assert set(ear_of(agent).voices) == {CALLER, SUPERVISOR}
        assert set(caller.voices) == {"8001", SUPERVISOR}


async def test_whoever_takes_over_serves_the_caller_and_the_agent_wraps_up() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        supervisor = await observing(bench, "*23")
        await supervisor.hears("observe.taken_over")
        assert caller.partners == [SUPERVISOR]
        assert supervisor.partners == [CALLER]
        assert agent.call is None
        assert bench.work_of("8001") == "acw"
        await asyncio.sleep(10)
        supervisor.hangs_up()
        await caller.hears("rating.ask")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        [(who, whom, how, _)] = parts_of(bench)
        assert (who, whom, how) == (SUPERVISOR, "8001", "take-over")


async def test_the_caller_of_whoever_took_over_hangs_up() -> None:
    async with a_bench() as bench:
        caller, _ = await talking(bench)
        supervisor = await observing(bench, "*23")
        caller.hangs_up()
        await supervisor.is_let_go(within_s=1)
        assert await bench.is_quiet() == []
        assert bench.fact(CallEnded).outcome == "answered"


async def test_keys_change_the_mode_within_one_call() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        supervisor = await observing(bench, "*20")
        for key, heard_by_agent, heard_by_caller in (
            ("1", True, False),
            ("2", True, True),
            ("0", False, False),
        ):
            await supervisor.presses(key)
            await asyncio.sleep(5)
            assert (SUPERVISOR in ear_of(agent).voices) is heard_by_agent
            assert (SUPERVISOR in caller.voices) is heard_by_caller
            assert f"key:{key}" not in [*caller.heard, *ear_of(agent).heard]
        await supervisor.presses("3")
        await caller.meets(SUPERVISOR)
        supervisor.hangs_up()
        caller.hangs_up()
        assert await bench.is_quiet() == []
        modes = [each.mode for each in bench.facts(ObservationBegan)]
        assert modes == ["listen", "whisper", "barge-in", "listen", "take-over"]
        assert [how for _, _, how, _ in parts_of(bench)] == modes


async def test_the_supervisor_stays_for_the_agents_next_conversation() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        supervisor = await observing(bench, "*20")
        caller.hangs_up()
        await supervisor.hears("observe.talk_over")
        assert not supervisor.is_over
        second = bench.call_in("13900000002")
        await second.presses("201")
        await agent.rings()
        agent.answers()
        await second.meets("8001")
        await asyncio.sleep(4)
        assert set(supervisor.voices) >= {"13900000002", "8001"}
        supervisor.hangs_up()
        second.hangs_up()
        assert await bench.is_quiet() == []
        assert len({each.call for each in bench.facts(ObservationBegan)}) == 2


async def test_whoever_observes_an_idle_agent_waits_for_a_conversation() -> None:
    async with a_bench() as bench:
        bench.phone("8001")
        supervisor = bench.phone(SUPERVISOR).dials("*208001")
        await supervisor.hears("observe.waiting")
        caller, _ = await talking(bench)
        await asyncio.sleep(2)
        assert set(supervisor.voices) >= {CALLER, "8001"}
        caller.hangs_up()
        supervisor.hangs_up()
        assert await bench.is_quiet() == []


@pytest.mark.parametrize("code", ["*20", "*21", "*22", "*23", "*24"])
async def test_an_agent_who_is_no_supervisor_is_refused(code: str) -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        nosy = bench.phone("8002").dials(f"{code}8001")
        await nosy.hears("observe.not_allowed")
        await nosy.is_let_go()
        assert caller.voices == ["8001"]
        assert ear_of(agent).voices == [CALLER]
        assert bench.facts(ObservationBegan) == []


async def test_nobody_takes_over_from_an_agent_who_does_not_talk() -> None:
    async with a_bench() as bench:
        await bench.ready("8001")
        supervisor = bench.phone(SUPERVISOR).dials("*238001")
        await supervisor.hears("agent.refused")
        await supervisor.is_let_go()
        assert await bench.is_quiet() == []


async def test_the_supervisors_telephone_is_rung_by_order() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        desk = bench.phone(SUPERVISOR)
        order = ObserveOrder(
            agent=AgentNumber("8001"),
            supervisor=AgentNumber(SUPERVISOR),
            mode=ObserveMode.WHISPER,
        )
        answer = await bench.engine.house.observations.order(order)
        assert isinstance(answer, Observing)
        assert answer.stage is ObserveStage.RINGING
        await desk.rings()
        desk.answers()
        await asyncio.sleep(4)
        assert SUPERVISOR in ear_of(agent).voices
        [under_way] = bench.engine.house.observations.under_way(AgentNumber("8001"))
        assert (under_way.stage, under_way.mode) == (ObserveStage.OBSERVING, ObserveMode.WHISPER)
        assert bench.engine.house.observations.end(AgentNumber("8001")) == [under_way]
        await asyncio.sleep(1)
        assert desk.call is None
        assert caller.voices == ["8001"]
        caller.hangs_up()
        assert await bench.is_quiet() == []


@pytest.mark.parametrize(
    ("agent", "supervisor", "refusal"),
    [
        ("8001", "8002", NotAllowed),
        ("8001", "9999", NotAllowed),
        ("9999", SUPERVISOR, UnknownAgent),
        (SUPERVISOR, SUPERVISOR, NotPossible),
    ],
)
async def test_an_order_is_refused_with_its_reason(
    agent: str, supervisor: str, refusal: type[object]
) -> None:
    async with a_bench() as bench:
        order = ObserveOrder(
            agent=AgentNumber(agent),
            supervisor=AgentNumber(supervisor),
            mode=ObserveMode.LISTEN,
        )
        answer = await bench.engine.house.observations.order(order)
        assert isinstance(answer, refusal)
        assert bench.engine.house.observations.under_way(AgentNumber(agent)) == []


async def test_a_supervisor_logs_an_agent_out_after_the_conversation() -> None:
    async with a_bench() as bench:
        caller, _ = await talking(bench)
        supervisor = bench.phone(SUPERVISOR).dials("*248001")
        await supervisor.hears("observe.logs_off_after_call")
        await supervisor.is_let_go()
        assert caller.partners == ["8001"]
        caller.hangs_up()
        await asyncio.sleep(1)
        view = bench.engine.desk.agent(AgentNumber("8001"))
        assert view is not None
        assert view.state == "logged_out"


async def test_an_engine_that_dies_disturbs_no_conversation_and_leaves_nobody_listening() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        supervisor = await observing(bench, "*22")
        await bench.restart()
        await asyncio.sleep(3)
        assert supervisor.is_over
        assert caller.voices == ["8001"]
        assert ear_of(agent).voices == [CALLER]
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert [how for _, _, how, _ in parts_of(bench)] == ["barge-in"]


async def test_an_engine_that_dies_leaves_a_caller_with_whoever_took_over() -> None:
    async with a_bench() as bench:
        caller, _ = await talking(bench)
        supervisor = await observing(bench, "*23")
        await bench.restart()
        await asyncio.sleep(3)
        assert caller.partners == [SUPERVISOR]
        caller.hangs_up()
        await supervisor.is_let_go(within_s=2)
        assert await bench.is_quiet() == []
