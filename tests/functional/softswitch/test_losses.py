"""The adapter and a real Asterisk that lose each other: what is told, and in which order."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from ivrengine.softphone.sip.call import CallState
from ivrengine.softphone.watch import Watch
from ivrengine.softswitch.ari import AriObservers, SwitchHealth
from ivrengine.softswitch.local.asterisk import LocalSoftswitch
from ivrengine.telephony import (
    DigitPressed,
    HangUpCause,
    LegAnswered,
    LegArrived,
    LegEnded,
    PlaybackFinished,
    PlaybackId,
    PlaybackStarted,
    SwitchConnected,
    SwitchLost,
)
from tests.functional.guards.guarded import asterisk_for_tests
from tests.kit.switch_suite import arrive, dial, talk_to_caller
from tests.kit.switch_world_real import PhoneFarEnd, world_of
from tests.kit.switch_worlds import Manner

pytestmark = pytest.mark.functional


class HealthLog:
    """Every change of health."""

    def __init__(self) -> None:
        self.all: list[SwitchHealth] = []
        self._watch = Watch()
        self.observers = AriObservers(health=self._note)

    async def comes_to(self, *faults: str, within_s: float = 15.0) -> None:
        """Waits until exactly these signs of life are missing."""
        await self._watch.until(lambda: self._is_now(faults), within_s=within_s)
        assert self._is_now(faults), self.all

    def _is_now(self, faults: tuple[str, ...]) -> bool:
        return bool(self.all) and self.all[-1].faults() == faults

    def _note(self, health: SwitchHealth) -> None:
        self.all.append(health)
        self._watch.notify()


@pytest.fixture
def health() -> HealthLog:
    return HealthLog()


@pytest.fixture
async def people() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def test_calls_go_on_while_the_engine_is_away_and_it_hears_what_it_missed(
    asterisk: LocalSoftswitch, people: AsyncExitStack
) -> None:
    async with world_of(asterisk, people=people) as first:
        leg, caller = await talk_to_caller(first)
    await caller.press("7")
    pressed_at = time.time()  # noqa: TID251
    late = await first.call_in()
    await asyncio.sleep(1.5)
    async with world_of(asterisk) as second:
        pressed, arrived, connected = second.events.all
        assert isinstance(pressed, DigitPressed)
        assert (pressed.leg, pressed.digit) == (leg, "7")
        assert pressed.at == pytest.approx(pressed_at, abs=1.0)
        assert isinstance(arrived, LegArrived)
        assert isinstance(connected, SwitchConnected)
        assert not connected.restarted
        assert connected.at > pressed.at + 1.0
        assert {live.leg for live in await second.switch.live_legs()} == {leg, arrived.leg}
        await second.switch.lift_guard(arrived.leg)
        await second.switch.answer(arrived.leg)
        assert await late.call.reaches(CallState.TALKING, within_s=8.0)
        for up in (leg, arrived.leg):
            await second.switch.hang_up(up)
            await second.events.told(LegEnded, leg=up)


async def test_a_caller_who_hangs_up_while_the_engine_is_away_is_known_to_be_gone(
    asterisk: LocalSoftswitch, people: AsyncExitStack
) -> None:
    async with world_of(asterisk, people=people) as first:
        leg, caller = await talk_to_caller(first)
    await caller.hang_up()
    async with world_of(asterisk) as second:
        ended, connected = second.events.all
        assert isinstance(ended, LegEnded)
        assert (ended.leg, ended.cause, ended.by_far_end) == (leg, HangUpCause.NORMAL, True)
        assert isinstance(connected, SwitchConnected)
        assert await second.switch.live_legs() == ()


async def test_a_killed_asterisk_ends_every_leg_and_is_known_as_a_new_one(
    asterisk: LocalSoftswitch, health: HealthLog
) -> None:
    async with world_of(asterisk, observers=health.observers) as world:
        leg, _ = await talk_to_caller(world)
        mark = world.events.mark()
        os.kill(asterisk.pid, signal.SIGKILL)
        await asterisk.wait()
        await world.events.told(SwitchLost, since=mark)
        await health.comes_to("events", "rest", "sip")
        await asyncio.sleep(1.0)
        await asterisk.start()
        await world.events.told(SwitchConnected, since=mark)
        lost, ended, connected = world.events.all[mark.place :]
        assert isinstance(lost, SwitchLost)
        assert isinstance(ended, LegEnded)
        assert (ended.leg, ended.cause, ended.by_far_end) == (leg, HangUpCause.FAILED, False)
        assert isinstance(connected, SwitchConnected)
        assert connected.restarted
        await health.comes_to()
        newcomer, _ = await talk_to_caller(world)
        assert newcomer != leg


async def test_a_frozen_asterisk_is_felt_and_recovers_with_its_calls(
    asterisk: LocalSoftswitch, health: HealthLog
) -> None:
    async with world_of(asterisk, observers=health.observers) as world:
        await health.comes_to()
        leg, caller = await talk_to_caller(world)
        os.kill(asterisk.pid, signal.SIGSTOP)
        try:
            await health.comes_to("events", "rest", "sip")
        finally:
            os.kill(asterisk.pid, signal.SIGCONT)
        await health.comes_to()
        await caller.press("4")
        await world.events.told(DigitPressed, leg=leg, digit="4")
        assert world.events.ends(leg) == []


async def test_what_happens_in_a_long_freeze_is_told_after_it(asterisk: LocalSoftswitch) -> None:
    async with world_of(asterisk) as world, asyncio.TaskGroup() as tasks:
        stays, _ = await talk_to_caller(world)
        leaves, leaver = await talk_to_caller(world)
        mark = world.events.mark()
        os.kill(asterisk.pid, signal.SIGSTOP)
        try:
            await world.events.told(SwitchLost, since=mark, within_s=10.0)
            tasks.create_task(leaver.hang_up())
            await asyncio.sleep(0.2)
        finally:
            os.kill(asterisk.pid, signal.SIGCONT)
        connected = await world.events.told(SwitchConnected, since=mark)
        assert not connected.restarted
        ended = await world.events.told(LegEnded, leg=leaves)
        assert (ended.cause, ended.by_far_end) == (HangUpCause.NORMAL, True)
        assert world.events.ends(stays) == []


async def test_the_end_of_a_stopped_prompt_can_be_told_from_that_of_the_next(
    asterisk: LocalSoftswitch,
) -> None:
    async with world_of(asterisk) as world:
        leg, _ = await talk_to_caller(world)
        old, new = PlaybackId("old"), PlaybackId("new")
        await world.switch.play(leg, old, [world.long])
        await world.events.told(PlaybackStarted, playback=old)
        mark = world.events.mark()
        await world.switch.play(leg, new, [world.long])
        await world.switch.stop(old)
        await world.events.told(PlaybackStarted, playback=new)
        assert world.events.all[mark.place :] == [
            await world.events.told(PlaybackFinished, playback=old),
            await world.events.told(PlaybackStarted, playback=new),
        ]


async def test_a_call_that_is_not_taken_up_leaves_us_and_one_that_is_stays(
    asterisk: LocalSoftswitch,
) -> None:
    async with world_of(asterisk) as world:
        neglected, _ = await arrive(world)
        kept, caller = await talk_to_caller(world)
        ended = await world.events.told(LegEnded, leg=neglected, within_s=10.0)
        assert (ended.cause, ended.by_far_end) == (HangUpCause.FAILED, False)
        await asyncio.sleep(asterisk.settings.guard_timeout_s)
        assert world.events.ends(kept) == []
        assert isinstance(caller, PhoneFarEnd)
        assert caller.call.is_up


async def test_a_telephone_that_vanishes_while_talking_ends_its_leg(tmp_path: Path) -> None:
    async with (
        asterisk_for_tests(tmp_path, edits={}, settings={"agent_rtp_timeout_s": 5}) as guarded,
        world_of(guarded.switch) as world,
    ):
        leg = await dial(world, "8001", Manner.ANSWERS)
        await world.events.told(LegAnswered, leg=leg)
        world.phone("8001").vanish()
        ended = await world.events.told(LegEnded, leg=leg, within_s=20.0)
        assert (ended.cause, ended.by_far_end) == (HangUpCause.FAILED, True)
