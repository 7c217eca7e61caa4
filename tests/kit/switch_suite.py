"""What every softswitch behind the telephony port must do: one suite for all implementations.

A test module subclasses the suite and gives the fixture ``world``.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import pytest

from ivrengine.errors import LegGone
from ivrengine.telephony import (
    BridgeId,
    DigitPressed,
    HangUpCause,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegId,
    LegRinging,
    LegRole,
    PlaybackFinished,
    PlaybackId,
    PlaybackStarted,
    RecordingFinished,
    RecordingName,
    RecordingOrder,
)
from tests.kit.switch_worlds import CALLER, NUMBER, FarEnd, Manner, World

SPOKEN_S: Final = 0.3
LISTED_WITHIN_S: Final = 20.0
LOOKS_AGAIN_AFTER_S: Final = 0.05

T = TypeVar("T")

_numbers: Final = itertools.count(1)


def fresh(kind: str) -> str:
    """An id that no test has used."""
    return f"{kind}-{next(_numbers)}"


async def arrive(world: World) -> tuple[LegId, FarEnd]:
    """Somebody calls, and their leg is here."""
    mark = world.events.mark()
    far_end = await world.call_in()
    arrived = await world.events.told(LegArrived, since=mark)
    return arrived.leg, far_end


async def talk_to_caller(world: World) -> tuple[LegId, FarEnd]:
    """Somebody calls and is answered."""
    leg, far_end = await arrive(world)
    await world.switch.lift_guard(leg)
    await world.switch.answer(leg)
    return leg, far_end


async def dial(world: World, agent: str, manner: Manner, ring_timeout_s: float = 10.0) -> LegId:
    """Rings an agent's telephone."""
    await world.place_phone(agent, manner)
    leg = LegId(fresh("leg"))
    await world.switch.dial(leg, agent, caller_id=CALLER, ring_timeout_s=ring_timeout_s)
    return leg


async def lists_legs(world: World, *legs: LegId) -> None:
    """Waits until just these legs are listed; one that has ended may be for some moments more."""
    await _lists(lambda: _legs_of(world), set(legs))


async def lists_bridges(world: World, *bridges: BridgeId) -> None:
    """Waits until just these bridges are listed; one that is gone may be for some moments more."""
    await _lists(lambda: _bridges_of(world), set(bridges))


async def _legs_of(world: World) -> set[LegId]:
    return {live.leg for live in await world.switch.live_legs()}


async def _bridges_of(world: World) -> set[BridgeId]:
    return {live.bridge for live in await world.switch.live_bridges()}


async def _lists(look: Callable[[], Awaitable[set[T]]], wanted: set[T]) -> None:
    seen = await look()
    try:
        async with asyncio.timeout(LISTED_WITHIN_S):
            while seen != wanted:
                await asyncio.sleep(LOOKS_AGAIN_AFTER_S)
                seen = await look()
    except TimeoutError:
        raise AssertionError(f"listed are {seen}, wanted {wanted}") from None


