"""An agent calls a telephone outside by hand: in the same states, recorded, with a record."""

import asyncio

import pytest

from acd.agent_states import Work
from ivrengine.agents.calling_out import CallingOut, CallOutAnswer, NumberRefused
from ivrengine.agents.orders import NotPossible, UnknownAgent
from ivrengine.agents.recording import RecordingTurned, RecordingVerb
from ivrengine.calls.facts import CallAdmitted, CallEnded, PersonJoined, PersonLeft, RecordingKept
from ivrengine.calls.talk_facts import CalledOut, TalkTurned
from ivrengine.errors import SwitchRefused, SwitchUnavailable
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import Manner, SimulatedPhone
from ivrengine.values import AgentNumber
from tests.kit.bench.bench import Bench, a_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

CUSTOMER = "13900000007"
WRAP_UP_S = 10


async def called(bench: Bench, number: str = CUSTOMER) -> tuple[Party, SimulatedPhone]:
    """An agent who has dialled, and the telephone outside, which rings."""
    outside = bench.world.exchange.outside_phone(number)
    agent = await bench.ready("8001")
    party = agent.dials(f"0{number}")
    await outside.rings()
    return party, outside


async def talking(bench: Bench) -> tuple[Party, Party]:
    """An agent and a customer who have talked for a while."""
    party, outside = await called(bench)
    customer = outside.answers()
    await customer.hears("outbound.consent")
    await customer.meets("8001")
    await asyncio.sleep(20)
    return party, customer


async def test_the_called_hear_that_it_is_recorded_and_then_the_agent() -> None:
    async with a_bench() as bench:
        party, customer = await talking(bench)
        assert party.partners == [CUSTOMER]
        assert bench.work_of("8001") == Work.EXTERNAL
        party.hangs_up()
        await customer.is_let_go(within_s=1)
        await asyncio.sleep(0.1)
        assert bench.work_of("8001") == Work.ACW
        assert await bench.is_quiet() == []
        admitted, ended = bench.fact(CallAdmitted), bench.fact(CallEnded)
        assert (admitted.outgoing, admitted.caller) == (True, CUSTOMER)
        assert admitted.caller_class == "outgoing"
        assert bench.fact(CalledOut).agent == "8001"
        assert bench.fact(PersonLeft).talked_s == pytest.approx(20, abs=0.2)
        assert (ended.by, ended.outcome) == ("agent", "answered")
        assert bench.fact(RecordingKept).recording == bench.fact(PersonJoined).recording


async def test_the_agent_is_not_heard_before_the_consent_is_over() -> None:
    async with a_bench() as bench:
        party, outside = await called(bench)
        customer = outside.answers()
        await asyncio.sleep(0.5)
        assert customer.partners == []
        assert not party.is_answered
        await customer.meets("8001")
        assert customer.leg.heard[0].cut is False


async def test_nobody_is_recorded_who_could_not_be_told() -> None:
    async with a_bench() as bench:
        party, outside = await called(bench)
        bench.world.exchange.fail("play", SwitchRefused("no such sound", status=404))
        customer = outside.answers()
        await customer.meets("8001")
        await asyncio.sleep(5)
        party.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.fact(PersonJoined).recording == ""
        assert bench.recordings_kept() == []


async def test_nobody_is_offered_to_an_agent_who_calls_out_nor_while_wrapping_up() -> None:
    async with a_bench() as bench:
        party, customer = await talking(bench)
        caller = bench.call_in()
        await caller.presses("201")
        await asyncio.sleep(30)
        phone = bench.phones["8001"]
        assert phone.calls == []
        customer.hangs_up()
        await party.is_let_go(within_s=1)
        await asyncio.sleep(WRAP_UP_S - 1)
        assert phone.calls == []
        await phone.rings(within_s=2)
        caller.hangs_up()


@pytest.mark.parametrize(
    ("manner", "said"),
    [
        (Manner.IS_BUSY, "outbound.busy"),
        (Manner.RINGS, "outbound.no_answer"),
        (Manner.IS_AWAY, "outbound.failed"),
        (Manner.REJECTS, "outbound.failed"),
    ],
)
async def test_the_agent_hears_why_nobody_is_reached(manner: Manner, said: str) -> None:
    async with a_bench() as bench:
        bench.world.exchange.outside_phone(CUSTOMER, manner)
        agent = await bench.ready("8001")
        party = agent.dials(f"0{CUSTOMER}")
        await party.hears(said)
        await party.is_let_go()
        await asyncio.sleep(0.1)
        assert bench.work_of("8001") == Work.IDLE
        assert await bench.is_quiet() == []
        assert bench.fact(CallEnded).outcome == "failed"


async def test_an_agent_who_hangs_up_early_stops_the_ringing() -> None:
    async with a_bench() as bench:
        party, outside = await called(bench)
        party.hangs_up()
        await asyncio.sleep(0.1)
        assert outside.call is None
        assert await bench.is_quiet() == []
        assert bench.fact(CallEnded).outcome == "abandoned"


@pytest.mark.parametrize("after_s", [0.0, 0.05, 1.0, 3.0, 6.0])
@pytest.mark.parametrize("who", ["agent", "customer"])
async def test_a_hang_up_at_any_moment_after_the_answer_ends_both(who: str, after_s: float) -> None:
    async with a_bench() as bench:
        party, outside = await called(bench)
        customer = outside.answers()
        await asyncio.sleep(after_s)
        (party if who == "agent" else customer).hangs_up()
        await asyncio.sleep(12)
        assert party.is_over
        assert customer.is_over
        assert await bench.is_quiet() == []


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("110", "outbound.emergency"),
        ("120", "outbound.emergency"),
        ("0085212345678", "outbound.forbidden"),
        ("1", "outbound.forbidden"),
    ],
)
async def test_a_forbidden_number_is_refused_in_words(number: str, said: str) -> None:
    async with a_bench() as bench:
        outside = bench.world.exchange.outside_phone(number)
        agent = await bench.ready("8001")
        party = agent.dials(f"0{number}")
        await party.hears(said)
        await party.is_let_go()
        assert outside.calls == []
        assert await bench.is_quiet() == []
        assert bench.facts(CallAdmitted) == []


