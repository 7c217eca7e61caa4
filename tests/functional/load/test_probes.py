"""Telephones that listen at the whole system: what they find right, and what they find wrong."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ivrengine.load.measures.probe_call import ProbeCall
from ivrengine.load.measures.probes.crew import Probes
from ivrengine.load.measures.probes.orders import ProbeOrders
from tests.kit.instance import Instance

pytestmark = [pytest.mark.functional, pytest.mark.timeout(150)]

CALLERS = ("13900000071", "13900000072")
KEYS_PRESSED = 5
HOLES_OF_A_BUSY_MACHINE = 3
LONGEST_CALL_S = 60.0


@asynccontextmanager
async def probes_at(
    instance: Instance, log: Path, *, prompts: Path | None = None, dialled: str = "952588"
) -> AsyncIterator[Probes]:
    orders = ProbeOrders(
        server=instance.sip,
        dialled=dialled,
        callers=CALLERS,
        prompts=prompts or instance.libraries.directory,
        seed=1,
        pause_s=0.2,
    )
    async with Probes.at(orders, log=log) as probes:
        yield probes
    await instance.comes_to_rest()


async def until(reached: Callable[[], bool], *, within_s: float = LONGEST_CALL_S) -> None:
    deadline = time.monotonic() + within_s
    while not reached():
        assert time.monotonic() < deadline, "it never came to that"
        await asyncio.sleep(0.1)


def with_swapped_prompts(prompts: Path, folder: Path, one: str, other: str) -> Path:
    for file in prompts.glob("**/*.alaw"):
        path = str(file.relative_to(prompts))
        swapped = path.replace(one, "\0").replace(other, one).replace("\0", other)
        link = folder / swapped
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(file.resolve())
    return folder


def assert_heard_all(call: ProbeCall) -> None:
    assert call.fault == ""
    assert call.setup_s is not None
    assert 0 < call.setup_s < 2
    assert call.first_sound_s is not None
    assert 0 <= call.first_sound_s < 2
    assert len(call.digit_to_prompt_s) == KEYS_PRESSED
    assert all(0 < delay_s < 2 for delay_s in call.digit_to_prompt_s)
    assert len(call.gaps_samples) > 10
    # On a machine that others use as well, Asterisk itself may be late now and then.
    assert call.gaps_samples.count(0) >= len(call.gaps_samples) - HOLES_OF_A_BUSY_MACHINE
    assert call.rtp is not None
    assert call.rtp.received > 500
    assert call.rtp.lost == 0


async def test_probes_hear_a_quote_in_either_language_and_tell_its_figures(
    instance: Instance, tmp_path: Path
) -> None:
    async with probes_at(instance, tmp_path / "probes.log") as probes:
        assert probes.tally().placed == 0
        probes.begin()
        await until(lambda: probes.tally().up == 2)
        await until(lambda: len(probes.calls) >= 2)
    assert {call.language for call in probes.calls[:2]} == {"zh", "en"}
    for call in probes.calls[:2]:
        assert_heard_all(call)
    tally = probes.tally()
    assert (tally.up, tally.failed, tally.refused) == (0, {}, {})
    assert tally.completed == tally.placed >= 2
    with pytest.raises(ProcessLookupError):
        os.kill(probes.pid, 0)


async def test_a_call_that_is_broken_off_keeps_what_it_found(
    instance: Instance, tmp_path: Path
) -> None:
    async with probes_at(instance, tmp_path / "probes.log") as probes:
        probes.begin()
        await until(lambda: probes.tally().up == 2)
        await asyncio.sleep(3)
        await probes.finish()
        await probes.finish()
    assert len(probes.calls) == 2
    for call in probes.calls:
        assert call.fault == ""
        assert call.setup_s is not None
        assert 1 <= len(call.digit_to_prompt_s) < KEYS_PRESSED


async def test_another_prompt_than_the_one_meant_is_a_fault(
    instance: Instance, tmp_path: Path
) -> None:
    swapped = with_swapped_prompts(
        instance.libraries.directory, tmp_path / "prompts", "menu/main", "mailbox/menu"
    )
    async with probes_at(instance, tmp_path / "probes.log", prompts=swapped) as probes:
        probes.begin()
        await until(lambda: len(probes.calls) >= 2)
    for call in probes.calls[:2]:
        assert f"menu.main in {call.language} was not heard" in call.fault
        assert "mailbox.menu" in call.fault
        assert call.setup_s is not None
    assert sum(probes.tally().failed.values()) >= 2


async def test_a_number_that_nobody_has_is_told_as_refused(
    instance: Instance, tmp_path: Path
) -> None:
    async with probes_at(instance, tmp_path / "probes.log", dialled="12") as probes:
        probes.begin()
        await until(lambda: len(probes.calls) >= 2)
    assert all(call.refused >= 400 and call.setup_s is None for call in probes.calls)
    assert probes.tally().failed == {}
