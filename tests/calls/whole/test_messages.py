"""Leaving a message: heard again, thrown away, kept by a key or by hanging up."""

import asyncio

import pytest

from ivrengine.calls.facts import RecordingKept, ServiceAsked
from ivrengine.errors import SwitchRefused
from ivrengine.services.mailbox.model import Ticket
from ivrengine.simulator.party import Party
from tests.kit.bench.bench import Bench, a_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]


async def speaker(bench: Bench, for_s: float = 5.0) -> Party:
    """Somebody who has spoken for a while after the tone, as a complaint."""
    caller = bench.call_in()
    await caller.presses("241")
    await caller.hears("mailbox.record")
    await caller.leg.until(lambda: caller.leg.recording is not None, within_s=30)
    await caller.speaks(for_s)
    return caller


async def tickets(bench: Bench) -> list[Ticket]:
    return list(await bench.world.tickets.newest(limit=9))


async def test_a_message_is_heard_again_and_kept_under_the_number_that_is_read_out() -> None:
    async with a_bench() as bench:
        caller = await speaker(bench)
        await caller.presses("#")
        await caller.hears("mailbox.review")
        await caller.presses("2")
        await caller.hears(f"recording:{bench.fact(RecordingKept).recording}")
        await caller.hears("mailbox.review")
        await caller.presses("1")
        await caller.hears("mailbox.ticket")
        await caller.hears("mailbox.after")
        (kept,) = await tickets(bench)
        place = caller.heard.index("sound:ivr/en/mailbox/ticket")
        digits = [media.rsplit("/", 1)[-1] for media in caller.heard[place + 1 : place + 8]]
        assert "".join(digits) == kept.number
        assert kept.message.kind == "complaint"
        assert bench.fact(RecordingKept).duration_s == pytest.approx(5.0, abs=0.01)


async def test_silence_ends_a_message_as_the_key_does() -> None:
    async with a_bench() as bench:
        caller = await speaker(bench)
        await caller.hears("mailbox.review")
        assert bench.fact(RecordingKept).duration_s == pytest.approx(11.0, abs=0.01)


async def test_a_message_recorded_again_replaces_the_first_one() -> None:
    async with a_bench() as bench:
        caller = await speaker(bench)
        await caller.presses("#")
        await caller.hears("mailbox.review")
        await caller.presses("3")
        await caller.hears("mailbox.record")
        await caller.leg.until(lambda: caller.leg.recording is not None, within_s=30)
        await caller.speaks(3)
        await caller.presses("#")
        await caller.hears("mailbox.review")
        await caller.presses("1")
        await caller.hears("mailbox.ticket")
        (kept,) = await tickets(bench)
        assert kept.message.recording == bench.facts(RecordingKept)[1].recording
        assert bench.world.shelf.recordings == {kept.message.recording}


async def test_a_message_is_kept_when_the_caller_hangs_up_while_speaking() -> None:
    async with a_bench() as bench:
        caller = await speaker(bench)
        caller.hangs_up()
        assert await bench.is_quiet() == []
        (kept,) = await tickets(bench)
        assert kept.message.recording == bench.fact(RecordingKept).recording


async def test_a_message_is_kept_when_the_caller_hangs_up_instead_of_pressing_a_key() -> None:
    async with a_bench() as bench:
        caller = await speaker(bench)
        await caller.presses("#")
        await caller.hears("mailbox.review")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert len(await tickets(bench)) == 1


async def test_a_message_that_was_thrown_away_stays_so() -> None:
    async with a_bench() as bench:
        caller = await speaker(bench)
        await caller.presses("#")
        await caller.hears("mailbox.review")
        await caller.presses("*")
        await caller.hears("mailbox.dropped")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert await tickets(bench) == []
        assert [fact.action for fact in bench.facts(ServiceAsked)] == ["mailbox.discard"]


async def test_half_a_second_is_no_message() -> None:
    async with a_bench() as bench:
        caller = await speaker(bench, for_s=0.5)
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert await tickets(bench) == []


async def test_a_switch_that_cannot_record_leads_to_the_offer_of_a_person() -> None:
    async with a_bench() as bench:
        bench.world.exchange.fail("record", SwitchRefused("disk full", status=500), times=3)
        caller = bench.call_in()
        await caller.presses("241")
        await caller.hears("mailbox.nothing_recorded")
        await caller.hears("common.offer_person", within_s=120)
        assert len(bench.errors()) == 3


async def test_a_message_is_still_kept_when_the_caller_is_gone_before_the_service_answers() -> None:
    async with a_bench() as bench:
        caller = await speaker(bench)
        await caller.presses("#")
        await caller.hears("mailbox.review")
        bench.world.exchange.order_delay_s = 0.2
        await caller.presses("1")
        await asyncio.sleep(0.1)
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert len(await tickets(bench)) == 1
