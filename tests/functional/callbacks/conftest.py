"""A system that calls back soon, and people who are called at telephones outside."""

import shutil
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.functional.conftest import StartInstance
from tests.kit.instance import PROJECT, Instance
from tests.kit.person import Agent

NewCustomer = Callable[[str], Awaitable[Agent]]

RULES = """\
    callback: {offered_after_s: 2, attempts: 3, retry_after_s: 2, answer_timeout_s: 8}
    whisper: false
"""


@pytest.fixture(scope="session")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's roster, whose queue `trading` offers callbacks after two seconds of waiting."""
    folder = tmp_path_factory.mktemp("roster")
    for file in ("agents.yaml", "queues.yaml", "calendars.yaml"):
        shutil.copy(PROJECT / "data" / "demo" / file, folder)
    queues = folder / "queues.yaml"
    text, members = queues.read_text("utf-8"), "    members: {skill: trading}\n"
    assert text.count(members) == 1
    queues.write_text(text.replace(members, members + RULES), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def started() -> list[Instance]:
    """The systems started so far, of which the last is used."""
    return []


@pytest.fixture
def instance(
    started: list[Instance],
    start_instance: StartInstance,
    roster: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Instance:
    """A system nobody waits in: a new one when a failed test left a callback to be made."""
    if not started or started[-1].leftovers():
        state = tmp_path_factory.mktemp("calling")
        started.append(start_instance(state, {"IVRENGINE_ROSTER": str(roster)}))
    return started[-1]


@pytest.fixture
async def customer(instance: Instance, people: AsyncExitStack) -> NewCustomer:
    """Gives somebody a telephone where calls go that leave the house."""

    async def give(number: str) -> Agent:
        settings = replace(instance.caller_settings(number), port=instance.ports.carrier)
        return await people.enter_async_context(
            await Agent.with_phone(settings, instance.libraries)
        )

    return give
