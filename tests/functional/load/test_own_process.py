"""A process of ours beside a run: it begins, ends with the block, and is missed when it goes."""

import os
import signal
from pathlib import Path

import psutil
import pytest

from ivrengine.errors import EngineError
from ivrengine.load.own_process import OwnProcess, Role

pytestmark = pytest.mark.functional


def callers_of(log: Path) -> Role:
    return Role(name="the voices", module="ivrengine.load.callers", log=log)


def only_fault(of: BaseExceptionGroup[EngineError]) -> EngineError:
    fault: BaseException = of
    while isinstance(fault, BaseExceptionGroup):
        fault = fault.exceptions[0]
    assert isinstance(fault, EngineError)
    return fault


async def until_killed(process: OwnProcess) -> None:
    heard: list[bytes] = []
    async with process.heard_by(heard.append, has_begun=lambda: bool(heard)):
        os.kill(process.pid, signal.SIGKILL)
        await process.until(lambda: False, within_s=60)


async def test_what_it_says_is_heard_until_the_block_ends_and_it_with_it(tmp_path: Path) -> None:
    heard: list[bytes] = []
    process = await OwnProcess.start(callers_of(tmp_path / "logs" / "voices.log"))
    async with process.heard_by(heard.append, has_begun=lambda: bool(heard)):
        assert heard[0].startswith(b'["127.0.0.1", ')
        process.tell(b"dismiss\n")
        assert await process.until(lambda: len(heard) > 2, within_s=20)
    assert not psutil.pid_exists(process.pid)
    with pytest.raises(EngineError, match="have gone"):
        process.tell(b"dismiss\n")


async def test_one_that_goes_by_itself_ends_the_block(tmp_path: Path) -> None:
    process = await OwnProcess.start(callers_of(tmp_path / "voices.log"))
    with pytest.raises(BaseExceptionGroup) as faults:
        await until_killed(process)
    assert "the voices have gone" in str(only_fault(faults.value))


async def test_one_that_cannot_begin_is_told_of_with_its_log(tmp_path: Path) -> None:
    log = tmp_path / "agents.log"
    role = Role(name="the telephones", module="ivrengine.load.agents", log=log)
    process = await OwnProcess.start(role)
    with pytest.raises(BaseExceptionGroup) as faults:
        async with process.heard_by(lambda line: None, has_begun=lambda: False):
            pytest.fail("it has not begun")
    assert str(log) in (only_fault(faults.value).remedy or "")
    assert "ValueError" in log.read_text()
