"""An engine dies, and the one that was loaded behind it begins at once."""

import signal
from pathlib import Path

import pytest

from ivrengine.bootstrap.system import ENGINE_SERVES, ENGINE_WAITS
from tests.functional.guards.guarded import comes_true
from tests.functional.running.conftest import NewSystem
from tests.kit.command import RunCommand, run_command
from tests.kit.instance import Instance
from tests.kit.person import Caller

pytestmark = [pytest.mark.functional, pytest.mark.timeout(240)]


def _called(run: RunCommand, name: str) -> list[int]:
    """Returns the processes that the kernel lists under this name."""
    return [process.pid for process in run.processes if _name_of(process.pid) == name]


def _name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _breaks_seen_by_asterisk(instance: Instance) -> list[str]:
    """Returns what Asterisk says of a websocket that was not ended in good order."""
    said = (instance.state_dir / "asterisk" / "log" / "messages").read_text().splitlines()
    return [
        line for line in said if "web socket" in line.lower() or "websocket read" in line.lower()
    ]


async def test_an_engine_that_is_killed_is_followed_by_the_one_that_waits(
    new_system: NewSystem,
) -> None:
    instance = new_system("system", IVRENGINE_STANDBY="true")
    with run_command(instance, "--no-demo") as run:
        await run.says("serving; Ctrl-C stops everything")
        await comes_true(lambda: len(_called(run, ENGINE_WAITS)) == 1, within_s=90)
        [serves], [waits] = _called(run, ENGINE_SERVES), _called(run, ENGINE_WAITS)
        phone = instance.caller_settings("13900001112")
        async with await Caller.with_phone(phone, instance.libraries) as caller:
            await caller.dials("952588")
            await caller.hears("welcome.choose_language", language="zh")
            next(p for p in run.processes if p.pid == serves).send(signal.SIGKILL)
            await run.says("engine is started again at once")
            await run.says("engine runs again")
            assert _called(run, ENGINE_SERVES) == [waits]
            assert not _breaks_seen_by_asterisk(instance)
            await caller.presses("1")
            await caller.hears("menu.main", language="zh")
            await caller.hangs_up()
        await comes_true(lambda: len(_called(run, ENGINE_WAITS)) == 1, within_s=90)
        run.sends(signal.SIGINT)
        assert await run.ends() == 0
        await run.leaves_nothing()
