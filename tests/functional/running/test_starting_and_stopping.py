"""`ivrengine run`: it starts, says what it does, and takes everything with it when it goes."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path

import pytest

from tests.functional.running.conftest import NewSystem
from tests.kit.api import asked
from tests.kit.command import run_command
from tests.kit.instance import PROJECT, Instance
from tests.kit.measures import Measures
from tests.kit.person import Caller
from tests.kit.ports import free_ports

pytestmark = [pytest.mark.functional, pytest.mark.timeout(240)]

NOWHERE = "http://127.0.0.1:9/debian"
"""An archive at which nobody answers (the discard port): who fetches anything there fails."""

NUMBERS = ("952588", "8008202588")
SERVES = "serving; Ctrl-C stops everything"


async def test_it_starts_serves_and_stops_and_the_second_time_fetches_nothing(
    new_system: NewSystem, measures: Measures
) -> None:
    instance = new_system(IVRENGINE_SOFTSWITCH__ARCHIVE=NOWHERE)
    clock = asyncio.get_running_loop().time
    for number in (signal.SIGINT, signal.SIGTERM):
        began = clock()
        with run_command(instance, "--no-demo") as run:
            await run.says(SERVES)
            measures.note("from `run` to serving", clock() - began)
            assert "prompts: 0 laid out" in run.said
            for told in (
                "952588",
                "8008202588",
                "demo8001",
                f":{instance.ports.api}/",
                "api-token",
            ):
                assert told in run.said
            assert await asked(instance.is_ready)
            assert run.part("asterisk.conf").parent == run.part(" engine").parent == run.pid
            run.sends(number)
            assert await run.ends() == 0
            assert "engine stopped" in run.said
            assert "asterisk stopped" in run.said
            await run.leaves_nothing()


@contextmanager
def ctrl_c_ignored() -> Iterator[None]:
    """Has whatever starts meanwhile ignore Ctrl-C, as a shell does for what it starts with `&`."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("started", [nullcontext, ctrl_c_ignored])
async def test_it_can_be_interrupted_while_it_lays_out_prompts(
    tmp_path: Path, started: Callable[[], AbstractContextManager[None]]
) -> None:
    with ExitStack() as stack:
        with started():
            run = stack.enter_context(run_command(Instance(tmp_path), "--no-demo"))
        await run.says("laying out prompts")
        run.sends(signal.SIGINT)
        assert await run.ends(within_s=10) == 0
        assert "stopped before anything was started" in run.said
        await run.leaves_nothing()


@pytest.mark.parametrize("moment", ["starting asterisk", "asterisk runs"])
async def test_it_can_be_interrupted_while_a_part_starts(
    new_system: NewSystem, moment: str
) -> None:
    with run_command(new_system(), "--no-demo") as run:
        await run.says(moment)
        run.sends(signal.SIGINT)
        assert await run.ends() == 0
        assert SERVES not in run.said
        await run.leaves_nothing()


@pytest.mark.parametrize(
    ("door", "variable"),
    [
        ("api", "IVRENGINE_HTTP_PORT"),
        ("events", "IVRENGINE_SOFTSWITCH__EVENTS_PORT"),
        ("sip", "IVRENGINE_SOFTSWITCH__SIP_PORT"),
    ],
)
async def test_a_taken_port_is_told_with_its_holder_and_setting(
    tmp_path: Path, door: str, variable: str
) -> None:
    ports = free_ports()
    taken = getattr(ports, door)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as holder:
        holder.bind(("127.0.0.1", taken))
        holder.listen()
        with run_command(Instance(tmp_path, ports=ports), "--no-demo") as run:
            assert await run.ends() == 1
            assert f"127.0.0.1:{taken}/tcp is taken by process {os.getpid()}" in run.said
            assert variable in run.said
            assert "starting" not in run.said
            await run.leaves_nothing()


async def test_a_second_start_in_one_folder_is_refused_and_harms_nothing(
    new_system: NewSystem,
) -> None:
    instance = new_system()
    with run_command(instance, "--no-demo") as first:
        await first.says(SERVES)
        elsewhere = Instance(instance.state_dir, ports=free_ports())
        refused = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ivrengine", "run", "--no-demo"),
            cwd=PROJECT,
            env=elsewhere.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(30):
            said, _ = await refused.communicate()
        told = " ".join(said.decode().split())
        assert refused.returncode == 1
        assert f"process {first.pid} runs from the state folder" in told
        assert "IVRENGINE_STATE_DIR" in told
        assert await asked(instance.is_ready)


async def test_two_systems_side_by_side_each_serve_their_callers(new_system: NewSystem) -> None:
    one = new_system("one")
    with run_command(one, "--no-demo") as first:
        await first.says(SERVES)
        two = new_system("two")
        assert two.ports.sip != one.ports.sip
        with run_command(two, "--no-demo") as second:
            await second.says(SERVES)
            for instance in (one, two):
                await _is_greeted(instance)
            first.sends(signal.SIGINT)
            assert await first.ends() == 0
            await first.leaves_nothing()
            await _is_greeted(two)


async def test_a_murdered_supervisor_takes_its_children_along(new_system: NewSystem) -> None:
    with run_command(new_system(), "--no-demo") as run:
        await run.says(SERVES)
        assert len(run.processes) >= 3
        run.sends(signal.SIGKILL)
        assert await run.ends() == -signal.SIGKILL
        await run.leaves_nothing()


async def test_what_is_killed_runs_again_and_the_operator_is_told(new_system: NewSystem) -> None:
    instance = new_system()
    instance.libraries.load_all()
    with run_command(instance, "--no-demo") as run:
        await run.says(SERVES)
        for name, words in (("engine", " engine"), ("asterisk", "asterisk.conf")):
            run.part(words).send(signal.SIGKILL)
            await run.says(f"{name} was ended by SIGKILL")
            await run.says(f"{name} runs again")
            await instance.until_ready()
            await _is_greeted(instance)


async def _is_greeted(instance: Instance) -> None:
    libraries = instance.libraries.load_all()
    settings = instance.caller_settings("13900000001")
    async with await Caller.with_phone(settings, libraries) as caller:
        await caller.dials("952588")
        await caller.hears("welcome.greeting", language="zh")
        await caller.hangs_up()
