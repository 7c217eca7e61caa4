"""The supervisor over parts that die, go deaf and refuse to start, in virtual time."""

import asyncio
import errno
import os
import signal
from collections.abc import Callable

import pytest

from ivrengine.errors import EngineError
from ivrengine.softswitch.local.processes import Ended
from ivrengine.softswitch.local.supervisor import (
    KeepingPolicy,
    News,
    PartDeaf,
    PartEnded,
    PartFailedToStart,
    PartStarted,
    RestartPlanned,
    Supervisor,
)
from ivrengine.softswitch.local.wording import in_words

pytestmark = [pytest.mark.unit, pytest.mark.looptime]

POLICY = KeepingPolicy(
    first_delay_s=1.0,
    longest_delay_s=8.0,
    settled_s=60.0,
    probe_every_s=5.0,
    probe_timeout_s=2.0,
    probes_missed=3,
)


class FakePart:
    """A part that does what the test says; it notes when it was started and stopped."""

    def __init__(self, name: str, *, refusals: int = 0, rests_s: float = 1.0) -> None:
        self.name = name
        self.rests_s = rests_s
        self.refuses_with: Exception = EngineError(f"{name} will not")
        self.hears = True
        self.refusals = refusals
        self.started_at: list[float] = []
        self.stops = 0
        self.interruptions = 0
        self._end: asyncio.Future[Ended] | None = None

    async def start(self) -> None:
        if self.refusals:
            self.refusals -= 1
            raise self.refuses_with
        self.hears = True
        loop = asyncio.get_running_loop()
        self.started_at.append(loop.time())
        self._end = loop.create_future()

    async def wait(self) -> Ended:
        assert self._end is not None
        return await asyncio.shield(self._end)

    async def stop(self) -> Ended:
        self.stops += 1
        self._finish(asked=True, code=0)
        return await self.wait()

    async def interrupt(self) -> Ended:
        self.interruptions += 1
        self._finish(asked=True, code=0)
        return await self.wait()

    async def is_answering(self, *, timeout_s: float) -> bool:
        if not self.hears:
            await asyncio.sleep(timeout_s)
        return self.hears

    def dies(self) -> None:
        self._finish(asked=False, code=-9)

    def _finish(self, *, asked: bool, code: int) -> None:
        assert self._end is not None
        if not self._end.done():
            self._end.set_result(Ended(name=self.name, code=code, asked=asked))


async def _run(
    parts: list[FakePart], *plan: tuple[float, Callable[[Supervisor], None]]
) -> list[News]:
    """Runs a supervisor and carries out each step of the plan at its second; the news."""
    news: list[News] = []
    supervisor = Supervisor(parts, tell=news.append, policy=POLICY)
    loop = asyncio.get_running_loop()
    for at_s, act in plan:
        loop.call_at(loop.time() + at_s, act, supervisor)
    await supervisor.run()
    return news


def _stop(supervisor: Supervisor) -> None:
    supervisor.request_stop()


async def test_parts_start_in_order_and_stop_in_reverse() -> None:
    news = await _run([FakePart("asterisk"), FakePart("engine")], (1.0, _stop))
    assert [in_words(each) for each in news] == [
        "asterisk runs",
        "engine runs",
        "engine stopped",
        "asterisk stopped",
    ]


async def test_a_part_that_dies_is_started_again_after_a_second() -> None:
    part = FakePart("engine")
    news = await _run([part], (10.0, lambda _: part.dies()), (20.0, _stop))
    assert part.started_at[1] - part.started_at[0] == pytest.approx(11.0)
    assert news[1:4] == [
        PartEnded(ended=Ended(name="engine", code=-9, asked=False)),
        RestartPlanned(name="engine", delay_s=1.0),
        PartStarted(name="engine", again=True),
    ]


async def test_a_full_disk_delays_a_restart_and_ends_nothing_else() -> None:
    part, other = FakePart("asterisk"), FakePart("engine")
    part.refuses_with = OSError(errno.ENOSPC, "No space left on device")

    def dies_with_a_full_disk(_supervisor: Supervisor) -> None:
        part.refusals = 2
        part.dies()

    news = await _run([part, other], (10.0, dies_with_a_full_disk), (60.0, _stop))
    failed = [each.reason for each in news if isinstance(each, PartFailedToStart)]
    assert len(failed) == 2
    assert "No space left" in failed[0]
    assert (len(part.started_at), len(other.started_at)) == (2, 1)


async def test_a_first_start_that_a_full_disk_refuses_is_told_with_a_remedy() -> None:
    part, other = FakePart("engine", refusals=1), FakePart("asterisk")
    part.refuses_with = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(EngineError, match="No space left") as caught:
        await _run([other, part])
    assert "disk" in caught.value.remedy
    assert other.stops == 1