async def test_an_agent_who_is_not_logged_in_calls_nobody() -> None:
    async with a_bench() as bench:
        party = bench.phone("8002").dials(f"0{CUSTOMER}")
        await party.hears("agent.refused")
        await party.is_let_go()
        assert bench.facts(CallAdmitted) == []


async def test_calls_that_go_out_have_lines_of_their_own_account() -> None:
    async with a_bench() as bench:
        callers = [bench.call_in(f"1390000001{n}") for n in range(3)]
        agent = await bench.ready("8001")
        party = agent.dials(f"0{CUSTOMER}")
        await party.hears("outbound.no_line")
        for caller in callers:
            caller.hangs_up()
        await asyncio.sleep(1)
        assert await bench.is_quiet() == []


async def test_hold_and_pause_work_as_in_any_conversation() -> None:
    async with a_bench() as bench:
        party, customer = await talking(bench)
        await party.presses("*1")
        await customer.hears_music()
        assert customer.partners == []
        await party.presses("*1")
        await customer.meets("8001")
        await party.presses("*8")
        await party.presses("*8")
        party.holds()
        await customer.hears_music()
        party.retrieves()
        await customer.meets("8001")
        party.hangs_up()
        assert await bench.is_quiet() == []
        turns = [(each.phase, each.recording_paused) for each in bench.facts(TalkTurned)]
        assert turns == [
            ("held", False),
            ("talking", False),
            ("talking", True),
            ("talking", False),
            ("held", False),
            ("talking", False),
        ]


async def order(bench: Bench, agent: str, number: str) -> CallOutAnswer:
    """Somebody at the API has an agent call."""
    return await bench.engine.house.calls_out.order(AgentNumber(agent), number, by="tester")


async def test_by_order_the_agents_own_telephone_rings_first() -> None:
    async with a_bench() as bench:
        outside = bench.world.exchange.outside_phone(CUSTOMER)
        agent = await bench.ready("8001")
        answer = await order(bench, "8001", CUSTOMER)
        assert isinstance(answer, CallingOut)
        await agent.rings()
        assert outside.calls == []
        party = agent.answers()
        await outside.rings()
        customer = outside.answers()
        await customer.meets("8001")
        party.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.fact(CallAdmitted).call == answer.call


async def test_an_agent_who_does_not_pick_up_costs_nobody_a_call() -> None:
    async with a_bench() as bench:
        outside = bench.world.exchange.outside_phone(CUSTOMER)
        await bench.ready("8001")
        await order(bench, "8001", CUSTOMER)
        await asyncio.sleep(30)
        assert outside.calls == []
        assert await bench.is_quiet() == []
        assert bench.facts(CallAdmitted) == []


async def test_the_last_word_about_the_recording_holds_although_the_first_took_longer() -> None:
    async with a_bench() as bench:
        party, _ = await talking(bench)
        bench.world.exchange.fail("pause_recording", SwitchUnavailable("no answer"), times=2)
        await party.presses("*8")
        await asyncio.sleep(0.5)
        turned = await bench.engine.house.recordings.turn(
            AgentNumber("8001"), RecordingVerb.RESUME, by="tester"
        )
        assert isinstance(turned, RecordingTurned)
        await asyncio.sleep(30)
        party.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.fact(RecordingKept).duration_s > 45


async def test_of_two_orders_at_once_one_is_carried_out() -> None:
    async with a_bench() as bench:
        phone = await bench.ready("8001")
        answers = await asyncio.gather(*(order(bench, "8001", CUSTOMER) for _ in range(2)))
        assert [type(each) for each in answers] == [CallingOut, NotPossible]
        await phone.rings()
        assert len(phone.calls) == 1
        phone.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_an_order_is_refused_with_its_reason() -> None:
    async with a_bench() as bench:
        await bench.ready("8001")
        assert await order(bench, "8001", "119") is NumberRefused.EMERGENCY
        assert await order(bench, "8001", "00442071234567") is NumberRefused.FORBIDDEN
        assert isinstance(await order(bench, "9999", CUSTOMER), UnknownAgent)
        assert isinstance(await order(bench, "8002", CUSTOMER), NotPossible)


async def test_a_conversation_outlives_the_engine() -> None:
    async with a_bench() as bench:
        party, customer = await talking(bench)
        await party.presses("*1")
        await customer.hears_music()
        await bench.restart()
        await asyncio.sleep(5)
        assert not party.is_over
        assert customer.leg.music is not None
        assert bench.work_of("8001") == Work.EXTERNAL
        await party.presses("*1")
        await customer.meets("8001")
        customer.hangs_up()
        await party.is_let_go(within_s=1)
        assert await bench.is_quiet() == []
        assert bench.fact(CallEnded).outcome == "answered"


async def test_an_engine_that_dies_while_it_rings_leaves_no_leg_behind() -> None:
    async with a_bench() as bench:
        party, outside = await called(bench)
        await bench.restart()
        await asyncio.sleep(5)
        assert party.is_over
        assert outside.call is None
        assert await bench.is_quiet() == []
