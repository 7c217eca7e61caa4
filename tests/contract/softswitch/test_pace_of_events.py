"""Events that follow each other quickly come as quickly as they were sent."""

import asyncio
from itertools import pairwise

import pytest

from ivrengine.clock import SteadyClock
from ivrengine.telephony import DigitPressed
from tests.kit.fake_ari.board import Channel
from tests.kit.switch_notes import arrived
from tests.kit.switch_worlds import FakeWorld

pytestmark = pytest.mark.contract

KEYS = "0123456789" * 20
BETWEEN_KEYS_S = 0.004
AT_ONCE_S = 0.02
"""A kernel that takes its time with acknowledgements takes 40 ms."""

ROUNDS = 3
"""The quickest counts."""


async def late_keys(world: FakeWorld, channel: Channel) -> int:
    """Press many keys and return how many of them were heard of late."""
    place, clock = world.events.mark().place, SteadyClock()
    pressed_at: list[float] = []
    for key in KEYS:
        pressed_at.append(clock.now())
        world.ari.board.press(channel, key)
        await asyncio.sleep(BETWEEN_KEYS_S)
    await asyncio.sleep(10 * AT_ONCE_S)
    heard = [event for event in world.events.all[place:] if isinstance(event, DigitPressed)]
    assert "".join(event.digit for event in heard) == KEYS
    return sum(
        key.at - at - stood_still_s(pressed_at, at, key.at) > AT_ONCE_S
        for key, at in zip(heard, pressed_at, strict=True)
    )


def stood_still_s(pressed_at: list[float], since: float, until: float) -> float:
    """For how long other programs kept this one from running, as the pressing of keys shows."""
    return sum(
        max(0.0, after - before - BETWEEN_KEYS_S)
        for before, after in pairwise(pressed_at)
        if after > since and before < until
    )


async def test_an_event_does_not_wait_for_the_kernel_to_acknowledge_the_one_before(
    world: FakeWorld,
) -> None:
    _, channel = await arrived(world)
    late = [await late_keys(world, channel) for _ in range(ROUNDS)]
    assert min(late) < len(KEYS) / 40
