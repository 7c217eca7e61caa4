"""A system with a queue for each feature of routing, each behind a number of its own."""

import json
import shutil
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from string import Template
from typing import Final

import pytest
from ruamel.yaml import YAML

from tests.functional.conftest import NewCaller, StartInstance
from tests.kit.instance import Instance
from tests.kit.person import Caller

FLOOR: Final = Path(__file__).with_name("floor")
FIRST_NUMBER: Final = 9500
ROSTER: Final = ("agents.yaml", "queues.yaml", "calendars.yaml")

Asks = Callable[[str, str], Awaitable[Caller]]


@pytest.fixture(scope="session")
def queue_numbers() -> Mapping[str, str]:
    """The number of each queue."""
    file = YAML(typ="safe").load(FLOOR / "queues.yaml")
    names = [queue["name"] for queue in file["queues"]]
    return {name: str(FIRST_NUMBER + place) for place, name in enumerate(names)}


@pytest.fixture(scope="session")
def routing_instance(
    start_instance: StartInstance,
    tmp_path_factory: pytest.TempPathFactory,
    queue_numbers: Mapping[str, str],
) -> Instance:
    """A system whose agents, queues and flows are those of `floor`."""
    folder = tmp_path_factory.mktemp("routing")
    roster, dialplan = folder / "roster", folder / "dialplan"
    roster.mkdir()
    for file in ROSTER:
        shutil.copy(FLOOR / file, roster)
    shutil.copytree(FLOOR / "dialplan", dialplan)
    pattern = Template((FLOOR / "queue.yaml.in").read_text("utf-8"))
    for queue in queue_numbers:
        flow = _flow(queue)
        text = pattern.substitute(flow=flow, queue=queue)
        (dialplan / f"{flow}.yaml").write_text(text, encoding="utf-8")
    numbers = [
        {"number": number, "trunk": "main", "flow": _flow(queue)}
        for queue, number in queue_numbers.items()
    ]
    settings = {
        "IVRENGINE_ROSTER": str(roster),
        "IVRENGINE_DIALPLANS": str(dialplan),
        "IVRENGINE_LINES": str(FLOOR / "lines.yaml"),
        "IVRENGINE_NUMBERS": json.dumps(numbers),
    }
    return start_instance(folder / "system", settings)


@pytest.fixture
def instance(routing_instance: Instance) -> Instance:
    return routing_instance


@pytest.fixture
def asks(new_caller: NewCaller, queue_numbers: Mapping[str, str]) -> Asks:
    """Somebody calls and is in a queue: `await asks("13900000002", "experts")`."""

    async def ask(number: str, queue: str) -> Caller:
        caller = await new_caller(number)
        await caller.dials(queue_numbers[queue])
        return caller

    return ask


@pytest.fixture
def waits(asks: Asks) -> Asks:
    """Somebody calls and stands in the line of a queue, which the music tells."""

    async def wait(number: str, queue: str) -> Caller:
        caller = await asks(number, queue)
        await caller.hears_music()
        return caller

    return wait


def _flow(queue: str) -> str:
    return f"to_{queue.replace('-', '_')}"
