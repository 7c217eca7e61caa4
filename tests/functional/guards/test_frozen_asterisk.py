"""Asterisk stands still with its sockets open: the same call, kept up as is usual and as we do."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ivrengine.softphone.hearing.library import PromptLibraries
from ivrengine.softphone.sip.phone import CallRefused, PhoneSettings
from ivrengine.softphone.sip.transactions import Timers
from ivrengine.softswitch.local.supervisor import KeepingPolicy, PartDeaf, PartStarted
from tests.functional.guards.watched import Watched, supervised
from tests.kit.api import asked
from tests.kit.instance import Instance
from tests.kit.person import Caller
from tests.kit.prompts import write_library
from tests.kit.walks import PATIENCE_S

pytestmark = pytest.mark.functional

AS_USUAL = KeepingPolicy(probes_missed=sys.maxsize)
"""Starts what has ended and asks nothing: `safe_asterisk`, and systemd's `Restart=always`."""

OURS_IN_HASTE = KeepingPolicy(probe_every_s=0.3, probe_timeout_s=0.3, probes_missed=3)
APOLOGIES = {
    "zh/system/apology": 40,
    "en/system/apology": 30,
    "zh/system/goodbye": 25,
    "en/system/goodbye": 35,
    "music/calm": 300,
}
REPEATS = Timers(t1_s=0.25)
"""A caller whose INVITE is repeated for sixteen seconds; after that nobody tries any more."""


@contextlib.asynccontextmanager
async def a_frozen_asterisk(state_dir: Path, policy: KeepingPolicy) -> AsyncIterator[Watched]:
    async with supervised(state_dir, policy, stop_timeout_s=1.0) as watched:
        os.kill(watched.switch.pid, signal.SIGSTOP)
        yield watched


@contextlib.asynccontextmanager
async def a_caller(watched: Watched, state_dir: Path) -> AsyncIterator[Caller]:
    libraries = PromptLibraries(state_dir / "prompts").load_all()
    server = ("127.0.0.1", watched.switch.settings.sip_port)
    settings = PhoneSettings(user="13900000001", server=server, timers=REPEATS)
    async with await Caller.with_phone(settings, libraries) as caller:
        yield caller


async def test_kept_up_as_usual_it_looks_well_and_the_caller_is_never_answered(
    tmp_path: Path,
) -> None:
    write_library(tmp_path / "prompts", APOLOGIES)
    async with a_frozen_asterisk(tmp_path, AS_USUAL) as watched, a_caller(watched, tmp_path) as one:
        frozen = watched.switch.pid
        with pytest.raises(CallRefused) as refusal:
            await one.dials("952588", within_s=REPEATS.give_up_s + 1)
        assert refusal.value.status == 408, "nobody ever answered"
        assert watched.switch.pid == frozen
        assert watched.news == [PartStarted(name="asterisk", again=False)]


async def test_kept_up_by_us_it_is_replaced_and_the_same_call_is_answered(tmp_path: Path) -> None:
    write_library(tmp_path / "prompts", APOLOGIES)
    async with (
        a_frozen_asterisk(tmp_path, OURS_IN_HASTE) as watched,
        a_caller(watched, tmp_path) as one,
    ):
        frozen = watched.switch.pid
        await one.dials("952588", within_s=REPEATS.give_up_s + 1)
        await one.hears("system.apology", language="zh")
        assert PartDeaf(name="asterisk", probes_missed=3) in watched.news
        assert PartStarted(name="asterisk", again=True) in watched.news
        assert watched.switch.pid != frozen


async def test_the_engine_says_that_it_serves_nobody_until_asterisk_moves_again(
    instance: Instance,
) -> None:
    await instance.until_ready()
    with instance.frozen_asterisk():
        async with asyncio.timeout(PATIENCE_S):
            while await asked(instance.is_ready):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    await instance.until_ready(within_s=PATIENCE_S)
