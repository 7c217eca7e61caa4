"""One caller in virtual time: what it does when, when it hangs up, and what it finds fault with."""

import asyncio

import pytest

from ivrengine.load.callers.caller import Caller
from ivrengine.load.mix.script import read_script
from ivrengine.load.sound.frames import Voice
from ivrengine.load.sound.lines import Heard
from ivrengine.softphone.sip.sdp import AudioStream
from ivrengine.softphone.sound.codec import Codec

pytestmark = [pytest.mark.unit, pytest.mark.looptime]

STREAM = AudioStream(address=("127.0.0.1", 4000), codecs=(Codec.PCMA,))
KEY_S = 0.2


class NotedLine:
    """A line that notes what is asked of it, and hears what the test says."""

    def __init__(self) -> None:
        self.heard = Heard()
        self.done: list[tuple[float, str]] = []
        self._clock = asyncio.get_running_loop().time

    def talk_to(self, stream: AudioStream) -> None:
        self.note("talks")

    def press(self, keys: str) -> float:
        self.note(f"presses {keys}")
        return KEY_S * len(keys)

    def speak_as(self, voice: Voice) -> None:
        self.note(voice.name)

    def leave(self) -> None:
        self.note("leaves")

    def note(self, what: str) -> None:
        self.done.append((round(self._clock(), 2), what))


class Visit:
    """One call acted out: the caller, its line, and when it hung up."""

    def __init__(self, script: str) -> None:
        self.line = NotedLine()
        self.hung_up_at: list[float] = []
        self.caller = Caller(
            "quote", read_script(script), self.line, telephone="139", tell=self._hang_up
        )
        self.caller.is_up = True

    async def _hang_up(self) -> None:
        self.hung_up_at.append(round(asyncio.get_running_loop().time(), 2))

    def hears_from(self, begin_s: float, end_s: float, group: asyncio.TaskGroup) -> None:
        async def hear() -> None:
            await asyncio.sleep(begin_s)
            while asyncio.get_running_loop().time() < end_s:
                self.line.heard.seconds += 1
                await asyncio.sleep(1)

        group.create_task(hear())


async def test_steps_follow_each_other_at_their_times_and_then_the_caller_hangs_up() -> None:
    visit = Visit("listens 2.00, presses 11, listens 1.00, speaks 8.00, presses #")
    async with asyncio.TaskGroup() as group:
        visit.hears_from(0, 12, group)
        visit.caller.begin(STREAM, group=group)
    assert visit.line.done == [
        (0.0, "talks"),
        (2.0, "presses 11"),
        (3.4, "SPEAKING"),
        (11.4, "QUIET"),
        (11.4, "presses #"),
    ]
    assert visit.hung_up_at == [11.6]
    assert not visit.caller.fault


async def test_a_caller_who_hears_an_agent_talks_and_hangs_up() -> None:
    visit = Visit("waits 60.00, talks 20.00")
    async with asyncio.TaskGroup() as group:
        visit.hears_from(0, 30, group)
        visit.caller.begin(STREAM, group=group)
        await asyncio.sleep(5)
        visit.line.heard.agent.set()
    assert visit.hung_up_at == [25.0]
    assert not visit.caller.fault


async def test_a_caller_whom_no_agent_answers_gives_up_without_a_fault() -> None:
    visit = Visit("waits 10.00, talks 20.00")
    async with asyncio.TaskGroup() as group:
        visit.hears_from(0, 10, group)
        visit.caller.begin(STREAM, group=group)
    assert visit.hung_up_at == [10.0]
    assert not visit.caller.fault


async def test_a_caller_who_hears_nothing_at_all_finds_fault() -> None:
    visit = Visit("listens 5.00")
    async with asyncio.TaskGroup() as group:
        visit.caller.begin(STREAM, group=group)
    assert visit.caller.fault == "heard nothing at all"


async def test_a_caller_who_hears_nothing_after_keys_finds_fault() -> None:
    visit = Visit("listens 4.00, presses 1, listens 5.00")
    async with asyncio.TaskGroup() as group:
        visit.hears_from(0, 4, group)
        visit.caller.begin(STREAM, group=group)
    assert visit.caller.fault == "heard nothing after keys"


async def test_a_caller_who_is_not_let_go_finds_fault_and_hangs_up() -> None:
    visit = Visit("is let go 30.00")
    async with asyncio.TaskGroup() as group:
        visit.hears_from(0, 30, group)
        visit.caller.begin(STREAM, group=group)
    assert visit.caller.fault == "was not let go"
    assert visit.hung_up_at == [30.0]


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("listens 20.00", "hung up on while the caller listens"),
        ("waits 20.00, talks 9.00", "hung up on while the caller waits"),
        ("talks 20.00", ""),
        ("is let go 20.00", ""),
    ],
)
async def test_only_where_it_is_expected_may_the_other_side_hang_up(
    script: str, fault: str
) -> None:
    visit = Visit(script)
    async with asyncio.TaskGroup() as group:
        visit.caller.begin(STREAM, group=group)
        await asyncio.sleep(5)
        visit.caller.is_let_go()
        visit.caller.stop()
    assert visit.caller.fault == fault
    assert visit.hung_up_at == []
    assert visit.line.done[-1] == (5.0, "leaves")


async def test_sipp_is_told_to_hang_up_once_however_often_it_is_wanted() -> None:
    visit = Visit("listens 1.00")
    await visit.caller.hang_up()
    await visit.caller.hang_up()
    assert visit.hung_up_at == [0.0]


async def test_a_call_that_was_never_answered_is_not_hung_up() -> None:
    visit = Visit("listens 1.00")
    visit.caller.is_up = False
    await visit.caller.hang_up()
    assert visit.hung_up_at == []
