"""A caller hangs up and is called back when the turn comes."""

import asyncio

import pytest

from acd.contact_states import ContactState
from acd.events import AgentLoggedOut
from acd.model import AgentId
from ivrengine.calls.facts import (
    CallAdmitted,
    CallbackPromised,
    CallEnded,
    PersonJoined,
    PersonSought,
    RecordingKept,
    SeekGivenUp,
)
from ivrengine.calls.ids import call_of
from ivrengine.simulator.leg import MUSIC
from ivrengine.simulator.phone import Manner
from tests.kit.bench.bench import CALLER, Bench, a_bench
from tests.kit.bench.callbacks import (
    RULES,
    customer,
    gets_ready,
    is_promised,
    pending,
    staffed,
    takes_the_callback,
)
from tests.kit.bench.talks import picked_up

pytestmark = [pytest.mark.calls, pytest.mark.looptime]

OTHER = "13900000009"


def outgoing(bench: Bench) -> list[CallAdmitted]:
    return [fact for fact in bench.facts(CallAdmitted) if fact.outgoing]


def ends(bench: Bench) -> list[str]:
    """How the calls to customers ended, in order."""
    calls = {fact.call for fact in outgoing(bench)}
    return [fact.outcome for fact in bench.facts(CallEnded) if fact.call in calls]


async def test_a_callback_keeps_the_place_and_is_made_when_the_turn_comes() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        first = await is_promised(bench)
        (waits,) = pending(bench)
        assert waits.enqueued_at == bench.fact(PersonSought).since
        telephone = customer(bench)
        agent = await takes_the_callback(bench)
        await agent.hears("callback.whisper")
        await agent.hears(MUSIC)
        called = await telephone.rings()
        await called.hears("en/callback/here_we_are")
        await called.hears("queue.agent_lead")
        await agent.hears("whisper/queue/trading")
        await called.meets("8001")
        assert agent.partners == [CALLER]
        assert agent.leg.music is None
        await asyncio.sleep(10)
        agent.hangs_up()
        await called.hears("rating.ask")
        called.hangs_up()
        assert first.is_over
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_the_call_to_the_customer_has_a_record_of_its_own_that_names_the_first() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        await is_promised(bench)
        telephone = customer(bench)
        await takes_the_callback(bench)
        called = await telephone.rings()
        await called.meets("8001")
        await asyncio.sleep(1.0)
        called.hangs_up()
        assert await bench.is_quiet() == []
        (made,) = outgoing(bench)
        promised = bench.fact(CallbackPromised)
        assert (made.caller, made.caller_class, made.queue) == (CALLER, "outgoing", "trading")
        assert made.contact == promised.callback
        assert call_of(made.contact) == promised.call != made.call
        assert bench.facts(SeekGivenUp)[0].outcome == "callback"
        assert bench.fact(PersonJoined).contact == promised.callback
        assert bench.fact(RecordingKept).call == made.call
        assert ends(bench) == ["answered"]


@pytest.mark.parametrize(
    ("manner", "said", "outcome"),
    [
        (Manner.IS_BUSY, "callback.whisper_busy", "busy"),
        (Manner.REJECTS, "callback.whisper_no_answer", "rejected"),
        (Manner.RINGS, "callback.whisper_no_answer", "no-answer"),
        (Manner.IS_AWAY, "callback.whisper_failed", "unreachable"),
    ],
)
async def test_a_customer_who_does_not_come_is_called_again_and_the_agent_hears_why(
    manner: Manner, said: str, outcome: str
) -> None:
    async with a_bench() as bench:
        await staffed(bench)
        await is_promised(bench)
        telephone = customer(bench, manner)
        agent = await takes_the_callback(bench)
        await agent.hears(said)
        await agent.is_let_go()
        await asyncio.sleep(0.1)
        assert bench.work_of("8001") == "idle", "there is nothing to wrap up"
        assert ends(bench) == [outcome]
        (waits,) = pending(bench)
        assert (waits.attempts, waits.parked) == (1, True)
        telephone.manner = Manner.ANSWERS
        telephone = customer(bench, Manner.ANSWERS)
        await picked_up(bench, "8001")
        called = await telephone.rings()
        await called.meets("8001")
        called.hangs_up()
        assert await bench.is_quiet() == []
        assert ends(bench) == [outcome, "answered"]
        assert bench.errors() == []


async def test_after_the_last_attempt_the_callback_is_given_up() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        await is_promised(bench)
        customer(bench, Manner.IS_BUSY)
        await gets_ready(bench)
        for _ in range(RULES.attempts):
            agent = await picked_up(bench, "8001")
            await agent.is_let_go()
        assert await bench.is_quiet() == []
        assert ends(bench) == ["busy"] * RULES.attempts
        assert pending(bench) == []


async def test_a_customer_who_hangs_up_before_hearing_anybody_is_called_again() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        await is_promised(bench)
        telephone = customer(bench)
        agent = await takes_the_callback(bench)
        called = await telephone.rings()
        await called.hears("callback.here_we_are")
        called.hangs_up()
        await agent.is_let_go()
        await asyncio.sleep(0.1)
        (waits,) = pending(bench)
        assert waits.attempts == 1
        await picked_up(bench, "8001")
        again = await telephone.rings()
        await again.meets("8001")
        again.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_an_agent_who_hangs_up_while_it_rings_ends_the_ringing_and_the_next_one_calls() -> (
    None
):
    async with a_bench() as bench:
        await staffed(bench)
        await is_promised(bench)
        telephone = customer(bench, Manner.RINGS)
        agent = await takes_the_callback(bench)
        ringing = await telephone.rings()
        await bench.ready("8002")
        agent.hangs_up()
        await ringing.is_let_go(within_s=1)
        await asyncio.sleep(0.1)
        assert ends(bench) == ["agent-gone"]
        await picked_up(bench, "8002")
        await telephone.rings()
        called = telephone.answers()
        await called.meets("8002")
        called.hangs_up()
        assert await bench.is_quiet() == []
        (joined,) = bench.facts(PersonJoined)
        assert joined.agent == "8002"