async def test_delays_grow_up_to_a_limit_while_starts_fail() -> None:
    part = FakePart("engine")

    def dies_and_refuses(_supervisor: Supervisor) -> None:
        part.refusals = 5
        part.dies()

    news = await _run([part], (1.0, dies_and_refuses), (100.0, _stop))
    delays = [each.delay_s for each in news if isinstance(each, RestartPlanned)]
    assert delays == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    failures = [each for each in news if isinstance(each, PartFailedToStart)]
    assert len(failures) == 5
    assert failures[0].reason == "engine will not"


async def test_a_part_that_ran_long_enough_begins_with_a_short_delay_again() -> None:
    part = FakePart("engine")
    news = await _run(
        [part],
        (1.0, lambda _: part.dies()),
        (5.0, lambda _: part.dies()),
        (100.0, lambda _: part.dies()),
        (110.0, _stop),
    )
    delays = [each.delay_s for each in news if isinstance(each, RestartPlanned)]
    assert delays == [1.0, 2.0, 1.0]


async def test_a_part_that_needs_no_rest_is_started_again_at_once_unless_it_does_not_last() -> None:
    part = FakePart("engine", rests_s=0.0)
    news = await _run(
        [part],
        (70.0, lambda _: part.dies()),
        (75.0, lambda _: part.dies()),
        (80.0, lambda _: part.dies()),
        (200.0, lambda _: part.dies()),
        (201.0, _stop),
    )
    delays = [each.delay_s for each in news if isinstance(each, RestartPlanned)]
    assert delays == [0.0, 1.0, 2.0, 0.0]


async def test_a_part_that_goes_deaf_is_replaced_after_the_missed_probes() -> None:
    part = FakePart("asterisk")

    def goes_deaf(_supervisor: Supervisor) -> None:
        part.hears = False

    news = await _run([part], (1.0, goes_deaf), (40.0, _stop))
    assert PartDeaf(name="asterisk", probes_missed=3) in news
    assert part.started_at[1] - part.started_at[0] == pytest.approx(3 * (5.0 + 2.0) + 1.0)
    assert (part.interruptions, part.stops) == (1, 1)


async def test_a_short_silence_is_forgiven() -> None:
    part = FakePart("asterisk")

    def sets(hears: bool) -> Callable[[Supervisor], None]:
        return lambda _supervisor: setattr(part, "hears", hears)

    news = await _run([part], (4.0, sets(False)), (16.0, sets(True)), (60.0, _stop))
    assert not [each for each in news if isinstance(each, PartDeaf)]
    assert len(part.started_at) == 1


async def test_a_part_that_cannot_start_at_first_stops_the_others_and_is_reported() -> None:
    healthy, broken = FakePart("asterisk"), FakePart("engine", refusals=1)
    news: list[News] = []
    supervisor = Supervisor([healthy, broken], tell=news.append, policy=POLICY)
    with pytest.raises(EngineError, match="engine will not"):
        await supervisor.run()
    assert healthy.stops == 1
    assert [in_words(each) for each in news] == ["asterisk runs", "asterisk stopped"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_signals_stop_everything_in_order(number: signal.Signals) -> None:
    part = FakePart("engine")
    news: list[News] = []
    supervisor = Supervisor([part], tell=news.append, policy=POLICY)

    async def interrupts() -> None:
        os.kill(os.getpid(), number)

    await supervisor.run(meanwhile=interrupts)
    assert part.stops == 1
    assert isinstance(news[-1], PartEnded)


async def test_an_errand_that_is_cut_short_still_finds_the_parts_up() -> None:
    part = FakePart("engine")
    supervisor = Supervisor([part], tell=lambda _: None, policy=POLICY)
    stops_seen: list[int] = []

    async def stays() -> None:
        supervisor.request_stop()
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(1)
            stops_seen.append(part.stops)

    await supervisor.run(meanwhile=stays)
    assert (stops_seen, part.stops) == ([0], 1)


async def test_a_stop_during_the_delay_before_a_restart_is_obeyed() -> None:
    part = FakePart("engine")
    await _run([part], (1.0, lambda _: part.dies()), (1.5, _stop))
    assert len(part.started_at) == 1


async def test_a_cancellation_from_outside_stops_the_parts_and_goes_on() -> None:
    part = FakePart("engine")
    supervisor = Supervisor([part], tell=lambda _: None, policy=POLICY)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(3.0):
            await supervisor.run()
    assert part.stops == 1


def test_every_end_is_described_in_words() -> None:
    assert Ended(name="a", code=3, asked=False).describe() == "a ended by itself with exit code 3"
    assert Ended(name="a", code=-11, asked=False).describe() == "a was ended by SIGSEGV"
    assert Ended(name="a", code=0, asked=True).describe() == "a stopped"
    late = Ended(name="a", code=-9, asked=True, killed_late=True)
    assert late.describe() == "a did not stop in time and was killed"
