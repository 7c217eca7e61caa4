"""Work that lives side by side: one fault is one fault, and the end is everybody's."""

import asyncio

import pytest
import structlog

from ivrengine.calls.scope import Scope

pytestmark = pytest.mark.unit


async def test_a_fault_of_one_reaches_no_other() -> None:
    scope, going_on = Scope(), asyncio.Event()

    async def fails() -> None:
        raise ValueError("a fault")

    async def goes_on() -> None:
        await asyncio.sleep(0)
        going_on.set()

    with structlog.testing.capture_logs() as logged:
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(scope.serve())
            await asyncio.sleep(0)
            scope.begin(fails(), "first")
            scope.begin(goes_on(), "second")
            await going_on.wait()
            serving.cancel()
    assert [(entry["event"], entry["task"]) for entry in logged] == [("task_failed", "first")]


async def test_all_work_ends_with_whoever_serves() -> None:
    scope, ended = Scope(), asyncio.Event()

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with asyncio.TaskGroup() as group:
        serving = group.create_task(scope.serve())
        await asyncio.sleep(0)
        assert scope.is_open
        scope.begin(waits(), "waits")
        await asyncio.sleep(0)
        serving.cancel()
    assert ended.is_set()


async def test_work_that_comes_before_anybody_serves_is_given_up() -> None:
    scope, begun = Scope(), []

    async def begins() -> None:
        begun.append(True)

    with structlog.testing.capture_logs() as logged:
        assert not scope.is_open
        scope.begin(begins(), "early")
    assert [entry["event"] for entry in logged] == ["work_before_start"]
    assert begun == []
