"""An Asterisk that refuses orders, answers late, or cannot say what it has."""

import asyncio

import pytest

from ivrengine.errors import LegGone, SwitchRefused, SwitchUnavailable
from ivrengine.softswitch.ari import AriAccess, AriObservers
from ivrengine.softswitch.ari.client import AriClient, Operation
from ivrengine.telephony import (
    LegEnded,
    LegId,
    LegRole,
    PlaybackFinished,
    PlaybackId,
)
from ivrengine.values import Secret
from tests.kit.switch_notes import QUICK, Notes, arrived
from tests.kit.switch_worlds import FakeWorld

pytestmark = pytest.mark.contract


async def test_an_order_without_an_answer_fails_at_its_deadline(
    world: FakeWorld, notes: Notes
) -> None:
    leg, _ = await arrived(world)
    world.ari.faults.delay_s["POST /channels/.*/answer"] = 30.0
    with pytest.raises(SwitchUnavailable, match=r"channels\.answer"):
        async with asyncio.timeout(15.0):
            await world.switch.answer(leg)
    (seconds,) = [taken for operation, taken in notes.requests if operation == "channels.answer"]
    assert seconds >= QUICK.order_deadline_s


async def test_after_the_end_orders_fail_at_once_and_open_nothing() -> None:
    access = AriAccess(
        http_port=9,
        event_port=9,
        sip_port=9,
        app="ivr",
        user="u",
        secret=Secret("s"),
        event_user="u",
        event_secret=Secret("s"),
    )
    client = AriClient(access, QUICK, AriObservers(), pool_size=1)
    await client.close()
    with pytest.raises(SwitchUnavailable, match="closed"):
        await client.order(Operation.PING)


async def test_blocked_orders_do_not_blind_the_watchdog(world: FakeWorld, notes: Notes) -> None:
    await notes.feels()
    leg, _ = await arrived(world)
    world.ari.faults.delay_s["POST /channels/.*/answer"] = 30.0
    blocked = [world.switch.answer(leg) for _ in range(QUICK.pool_size * 2)]
    known = len(notes.health)
    results = await asyncio.gather(*blocked, return_exceptions=True)
    assert all(isinstance(result, SwitchUnavailable) for result in results)
    assert world.switch.health.rest_ok
    assert all(health.rest_ok for health in notes.health[known:])


async def test_nobody_waits_for_callers_whose_first_sound_is_late(world: FakeWorld) -> None:
    leg, _ = await arrived(world)
    world.ari.faults.delay_s["POST /channels/.*/answer"] = 30.0
    async with asyncio.TaskGroup() as callers:
        answering = [
            callers.create_task(world.switch.answer(leg)) for _ in range(QUICK.pool_size * 2)
        ]
        await asyncio.sleep(0)
        await world.switch.play(leg, PlaybackId("prompt"), [world.short])
        assert not any(task.done() for task in answering)
        for task in answering:
            task.cancel()


@pytest.mark.parametrize("status", [400, 412, 500, 503])
async def test_a_refusal_keeps_its_status_and_reason(world: FakeWorld, status: int) -> None:
    leg, _ = await arrived(world)
    world.ari.faults.answers["POST /channels/.*/answer"] = (status, "because")
    with pytest.raises(SwitchRefused, match="because") as refusal:
        await world.switch.answer(leg)
    assert refusal.value.status == status


async def test_a_playback_that_cannot_be_stopped_yet_is_stopped_a_moment_later(
    world: FakeWorld,
) -> None:
    leg, _ = await arrived(world)
    playback = PlaybackId("long")
    await world.switch.play(leg, playback, [world.long])
    answers = world.ari.faults.answers
    answers["DELETE /playbacks/.*"] = (500, "Could not stop playback")
    asyncio.get_running_loop().call_later(0.03, answers.clear)
    await world.switch.stop(playback)
    await world.events.told(PlaybackFinished, playback=playback)


async def test_a_playback_that_can_never_be_stopped_is_refused(world: FakeWorld) -> None:
    world.ari.faults.answers["DELETE /playbacks/.*"] = (500, "Could not stop playback")
    with pytest.raises(SwitchRefused, match="Could not stop"):
        await world.switch.stop(PlaybackId("digits"))


async def test_any_refusal_of_a_leg_that_is_hanging_up_means_that_it_is_gone(
    world: FakeWorld,
) -> None:
    leg, channel = await arrived(world)
    world.ari.board.far_end_hangs_up(channel)
    await world.events.told(LegEnded, leg=leg)
    world.ari.faults.answers["POST /channels/.*/answer"] = (500, "Failed to answer channel")
    with pytest.raises(LegGone):
        await world.switch.answer(leg)


async def test_one_poisonous_call_hides_no_other_and_can_be_hung_up(world: FakeWorld) -> None:
    leg, _ = await arrived(world)
    poison = world.ari.board.call_in("139", "952588")
    world.ari.board.poisoned.add(poison.id)
    legs = {live.leg: live for live in await world.switch.live_legs()}
    assert legs[leg].role is LegRole.CALLER
    assert legs[LegId(poison.id)].role is LegRole.ORDERED
    await world.switch.hang_up(LegId(poison.id))
    world.ari.board.poisoned.clear()
    assert [live.leg for live in await world.switch.live_legs()] == [leg]


async def test_no_secret_is_ever_in_an_address(world: FakeWorld) -> None:
    await arrived(world)
    assert world.ari.requests
    assert not [path for path in world.ari.requests if "secret" in path or "api_key" in path]


async def test_a_long_read_out_arrives_whole(world: FakeWorld) -> None:
    leg, _ = await arrived(world)
    media = [f"sound:ivr/zh/number/{place}" for place in range(800)]
    await world.switch.play(leg, PlaybackId("long"), media)
    (playback,) = world.ari.board.channels[leg].playing
    assert list(playback.media) == media