class SwitchSuite:
    """Fixture wanted: ``world``."""

    async def test_an_arriving_call_says_who_calls_whom_over_which_lines(
        self, world: World
    ) -> None:
        mark = world.events.mark()
        caller = await world.call_in()
        arrived = await world.events.told(LegArrived, since=mark)
        assert arrived.role is LegRole.CALLER
        assert arrived.caller.digits == CALLER
        assert arrived.dialled == NUMBER
        assert arrived.trunk == "main"
        await caller.hang_up()
        await world.events.told(LegEnded, leg=arrived.leg)

    async def test_a_leg_is_listed_as_answered_once_it_is(self, world: World) -> None:
        leg, caller = await arrive(world)
        await world.switch.ring(leg)
        assert [(live.leg, live.answered) for live in await world.switch.live_legs()] == [
            (leg, False)
        ]
        await world.switch.answer(leg)
        (live,) = await world.switch.live_legs()
        assert live.answered
        assert (live.role, live.caller.digits, live.dialled, live.trunk) == (
            LegRole.CALLER,
            CALLER,
            NUMBER,
            "main",
        )
        await caller.hang_up()
        await world.events.told(LegEnded, leg=leg)
        await lists_legs(world)

    async def test_a_playback_of_many_sounds_starts_once_and_finishes_once(
        self, world: World
    ) -> None:
        leg, caller = await talk_to_caller(world)
        playback = PlaybackId(fresh("playback"))
        await world.switch.play(leg, playback, [world.short, world.short])
        finished = await world.events.told(PlaybackFinished, playback=playback)
        assert not finished.failed
        kinds = [
            type(event)
            for event in world.events.of(leg)
            if isinstance(event, PlaybackStarted | PlaybackFinished)
        ]
        assert kinds == [PlaybackStarted, PlaybackFinished]
        await caller.hang_up()
        await world.events.told(LegEnded, leg=leg)

    async def test_a_playback_can_be_stopped_and_stopped_again(self, world: World) -> None:
        leg, caller = await talk_to_caller(world)
        playback = PlaybackId(fresh("playback"))
        await world.switch.play(leg, playback, [world.long])
        await world.events.told(PlaybackStarted, playback=playback)
        await world.switch.stop(playback)
        finished = await world.events.told(PlaybackFinished, playback=playback, within_s=8.0)
        assert not finished.failed
        await world.switch.stop(playback)
        await caller.hang_up()
        await world.events.told(LegEnded, leg=leg)

    async def test_a_key_is_reported(self, world: World) -> None:
        leg, caller = await talk_to_caller(world)
        for key in "5#*":
            mark = world.events.mark()
            await caller.press(key)
            pressed = await world.events.told(DigitPressed, since=mark, leg=leg)
            assert pressed.digit == key
            assert pressed.duration_ms > 0
        await caller.hang_up()
        await world.events.told(LegEnded, leg=leg)

    async def test_a_caller_who_hangs_up_ends_the_leg_once_and_orders_say_so(
        self, world: World
    ) -> None:
        leg, caller = await talk_to_caller(world)
        playback = PlaybackId(fresh("playback"))
        await world.switch.play(leg, playback, [world.long])
        await world.events.told(PlaybackStarted, playback=playback)
        await caller.hang_up()
        ended = await world.events.told(LegEnded, leg=leg)
        assert (ended.cause, ended.by_far_end) == (HangUpCause.NORMAL, True)
        cut_off = await world.events.told(PlaybackFinished, playback=playback)
        assert not cut_off.failed
        assert world.events.of(leg)[-1] is ended
        with pytest.raises(LegGone):
            await world.switch.play(leg, PlaybackId(fresh("playback")), [world.short])
        with pytest.raises(LegGone):
            await world.switch.answer(leg)
        await world.switch.hang_up(leg)
        assert world.events.ends(leg) == [ended]

    async def test_a_leg_that_we_hang_up_ends_at_the_far_end_too(self, world: World) -> None:
        leg, caller = await talk_to_caller(world)
        await world.switch.hang_up(leg)
        ended = await world.events.told(LegEnded, leg=leg)
        assert (ended.cause, ended.by_far_end) == (HangUpCause.NORMAL, False)
        assert await caller.is_over()
        await world.switch.hang_up(leg)
        assert world.events.ends(leg) == [ended]

    async def test_an_agent_who_answers_rings_first_and_can_be_hung_up(self, world: World) -> None:
        leg = await dial(world, "8001", Manner.ANSWERS)
        await world.events.told(LegAnswered, leg=leg)
        assert [type(event) for event in world.events.of(leg)] == [LegRinging, LegAnswered]
        (live,) = await world.switch.live_legs()
        assert (live.leg, live.role, live.answered) == (leg, LegRole.ORDERED, True)
        await world.switch.hang_up(leg)
        ended = await world.events.told(LegEnded, leg=leg)
        assert not ended.by_far_end

    @pytest.mark.parametrize(
        ("manner", "cause"),
        [(Manner.IS_BUSY, HangUpCause.BUSY), (Manner.REJECTS, HangUpCause.REJECTED)],
    )
    async def test_an_agent_who_does_not_want_the_call_ends_it(
        self, world: World, manner: Manner, cause: HangUpCause
    ) -> None:
        leg = await dial(world, "8002", manner)
        ended = await world.events.told(LegEnded, leg=leg)
        assert (ended.cause, ended.by_far_end) == (cause, True)
        assert world.events.find(LegAnswered, leg=leg) is None

    async def test_an_agent_who_does_not_answer_is_given_up_in_time(self, world: World) -> None:
        leg = await dial(world, "8003", Manner.RINGS, ring_timeout_s=1.0)
        await world.events.told(LegRinging, leg=leg)
        ended = await world.events.told(LegEnded, leg=leg, within_s=10.0)
        assert (ended.cause, ended.by_far_end) == (HangUpCause.NO_ANSWER, False)

    async def test_ringing_can_be_called_off(self, world: World) -> None:
        leg = await dial(world, "8003", Manner.RINGS)
        await world.events.told(LegRinging, leg=leg)
        assert [live.leg for live in await world.switch.live_legs()] == [leg]
        await world.switch.hang_up(leg)
        ended = await world.events.told(LegEnded, leg=leg)
        assert not ended.by_far_end
        assert world.events.ends(leg) == [ended]
        await lists_legs(world)

    async def test_an_agent_without_a_telephone_is_unreachable(self, world: World) -> None:
        leg = LegId(fresh("leg"))
        await world.switch.dial(leg, "8039", caller_id=CALLER, ring_timeout_s=5.0)
        ended = await world.events.told(LegEnded, leg=leg)
        assert (ended.cause, ended.by_far_end) == (HangUpCause.UNREACHABLE, False)

    async def test_legs_are_joined_and_parted(self, world: World) -> None:
        caller_leg, caller = await talk_to_caller(world)
        agent_leg = await dial(world, "8001", Manner.ANSWERS)
        await world.events.told(LegAnswered, leg=agent_leg)
        bridge = BridgeId(fresh("bridge"))
        await world.switch.create_bridge(bridge)
        await world.switch.join(bridge, [caller_leg, agent_leg])
        (live,) = await world.switch.live_bridges()
        assert (live.bridge, set(live.legs)) == (bridge, {caller_leg, agent_leg})
        await caller.press("4")
        await world.events.told(DigitPressed, leg=caller_leg, digit="4")
        await world.switch.leave(bridge, agent_leg)
        await world.switch.leave(bridge, agent_leg)
        (live,) = await world.switch.live_bridges()
        assert live.legs == (caller_leg,)
        await world.switch.destroy_bridge(bridge)
        await world.switch.destroy_bridge(bridge)
        await lists_bridges(world)
        for leg in (caller_leg, agent_leg):
            await world.switch.hang_up(leg)
            await world.events.told(LegEnded, leg=leg)
        await world.switch.leave(bridge, agent_leg)

    async def test_a_leg_that_is_gone_cannot_be_joined(self, world: World) -> None:
        leg, caller = await talk_to_caller(world)
        bridge = BridgeId(fresh("bridge"))
        await world.switch.create_bridge(bridge)
        await caller.hang_up()
        await world.events.told(LegEnded, leg=leg)
        with pytest.raises(LegGone):
            await world.switch.join(bridge, [leg])
        await world.switch.destroy_bridge(bridge)

    async def test_a_recording_ends_at_its_limit(self, world: World) -> None:
        leg, caller = await talk_to_caller(world)
        recording = RecordingName(fresh("recording"))
        await world.switch.record(leg, an_order(recording, max_s=1.0))
        finished = await world.events.told(RecordingFinished, recording=recording)
        assert (finished.leg, finished.failed) == (leg, False)
        assert finished.duration_s >= 1.0
        await caller.hang_up()
        await world.events.told(LegEnded, leg=leg)

    async def test_a_recording_can_be_stopped_and_stopped_again(self, world: World) -> None:
        leg, caller = await talk_to_caller(world)
        recording = RecordingName(fresh("recording"))
        await world.switch.record(leg, an_order(recording, max_s=60.0))
        await world.switch.stop_recording(recording)
        finished = await world.events.told(RecordingFinished, recording=recording)
        assert not finished.failed
        await world.switch.stop_recording(recording)
        await caller.hang_up()
        await world.events.told(LegEnded, leg=leg)

    async def test_a_recording_is_closed_when_the_caller_hangs_up(self, world: World) -> None:
        leg, caller = await talk_to_caller(world)
        recording = RecordingName(fresh("recording"))
        await world.switch.record(leg, an_order(recording, max_s=60.0))
        await caller.hang_up()
        finished = await world.events.told(RecordingFinished, recording=recording)
        assert not finished.failed
        await world.events.told(LegEnded, leg=leg)

    async def test_a_conversation_is_recorded_until_it_is_stopped(self, world: World) -> None:
        leg, caller = await talk_to_caller(world)
        bridge, recording = BridgeId(fresh("bridge")), RecordingName(fresh("recording"))
        await world.switch.create_bridge(bridge)
        await world.switch.join(bridge, [leg])
        await world.switch.record_talk(bridge, recording, heard_by=leg)
        await asyncio.sleep(SPOKEN_S)
        await world.switch.stop_recording(recording)
        finished = await world.events.told(RecordingFinished, recording=recording)
        assert (finished.leg, finished.failed) == ("", False)
        await world.switch.destroy_bridge(bridge)
        await caller.hang_up()
        await world.events.told(LegEnded, leg=leg)

    async def test_music_starts_and_stops_any_number_of_times(self, world: World) -> None:
        leg, caller = await talk_to_caller(world)
        await world.switch.stop_music(leg)
        await world.switch.start_music(leg)
        await world.switch.stop_music(leg)
        await world.switch.stop_music(leg)
        await caller.hang_up()
        await world.events.told(LegEnded, leg=leg)


def an_order(recording: RecordingName, *, max_s: float) -> RecordingOrder:
    """A recording that only its limit or an order ends."""
    return RecordingOrder(
        recording=recording, max_s=max_s, max_silence_s=0.0, terminator="", beep=False
    )
