"""Conversations that no flow records, recorded by order of an agent, a supervisor or the API."""

import asyncio
from collections.abc import Sequence

import pytest

from ivrengine.agents.orders import NotPossible
from ivrengine.agents.recording import RecordingAnswer, RecordingTurned, RecordingVerb
from ivrengine.calls.facts import PersonLeft, RecordingKept
from ivrengine.calls.talk.settings import TalkSettings
from ivrengine.calls.talk_facts import RecordingOrdered
from ivrengine.flow.loader import load
from ivrengine.flow.model import FlowSet
from ivrengine.telephony import LegId, PlaybackFinished, PlaybackId
from ivrengine.values import AgentNumber
from tests.kit.bench.bench import Bench, a_bench
from tests.kit.bench.talks import picked_up, talking
from tests.kit.flows import demo_sources

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

SUPERVISOR = "8033"


def unrecorded() -> FlowSet:
    """The demonstration's flows, recording nobody."""
    sources = demo_sources()
    queue = "    queue: {var: topic}\n"
    assert queue in sources["waiting.yaml"]
    sources["waiting.yaml"] = sources["waiting.yaml"].replace(
        queue, f"{queue}    recorded: false\n"
    )
    return load(sources)


async def turn(bench: Bench, verb: RecordingVerb, agent: str = "8001") -> RecordingAnswer:
    """Somebody at the API orders it."""
    return await bench.engine.house.recordings.turn(AgentNumber(agent), verb, by="tester")


def ordered(bench: Bench) -> list[tuple[str, bool]]:
    """Who ordered recordings to begin, and to end."""
    return [(fact.by, fact.begins) for fact in bench.facts(RecordingOrdered)]


async def test_what_no_flow_records_is_recorded_from_the_order_on() -> None:
    async with a_bench(unrecorded()) as bench:
        caller, agent = await talking(bench)
        assert isinstance(await turn(bench, RecordingVerb.START), RecordingTurned)
        await caller.hears("talk.recorded")
        await agent.hears("talk.recorded")
        await asyncio.sleep(30)
        caller.hangs_up()
        assert await bench.is_quiet() == []
        kept, left = bench.fact(RecordingKept), bench.fact(PersonLeft)
        assert kept.recording == bench.fact(RecordingOrdered).recording
        assert 26 < kept.duration_s < 30 < left.talked_s
        assert ordered(bench) == [("tester", True)]
        assert bench.errors() == []


async def test_nothing_is_recorded_before_the_caller_has_been_told() -> None:
    async with a_bench(unrecorded()) as bench:
        caller, _ = await talking(bench)
        await turn(bench, RecordingVerb.START)
        await caller.hears("talk.recorded")
        await asyncio.sleep(1)
        caller.hangs_up()
        assert await bench.is_quiet() == []
        # The end of the announcement that hanging up cuts may be told before that of the call.
        assert [kept.duration_s for kept in bench.recordings_kept()] in ([], [0.0])