async def test_a_customer_on_the_line_whose_agent_is_gone_waits_for_the_next_one() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        await is_promised(bench)
        telephone = customer(bench)
        agent = await takes_the_callback(bench)
        called = await telephone.rings()
        await called.hears("callback.here_we_are")
        agent.hangs_up()
        await called.hears(MUSIC)
        await called.hears("callback.please_hold")
        await bench.ready("8002")
        await picked_up(bench, "8002")
        await called.meets("8002")
        assert len(outgoing(bench)) == 1, "nobody is dialled who is there already"
        called.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_no_line_for_it_counts_as_an_attempt_and_the_agent_hears_so() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        await is_promised(bench)
        customer(bench)
        await asyncio.sleep(1)
        others = [bench.call_in(f"1380000000{n}") for n in range(3)]
        await asyncio.sleep(1)
        agent = await takes_the_callback(bench)
        await agent.hears("callback.whisper_failed")
        await agent.is_let_go()
        assert outgoing(bench) == []
        (waits,) = pending(bench)
        assert waits.attempts == 1
        for other in others:
            other.hangs_up()
        await picked_up(bench, "8001")
        await asyncio.sleep(20)
        assert len(outgoing(bench)) == 1


async def test_another_number_can_be_keyed_and_one_that_we_do_not_call_is_refused() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        party = bench.call_in()
        await party.presses("201")
        await party.hears("queue.keys_callback")
        await party.presses("12")
        await party.hears("callback.ask_number")
        await party.presses("00447700900123#")
        await party.presses("1")
        await party.hears("callback.wrong_number")
        await party.presses(f"{OTHER}#")
        await party.hears("callback.will_call")
        await party.presses("1")
        await party.hears("callback.promised")
        (waits,) = pending(bench)
        assert waits.number == OTHER
        telephone = customer(bench, number=OTHER)
        await takes_the_callback(bench)
        called = await telephone.rings()
        await called.meets("8001")


async def test_a_callback_is_not_offered_too_early_nor_where_there_is_none() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        party = bench.call_in()
        await party.presses("201")
        await party.hears("queue.keys")
        await party.presses("1")
        await asyncio.sleep(1)
        assert not [media for media in party.heard if "callback" in media]
        assert pending(bench) == []


async def test_one_callback_a_number_and_who_asks_twice_keeps_the_better_place() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        await is_promised(bench)
        (before,) = pending(bench)
        second = bench.call_in("13900000002")
        await second.presses("201")
        await second.hears("queue.keys_callback")
        await second.presses("12")
        await second.hears("callback.ask_number")
        await second.presses(f"{CALLER}#1")
        await second.hears("callback.promised")
        (after,) = pending(bench)
        assert after.place == before.place
        assert after.contact == before.contact


async def test_who_calls_again_may_wait_on_the_line_in_the_place_of_the_callback() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        await is_promised(bench)
        since = bench.fact(PersonSought).since
        rival = bench.call_in("13900000002")
        await rival.presses("201")
        again = bench.call_in()
        await again.presses("201")
        await again.hears("callback.pending")
        assert len(pending(bench)) == 1
        await again.presses("1")
        await again.hears("num/1")
        assert pending(bench) == []
        assert bench.facts(PersonSought)[-1].since == since
        await takes_the_callback(bench)
        await again.meets("8001")
        rival.hangs_up()
        again.hangs_up()
        assert await bench.is_quiet() == []


async def test_who_calls_again_may_leave_it_at_the_callback() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        await is_promised(bench)
        (before,) = pending(bench)
        again = bench.call_in()
        await again.presses("201")
        await again.hears("callback.pending")
        await again.presses("2")
        await again.hears("callback.promised")
        await again.is_let_go()
        assert pending(bench) == [before]


async def test_who_calls_again_while_being_called_is_not_called_any_more() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        await is_promised(bench)
        telephone = customer(bench, Manner.RINGS)
        agent = await takes_the_callback(bench)
        ringing = await telephone.rings()
        again = bench.call_in()
        await again.presses("201")
        await again.hears("callback.pending")
        await again.presses("1")
        await ringing.is_let_go(within_s=3)
        await asyncio.sleep(0.1)
        assert ends(bench) == ["not-wanted"]
        await agent.is_let_go()
        await picked_up(bench, "8001")
        await again.meets("8001")
        again.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []


async def test_an_agent_who_answers_during_the_offer_is_worth_more() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        party = bench.call_in()
        await party.presses("201")
        await party.hears("queue.keys_callback")
        await party.presses("1")
        await party.hears("callback.will_call")
        await takes_the_callback(bench)
        await party.meets("8001")
        assert pending(bench) == []
        party.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_callback_waits_for_staff_and_is_made_in_mandarin_too() -> None:
    async with a_bench() as bench:
        await staffed(bench)
        await is_promised(bench, keys="101")
        telephone = customer(bench)
        bench.engine.dispatcher.file(AgentLoggedOut(agent=AgentId("8001")))
        await asyncio.sleep(60)
        states = [visit.state for visit in pending(bench)]
        if states:
            assert states == [ContactState.QUEUED]
            await bench.ready("8002")
            await picked_up(bench, "8002")
            called = await telephone.rings()
            await called.hears("zh/callback/here_we_are")
