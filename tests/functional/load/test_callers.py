"""The callers of a load call a telephone: held up, refused, let go, and left in silence."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from ivrengine.load.callers import Callers, Tally
from ivrengine.load.mix.reading import read_mix
from ivrengine.load.sound.frames import Voice, voices
from ivrengine.load.target import LineGroup
from ivrengine.softphone.sip.call import Call
from ivrengine.softphone.sip.phone import Manner, Phone, PhoneSettings

pytestmark = pytest.mark.functional

MAIN = LineGroup(dialled="952588", trunk="main", lines=12)
HEAD = """\
customers: {trading: 0, registered: 0, ordinary: 100}
again_after_s: 1-2
listens_s: 0.5-1
kinds:
"""
WITHIN_S = 30.0
LOOK_EVERY_S = 0.05


@pytest.fixture
async def house() -> AsyncIterator[Phone]:
    """Whoever calls is answered at once."""
    settings = PhoneSettings(user=MAIN.dialled, server=("127.0.0.1", 9))
    async with await Phone.open(settings) as phone:
        phone.manner = Manner.ANSWER
        yield phone


@asynccontextmanager
async def callers_of(house: Phone, kind: str, folder: Path) -> AsyncIterator[Callers]:
    mix = read_mix("mix.yaml", f"{HEAD}  - {{name: guest, share: 100, {kind}}}\n")
    async with Callers.at(house.wire.address, (MAIN,), mix, folder=folder, seed=1) as callers:
        yield callers


def guests(callers: Callers) -> Tally:
    return callers.tallies().get("guest", Tally())


async def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(LOOK_EVERY_S)


def up_at(house: Phone) -> int:
    return sum(call.is_up for call in house.calls)


def an_agent_speaks(call: Call) -> None:
    frames = voices()[Voice.AGENT.value]

    def for_ever() -> Iterator[bytes]:
        while True:
            yield from (frame.tobytes() for frame in frames)

    call.play(for_ever())


async def test_as_many_as_asked_for_are_held_up_and_who_goes_is_followed(
    house: Phone, tmp_path: Path
) -> None:
    async with callers_of(house, 'path: "1 600519", stays_s: 1-2', tmp_path) as callers:
        await callers.keep(6, rate_per_s=20)
        await until(lambda: up_at(house) == 6)
        await until(lambda: guests(callers).completed >= 8)
        await callers.keep(2, rate_per_s=20)
        await until(lambda: up_at(house) <= 2)
        await callers.finish(within_s=10)
        await until(lambda: guests(callers).up == 0)
        tally = guests(callers)
        pids = [pid for pids in callers.processes().values() for pid in pids]
    assert tally.completed == tally.placed == len(house.calls)
    assert not tally.failed
    assert {call.media.keys_received for call in house.calls} == {"1600519"}
    assert not any(psutil.pid_exists(pid) for pid in pids)


async def test_who_is_up_in_the_end_is_made_to_hang_up(house: Phone, tmp_path: Path) -> None:
    async with callers_of(house, "steps: [{listens: 100}]", tmp_path) as callers:
        await callers.keep(4, rate_per_s=20)
        await until(lambda: guests(callers).up == 4)
        await callers.finish(within_s=1)
        await until(lambda: guests(callers).completed == 4)
    assert up_at(house) == 0
    assert len(house.calls) == 4


async def test_refused_callers_are_counted_by_status_and_do_not_hammer(
    house: Phone, tmp_path: Path
) -> None:
    house.manner = Manner.BUSY
    async with callers_of(house, "steps: [{listens: 100}]", tmp_path) as callers:
        began = time.monotonic()
        await callers.keep(4, rate_per_s=20)
        await until(lambda: guests(callers).refused.get(486, 0) >= 8)
        took = time.monotonic() - began
        tally = guests(callers)
    assert set(tally.refused) == {486}
    assert not tally.failed
    assert tally.placed <= 4 * (took + 1)


async def test_a_call_ended_by_the_other_side_too_early_has_failed(
    house: Phone, tmp_path: Path
) -> None:
    async with callers_of(house, "steps: [{listens: 100}]", tmp_path) as callers:
        await callers.keep(1, rate_per_s=20)
        await until(lambda: guests(callers).up == 1)
        await callers.keep(0, rate_per_s=20)
        await house.call_in_hand.hang_up()
        await until(lambda: guests(callers).up == 0)
        assert guests(callers).failed == {"hung up on while the caller listens": 1}
    told = (tmp_path / "callers.log").read_text()
    assert re.search(r"^1383\d+ guest: hung up on while", told)


async def test_a_caller_who_waits_to_be_let_go_has_what_it_wanted(
    house: Phone, tmp_path: Path
) -> None:
    async with callers_of(house, "steps: [{until_let_go: 100}]", tmp_path) as callers:
        await callers.keep(1, rate_per_s=20)
        await until(lambda: guests(callers).up == 1)
        await callers.keep(0, rate_per_s=20)
        await house.call_in_hand.hang_up()
        await until(lambda: guests(callers).completed == 1)
        assert not guests(callers).failed


async def test_a_caller_begins_to_talk_when_an_agent_is_heard(house: Phone, tmp_path: Path) -> None:
    steps = "steps: [{waits_for_agent: 60}, {talks: 2}]"
    async with callers_of(house, steps, tmp_path) as callers:
        await callers.keep(1, rate_per_s=20)
        await until(lambda: up_at(house) == 1)
        await callers.keep(0, rate_per_s=20)
        began = time.monotonic()
        an_agent_speaks(house.call_in_hand)
        # Without an agent it would be the end of its patience, which comes later than this wait.
        await until(lambda: guests(callers).completed == 1)
        assert time.monotonic() - began >= 2


async def test_a_house_that_falls_silent_after_keys_is_found_out(
    house: Phone, tmp_path: Path
) -> None:
    steps = "steps: [{listens: 2}, {presses: '1'}, {listens: 4}]"
    async with callers_of(house, steps, tmp_path) as callers:
        await callers.keep(1, rate_per_s=20)
        await until(lambda: up_at(house) == 1)
        await callers.keep(0, rate_per_s=20)
        call = house.call_in_hand
        await until(lambda: call.media.keys_received == "1")
        call.media.sends_sound = False
        await until(lambda: bool(guests(callers).failed))
        assert guests(callers).failed == {"heard nothing after keys": 1}