def let_fail(bench: Bench, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every playback of a prompt end at once, unheard."""
    exchange, carried_out = bench.world.exchange, bench.world.exchange.play

    async def play(leg: LegId, playback: PlaybackId, media: Sequence[str]) -> None:
        await carried_out(leg, playback, media)
        if any(what in uri for uri in media):
            at = bench.world.clock.now()
            unheard = PlaybackFinished(playback=playback, leg=leg, failed=True, at=at)
            bench.engine.legs.file(unheard)

    monkeypatch.setattr(exchange, "play", play)


async def test_nothing_is_recorded_when_the_caller_could_not_be_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with a_bench(unrecorded()) as bench:
        caller, _ = await talking(bench)
        let_fail(bench, "talk/recorded", monkeypatch)
        await turn(bench, RecordingVerb.START)
        await asyncio.sleep(20)
        assert ordered(bench) == [("tester", True), ("system", False)]
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.recordings_kept() == []


async def test_the_agent_begins_and_ends_a_recording_by_a_key() -> None:
    async with a_bench(unrecorded()) as bench:
        caller, agent = await talking(bench)
        await agent.presses("*9")
        await asyncio.sleep(20)
        await agent.presses("*9")
        await caller.hears("talk.not_recorded")
        await agent.hears("talk.not_recorded")
        assert bench.fact(RecordingKept).duration_s < 20
        assert ordered(bench) == [("agent 8001", True), ("agent 8001", False)]
        await agent.presses("*9")
        await asyncio.sleep(10)
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert len(bench.recordings_kept()) == 2


async def test_agents_may_be_kept_from_it_and_supervisors_not() -> None:
    async with a_bench(unrecorded(), talk=TalkSettings(agents_record=False)) as bench:
        caller, agent = await talking(bench)
        await agent.presses("*9")
        await agent.hears("agent.refused")
        assert isinstance(await turn(bench, RecordingVerb.START), RecordingTurned)
        await agent.presses("*9")
        await agent.hears("talk.not_recorded")
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_supervisor_has_it_recorded_by_a_code() -> None:
    async with a_bench(unrecorded()) as bench:
        caller, _ = await talking(bench)
        supervisor = bench.world.exchange.agent_dials(SUPERVISOR, "*258001")
        await supervisor.hears("talk.recorded")
        await supervisor.is_let_go()
        await asyncio.sleep(10)
        supervisor = bench.world.exchange.agent_dials(SUPERVISOR, "*268001")
        await supervisor.hears("talk.not_recorded")
        other = bench.world.exchange.agent_dials("8002", "*258001")
        await other.hears("observe.not_allowed")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        by = f"supervisor {SUPERVISOR}"
        assert ordered(bench) == [(by, True), (by, False)]
        assert len(bench.recordings_kept()) == 1


async def test_nobody_need_be_told_where_the_house_has_said_it_otherwise() -> None:
    async with a_bench(unrecorded(), talk=TalkSettings(recording_told=False)) as bench:
        caller, agent = await talking(bench)
        await turn(bench, RecordingVerb.START)
        await asyncio.sleep(10)
        await turn(bench, RecordingVerb.STOP)
        assert bench.fact(RecordingKept).duration_s == pytest.approx(10, abs=0.5)
        for party in (caller, agent):
            assert not [media for media in party.heard if "recorded" in media]
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_recording_that_the_flow_wants_is_ended_by_nobodys_order() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        assert isinstance(await turn(bench, RecordingVerb.START), NotPossible)
        assert isinstance(await turn(bench, RecordingVerb.STOP), NotPossible)
        await agent.presses("*9")
        await agent.hears("agent.refused")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert ordered(bench) == []
        assert len(bench.recordings_kept()) == 1


async def test_a_caller_on_hold_cannot_be_told_and_so_is_not_recorded() -> None:
    async with a_bench(unrecorded()) as bench:
        caller, agent = await talking(bench)
        await agent.presses("*1")
        await asyncio.sleep(1)
        assert isinstance(await turn(bench, RecordingVerb.START), NotPossible)
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.recordings_kept() == []


async def test_a_hold_in_the_midst_of_the_announcement_delays_the_recording() -> None:
    async with a_bench(unrecorded()) as bench:
        caller, agent = await talking(bench)
        await turn(bench, RecordingVerb.START)
        await agent.presses("*1")
        await asyncio.sleep(30)
        await agent.presses("*1")
        await asyncio.sleep(10)
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.fact(RecordingKept).duration_s == pytest.approx(10, abs=1)


async def test_a_secret_is_not_recorded_whoever_orders_a_recording_meanwhile() -> None:
    async with a_bench(unrecorded()) as bench:
        caller, agent = await talking(bench)
        await turn(bench, RecordingVerb.START)
        await asyncio.sleep(10)
        await agent.presses("*8")
        await asyncio.sleep(1)
        await turn(bench, RecordingVerb.STOP)
        assert isinstance(await turn(bench, RecordingVerb.START), RecordingTurned)
        await asyncio.sleep(20)
        await agent.presses("*8")
        await asyncio.sleep(10)
        caller.hangs_up()
        assert await bench.is_quiet() == []
        first, second = bench.recordings_kept()
        assert first.duration_s < 10
        assert second.duration_s == pytest.approx(10, abs=1)


@pytest.mark.parametrize("ordered_for_s", [0.5, 20])
async def test_a_recording_outlasts_the_engine_that_was_ordered_to_make_it(
    ordered_for_s: float,
) -> None:
    async with a_bench(unrecorded()) as bench:
        caller, agent = await talking(bench)
        await turn(bench, RecordingVerb.START)
        await asyncio.sleep(ordered_for_s)
        await bench.restart()
        await caller.meets("8001")
        await asyncio.sleep(20)
        assert bench.recordings_kept() == []
        await agent.presses("*9")
        await caller.hears("talk.not_recorded")
        assert bench.fact(RecordingKept).duration_s > 19
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert ordered(bench) == [("tester", True), ("agent 8001", False)]
        assert bench.errors() == []


async def test_a_recording_goes_along_with_a_caller_who_is_handed_over() -> None:
    async with a_bench(unrecorded()) as bench:
        caller, agent = await talking(bench)
        await turn(bench, RecordingVerb.START)
        await asyncio.sleep(10)
        await bench.ready("8002")
        await agent.presses("*38002#")
        other = await picked_up(bench, "8002")
        await asyncio.sleep(2)
        await agent.presses("*5")
        await caller.meets("8002")
        await bench.restart()
        await caller.meets("8002")
        await asyncio.sleep(10)
        await other.presses("*9")
        await other.hears("talk.not_recorded")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert len(bench.recordings_kept()) == 1
        assert ordered(bench)[-1] == ("agent 8002", False)


async def killed_at(step: int) -> tuple[bool, list[str]]:
    """Kill the engine in the midst of a step of the order; whether it came to that, and faults."""
    async with a_bench(unrecorded()) as bench:
        caller, agent = await talking(bench)
        dying, before = bench.engine.pulse, len(bench.engine.pulse.moments)
        dying.at_step = lambda now: bench.kill() if now == before + step else None
        await agent.presses("*9")
        await asyncio.sleep(8)
        if dying.beats:
            return False, []
        bench.start()
        await asyncio.sleep(20)
        faults = [] if caller.partners == ["8001"] else [f"the caller is with {caller.partners}"]
        begun = ordered(bench)
        caller.hangs_up()
        faults += [*await bench.is_quiet(), *bench.errors()]
        recorded_s = sum(kept.duration_s for kept in bench.recordings_kept())
        if bool(begun) is not (recorded_s > 19):
            faults.append(f"{begun} were ordered and {recorded_s} s recorded")
        return True, faults


async def test_an_order_that_was_noted_is_carried_out_at_whatever_step_the_engine_dies() -> None:
    wrong, step, came_to_it = {}, 1, True
    while came_to_it:
        came_to_it, faults = await killed_at(step)
        if faults:
            wrong[step] = faults
        step += 1
    assert wrong == {}
    assert step > 5
