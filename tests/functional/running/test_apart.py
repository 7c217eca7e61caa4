"""The engine and Asterisk each kept up by a command of its own, as in two containers."""

import signal

import pytest

from tests.functional.running.conftest import NewSystem
from tests.kit.command import RunCommand, command
from tests.kit.person import Caller
from tests.kit.processes import Process

pytestmark = [pytest.mark.functional, pytest.mark.timeout(240)]


async def test_an_engine_that_is_kept_up_apart_waits_for_asterisk(new_system: NewSystem) -> None:
    instance = new_system()
    with command(instance, "engine", "--keep-up") as engine:
        await engine.says("engine runs")
        assert not instance.is_ready()
        with command(instance, "softswitch", "start"):
            await instance.until_ready()


async def test_a_call_outlives_an_engine_that_is_kept_up_apart_from_asterisk(
    new_system: NewSystem,
) -> None:
    instance = new_system()
    with (
        command(instance, "engine", "--keep-up") as engine,
        command(instance, "softswitch", "start") as switch,
    ):
        await engine.says("engine runs")
        await instance.until_ready()
        phone = instance.caller_settings("13900001111")
        async with await Caller.with_phone(phone, instance.libraries) as caller:
            await caller.dials("952588")
            await caller.hears("welcome.choose_language", language="zh")
            _child_of(engine).send(signal.SIGKILL)
            await engine.says("engine was ended by SIGKILL")
            await engine.says("engine runs again")
            await instance.until_ready()
            await caller.presses("1")
            await caller.hears("menu.main", language="zh")
        for each in (engine, switch):
            each.sends(signal.SIGTERM)
            assert await each.ends() == 0
        await engine.leaves_nothing()


def _child_of(command: RunCommand) -> Process:
    return next(process for process in command.processes if process.parent == command.pid)
