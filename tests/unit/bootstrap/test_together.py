"""The engine's parts live and die together."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
import structlog

from ivrengine.bootstrap.together import parts_together
from ivrengine.errors import Bug, ConfigError

pytestmark = [pytest.mark.unit, pytest.mark.looptime]

LONG_S = 3600.0


async def serving(name: str, part: Coroutine[Any, Any, None], *, beside: "Lives") -> None:
    """Run ``part`` beside one that is well, for long."""
    async with parts_together() as parts:
        parts.add("well", beside.on("well"))
        parts.add(name, part)
        await asyncio.sleep(LONG_S)


class Lives:
    """Parts, and those of them that came to their end."""

    def __init__(self) -> None:
        self.over: list[str] = []

    async def on(self, name: str) -> None:
        """Live until cancelled."""
        try:
            await asyncio.sleep(LONG_S)
        finally:
            self.over.append(name)

    async def fail(self, fault: Exception) -> None:
        """Fail after a while."""
        await asyncio.sleep(1)
        raise fault

    async def end(self) -> None:
        """End after a while."""
        await asyncio.sleep(1)


async def test_when_the_block_ends_every_part_is_stopped() -> None:
    lives = Lives()
    async with parts_together() as parts:
        parts.add("one", lives.on("one"))
        parts.add("two", lives.on("two"))
        await asyncio.sleep(5)
        assert lives.over == []
    assert lives.over == ["one", "two"]


async def test_a_part_that_fails_ends_all_and_is_named() -> None:
    lives = Lives()
    with structlog.testing.capture_logs() as logged, pytest.raises(ExceptionGroup) as caught:
        await serving("poor", lives.fail(KeyError("unforeseen")), beside=lives)
    assert caught.group_contains(KeyError)
    assert lives.over == ["well"]
    assert [(line["event"], line["part"]) for line in logged] == [("part_failed", "poor")]


async def test_a_fault_that_an_operator_can_mend_comes_out_as_it_is() -> None:
    fault = ConfigError("port 1 is taken", remedy="choose another")

    async def nested() -> None:
        async with asyncio.TaskGroup() as inner:
            inner.create_task(Lives().fail(fault))

    with pytest.raises(ConfigError) as caught:
        await serving("switch", nested(), beside=Lives())
    assert caught.value is fault


async def test_a_part_that_merely_ends_ends_all() -> None:
    lives = Lives()
    with structlog.testing.capture_logs() as logged, pytest.raises(Bug, match="console"):
        await serving("console", lives.end(), beside=lives)
    assert lives.over == ["well"]
    assert [line["event"] for line in logged] == ["part_ended"]


async def test_a_part_with_an_errand_may_end() -> None:
    lives = Lives()
    async with parts_together() as parts:
        parts.add("errand", lives.end(), ends=True)
        await asyncio.sleep(5)
    assert lives.over == []
