"""What a softswitch behind the port must do for conversations: calls out, holds, snoops, pauses.

A test module subclasses the suite and gives the fixture ``world``.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import pytest

from ivrengine.errors import LegGone, SwitchRefused
from ivrengine.telephony import (
    BridgeId,
    DigitPressed,
    HangUpCause,
    Hears,
    LegAnswered,
    LegEnded,
    LegHeld,
    LegId,
    LegRetrieved,
    LegRinging,
    LegRole,
    RecordingFinished,
    RecordingName,
    Whispers,
)
from tests.kit.switch_suite import SPOKEN_S, fresh, lists_legs, talk_to_caller
from tests.kit.switch_worlds import NUMBER, OUTSIDE, FarEnd, Manner, World

PAUSE_S: Final = 3.0


async def ring_outside(
    world: World, manner: Manner, *, trunk: str = "main", ring_timeout_s: float = 10.0
) -> LegId:
    """Rings the telephone outside."""
    await world.place_outside(manner)
    leg = LegId(fresh("leg"))
    await world.switch.ring_outside(
        leg, OUTSIDE, trunk=trunk, caller_id=NUMBER, ring_timeout_s=ring_timeout_s
    )
    return leg


@dataclass(frozen=True, slots=True)
class Recorded:
    """Somebody who is on the line and recorded."""

    leg: LegId
    caller: FarEnd
    bridge: BridgeId
    recording: RecordingName


@asynccontextmanager
async def recorded(world: World) -> AsyncIterator[Recorded]:
    """Somebody is on the line and recorded, and hangs up in the end."""
    leg, caller = await talk_to_caller(world)
    talk = Recorded(leg, caller, BridgeId(fresh("bridge")), RecordingName(fresh("recording")))
    await world.switch.create_bridge(talk.bridge)
    await world.switch.join(talk.bridge, [leg])
    await world.switch.record_talk(talk.bridge, talk.recording, heard_by=leg)
    yield talk
    await world.switch.destroy_bridge(talk.bridge)
    await caller.hang_up()
    await world.events.told(LegEnded, leg=leg)


class TalkSuite:
    """Fixture wanted: ``world``."""

    async def test_a_telephone_outside_is_rung_and_answers(self, world: World) -> None:
        leg = await ring_outside(world, Manner.ANSWERS)
        await world.events.told(LegAnswered, leg=leg)
        assert [type(event) for event in world.events.of(leg)] == [LegRinging, LegAnswered]
        (live,) = await world.switch.live_legs()
        assert (live.leg, live.role, live.answered) == (leg, LegRole.ORDERED, True)
        await world.switch.hang_up(leg)
        ended = await world.events.told(LegEnded, leg=leg)
        assert not ended.by_far_end

    async def test_a_telephone_outside_that_is_busy_says_so(self, world: World) -> None:
        leg = await ring_outside(world, Manner.IS_BUSY)
        ended = await world.events.told(LegEnded, leg=leg)
        assert (ended.cause, ended.by_far_end) == (HangUpCause.BUSY, True)

    async def test_a_telephone_outside_that_does_not_answer_is_given_up_in_time(
        self, world: World
    ) -> None:
        leg = await ring_outside(world, Manner.RINGS, ring_timeout_s=1.0)
        ended = await world.events.told(LegEnded, leg=leg, within_s=10.0)
        assert (ended.cause, ended.by_far_end) == (HangUpCause.NO_ANSWER, False)

    async def test_lines_that_nothing_goes_out_over_are_unreachable(self, world: World) -> None:
        leg = LegId(fresh("leg"))
        await world.switch.ring_outside(
            leg, OUTSIDE[::-1], trunk="nowhere", caller_id=NUMBER, ring_timeout_s=5.0
        )
        ended = await world.events.told(LegEnded, leg=leg)
        assert (ended.cause, ended.by_far_end) == (HangUpCause.UNREACHABLE, False)

    async def test_what_is_no_number_is_not_dialled(self, world: World) -> None:
        leg = LegId(fresh("leg"))
        await world.switch.ring_outside(
            leg, "8001@agents&1", trunk="main", caller_id=NUMBER, ring_timeout_s=5.0
        )
        ended = await world.events.told(LegEnded, leg=leg)
        assert (ended.cause, ended.by_far_end) == (HangUpCause.UNKNOWN_NUMBER, False)

    async def test_a_hold_by_the_telephone_is_told_and_so_is_its_end(self, world: World) -> None:
        leg, caller = await talk_to_caller(world)
        bridge = BridgeId(fresh("bridge"))
        await world.switch.create_bridge(bridge)
        await world.switch.join(bridge, [leg])
        await caller.hold()
        await world.events.told(LegHeld, leg=leg)
        await caller.retrieve()
        await world.events.told(LegRetrieved, leg=leg)
        kinds = [
            type(event)
            for event in world.events.of(leg)
            if isinstance(event, LegHeld | LegRetrieved)
        ]
        assert kinds == [LegHeld, LegRetrieved]
        await world.switch.destroy_bridge(bridge)
        await caller.hang_up()
        await world.events.told(LegEnded, leg=leg)

    async def test_a_leg_is_snooped_on_until_it_ends(self, world: World) -> None:
        leg, caller = await talk_to_caller(world)
        snoop, bridge = LegId(fresh("snoop")), BridgeId(fresh("bridge"))
        await world.switch.snoop(leg, snoop, hears=Hears.BOTH, whispers=Whispers.LEG)
        await world.events.told(LegAnswered, leg=snoop)
        await world.switch.create_bridge(bridge)
        await world.switch.join(bridge, [snoop])
        listed = {live.leg: live for live in await world.switch.live_legs()}
        assert (listed[snoop].role, listed[snoop].answered) == (LegRole.ORDERED, True)
        await caller.hang_up()
        await world.events.told(LegEnded, leg=leg)
        ended = await world.events.told(LegEnded, leg=snoop)
        assert not ended.by_far_end
        await lists_legs(world)
        await world.switch.destroy_bridge(bridge)

    async def test_a_snoop_can_be_ended_and_the_leg_goes_on(self, world: World) -> None:
        leg, caller = await talk_to_caller(world)
        snoop = LegId(fresh("snoop"))
        await world.switch.snoop(leg, snoop, hears=Hears.SAID, whispers=Whispers.NOBODY)
        await world.events.told(LegAnswered, leg=snoop)
        await world.switch.hang_up(snoop)
        await world.events.told(LegEnded, leg=snoop)
        await lists_legs(world, leg)
        await caller.hang_up()
        await world.events.told(LegEnded, leg=leg)

    async def test_a_leg_that_is_gone_cannot_be_snooped_on(self, world: World) -> None:
        leg, caller = await talk_to_caller(world)
        await caller.hang_up()
        await world.events.told(LegEnded, leg=leg)
        with pytest.raises(LegGone):
            await world.switch.snoop(
                leg, LegId(fresh("snoop")), hears=Hears.BOTH, whispers=Whispers.NOBODY
            )

    async def test_what_is_said_in_a_pause_is_not_recorded(self, world: World) -> None:
        async with recorded(world) as talk:
            recording = talk.recording
            await asyncio.sleep(SPOKEN_S)
            await world.switch.pause_recording(recording)
            await world.switch.pause_recording(recording)
            await asyncio.sleep(PAUSE_S)
            await world.switch.resume_recording(recording)
            await world.switch.resume_recording(recording)
            await asyncio.sleep(SPOKEN_S)
            await world.switch.stop_recording(recording)
            finished = await world.events.told(RecordingFinished, recording=recording)
            assert not finished.failed
            assert finished.duration_s < PAUSE_S
            await world.switch.pause_recording(recording)
            await world.switch.resume_recording(recording)

    async def test_a_recording_begun_once_more_is_refused_and_goes_on(self, world: World) -> None:
        async with recorded(world) as talk:
            recording = talk.recording
            await asyncio.sleep(SPOKEN_S)
            with pytest.raises(SwitchRefused):
                await world.switch.record_talk(talk.bridge, recording, heard_by=talk.leg)
            await world.switch.stop_recording(recording)
            finished = await world.events.told(RecordingFinished, recording=recording)
            assert not finished.failed

    async def test_a_recording_that_has_hardly_begun_is_paused_and_stopped(
        self, world: World
    ) -> None:
        async with recorded(world) as talk:
            recording = talk.recording
            await world.switch.pause_recording(recording)
            await asyncio.sleep(PAUSE_S)
            await world.switch.stop_recording(recording)
            finished = await world.events.told(RecordingFinished, recording=recording)
            assert not finished.failed
            assert finished.duration_s < PAUSE_S

    async def test_a_recording_of_a_talk_can_be_stopped_at_once(self, world: World) -> None:
        async with recorded(world) as talk:
            recording = talk.recording
            await world.switch.stop_recording(recording)
            finished = await world.events.told(RecordingFinished, recording=recording)
            assert not finished.failed

    async def test_a_bridge_that_is_removed_takes_its_recording_with_it(self, world: World) -> None:
        async with recorded(world) as talk:
            await asyncio.sleep(SPOKEN_S)
            await world.switch.destroy_bridge(talk.bridge)
            finished = await world.events.told(RecordingFinished, recording=talk.recording)
            assert not finished.failed
            await lists_legs(world, talk.leg)

    async def test_a_recording_ends_with_the_leg_that_hears_it(self, world: World) -> None:
        async with recorded(world) as talk:
            await asyncio.sleep(SPOKEN_S)
            await talk.caller.hang_up()
            finished = await world.events.told(RecordingFinished, recording=talk.recording)
            assert not finished.failed
            await world.events.told(LegEnded, leg=talk.leg)

    async def test_a_talk_is_recorded_once_more_under_another_name(self, world: World) -> None:
        async with recorded(world) as talk:
            await asyncio.sleep(SPOKEN_S)
            await world.switch.stop_recording(talk.recording)
            await world.events.told(RecordingFinished, recording=talk.recording)
            other = RecordingName(fresh("recording"))
            await world.switch.record_talk(talk.bridge, other, heard_by=talk.leg)
            await asyncio.sleep(SPOKEN_S)
            await world.switch.stop_recording(other)
            finished = await world.events.told(RecordingFinished, recording=other)
            assert not finished.failed

    async def test_nobody_sees_what_listens_for_a_recording(self, world: World) -> None:
        mark = world.events.mark()
        async with recorded(world) as talk:
            await asyncio.sleep(SPOKEN_S)
            await lists_legs(world, talk.leg)
            (live,) = await world.switch.live_bridges()
            assert live.legs == (talk.leg,)
            await world.switch.stop_recording(talk.recording)
            finished = await world.events.told(RecordingFinished, recording=talk.recording)
            assert finished.leg == ""
            told = world.events.all[mark.place :]
            assert [each for each in told if each not in world.events.of(talk.leg)] == [finished]

    async def test_a_talk_is_not_recorded_by_a_leg_that_is_gone(self, world: World) -> None:
        async with recorded(world) as talk:
            await talk.caller.hang_up()
            await world.events.told(LegEnded, leg=talk.leg)
            with pytest.raises(LegGone):
                await world.switch.record_talk(
                    talk.bridge, RecordingName(fresh("recording")), heard_by=talk.leg
                )

    async def test_a_bridge_can_be_made_twice_and_keeps_who_is_in_it(self, world: World) -> None:
        leg, caller = await talk_to_caller(world)
        bridge = BridgeId(fresh("bridge"))
        await world.switch.create_bridge(bridge)
        await world.switch.join(bridge, [leg])
        await world.switch.create_bridge(bridge)
        (live,) = await world.switch.live_bridges()
        assert live.legs == (leg,)
        await world.switch.join(bridge, [leg])
        (live,) = await world.switch.live_bridges()
        assert live.legs == (leg,)
        await world.switch.destroy_bridge(bridge)
        await caller.hang_up()
        await world.events.told(LegEnded, leg=leg)

    async def test_keys_that_do_not_pass_are_reported_all_the_same(self, world: World) -> None:
        leg, caller = await talk_to_caller(world)
        bridge = BridgeId(fresh("bridge"))
        await world.switch.create_bridge(bridge)
        await world.switch.join(bridge, [leg], keys_pass=False)
        await caller.press("9")
        await world.events.told(DigitPressed, leg=leg, digit="9")
        await world.switch.destroy_bridge(bridge)
        await caller.hang_up()
        await world.events.told(LegEnded, leg=leg)
