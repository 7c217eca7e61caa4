"""Operators' files read again: all at once, or none, and nothing at all when nothing changed."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ivrengine.agents.change_log import ChangeLog
from ivrengine.agents.changes import Change, Prepared
from ivrengine.agents.roster import Roster
from ivrengine.agents.roster_book import RosterBook
from ivrengine.agents.roster_edits import edit_queue
from ivrengine.bootstrap.flow_shelf import FlowShelf
from ivrengine.bootstrap.reloading import Reloading
from ivrengine.config import Settings
from ivrengine.errors import ConfigError

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]


@dataclass
class Lines:
    """Another book, with what a test writes into it."""

    text: str = "one"
    read: str = "one"
    when_read: Callable[[], object] = lambda: None

    def prepare(self) -> Prepared:
        fresh = self.text
        self.when_read()
        if fresh == "wrong":
            raise ConfigError("lines.yaml:1:1: wrong", remedy="correct it")

        def put_in_force() -> None:
            self.read = fresh

        change = Change(subject="lines", field="text", before=self.read, after=fresh)
        return Prepared(changes=() if fresh == self.read else (change,), put_in_force=put_in_force)


class _Noon:
    def now(self) -> float:
        return 43_200.0


@dataclass
class House:
    """Copies of the demonstration's files, and what was put in force of them."""

    folder: Path
    told: list[Roster] = field(default_factory=list)
    lines: Lines = field(default_factory=Lines)

    def __post_init__(self) -> None:
        shutil.copytree(ROOT / "data" / "demo", self.folder / "roster")
        shutil.copytree(ROOT / "dialplans" / "demo", self.folder / "flows")
        settings = Settings(roster=self.folder / "roster", dialplans=self.folder / "flows")
        self.book = RosterBook(settings.roster, lambda prompt, language: True)
        self.book.when_changed(self.told.append)
        self.flows = FlowShelf(settings, self.book.roster.queues)
        self.change_log = ChangeLog(self.folder / "changes.jsonl", _Noon())
        self.reloading = Reloading(self.book, self.flows, [self.lines], change_log=self.change_log)

    def write(self, file: str, right: str, wrong: str) -> None:
        path = self.folder / file
        text = path.read_text("utf-8")
        assert right in text
        path.write_text(text.replace(right, wrong, 1), encoding="utf-8")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


async def test_files_that_did_not_change_put_nothing_in_force(house: House) -> None:
    stepper = house.flows.stepper()
    assert await house.reloading.reload(by="a test") == []
    assert house.told == []
    assert house.flows.stepper() is stepper


async def test_files_that_only_look_different_change_nothing(house: House) -> None:
    house.write("roster/queues.yaml", "\nqueues:", "\n# A comment.\nqueues:")
    house.write("roster/queues.yaml", "band: 2", "band:   2")
    assert await house.reloading.reload(by="a test") == []
    assert house.told == []


async def test_what_changed_is_put_in_force_returned_and_logged_with_who_asked(
    house: House,
) -> None:
    house.write("roster/queues.yaml", "wrap_up_s: 20", "wrap_up_s: 25")
    house.write("flows/main.yaml", "      4: mailbox", "      4: mailbox\n      7: mailbox")
    house.lines.text = "two"
    with capture_logs() as logged:
        changes = await house.reloading.reload(by="a test")
    said = [str(change) for change in changes]
    assert said[0] == "queue advice: wrap_up_s: 20.0 → 25.0"
    assert said[1].startswith("flow main: version: ")
    assert said[-1] == "lines: text: one → two"
    assert [roster.queues["advice"].wrap_up_s for roster in house.told] == [25]
    assert house.lines.read == "two"
    assert [(line["by"], line["changes"]) for line in logged] == [("a test", said)]


FAULTS = [
    ("roster/queues.yaml", "band: 2", "band: two", "queues.yaml:"),
    ("roster/calendars.yaml", "Asia/Shanghai", "Asia/Suzhou", "calendars.yaml:"),
    ("flows/main.yaml", "1: quotes", "1: quoted", "main.yaml:"),
    ("flows/waiting.yaml", "queue: {var: topic}", "queue: technics", "waiting.yaml:"),
]


@pytest.mark.parametrize(("file", "right", "wrong", "said"), FAULTS)
async def test_one_fault_in_any_file_keeps_all_of_them_out(
    house: House, file: str, right: str, wrong: str, said: str
) -> None:
    stepper = house.flows.stepper()
    house.lines.text = "two"
    house.write("roster/queues.yaml", "wrap_up_s: 20", "wrap_up_s: 25")
    house.write("flows/main.yaml", "      4: mailbox", "      4: mailbox\n      7: mailbox")
    house.write(file, right, wrong)
    with capture_logs() as logged, pytest.raises(ConfigError) as refusal:
        await house.reloading.reload(by="a test")
    assert said in str(refusal.value)
    assert [line["event"] for line in logged] == ["reload_refused"]
    assert house.told == []
    assert house.flows.stepper() is stepper
    assert house.lines.read == "one"


async def test_the_faults_of_all_files_are_told_at_once(house: House) -> None:
    house.write("roster/queues.yaml", "band: 2", "band: two")
    house.write("flows/main.yaml", "1: quotes", "1: quoted")
    house.lines.text = "wrong"
    with pytest.raises(ConfigError) as refusal:
        await house.reloading.reload(by="a test")
    told = str(refusal.value)
    assert all(file in told for file in ("queues.yaml:", "main.yaml:", "lines.yaml:"))


async def test_a_queue_may_come_together_with_the_flow_that_sends_callers_there(
    house: House,
) -> None:
    house.write("roster/queues.yaml", "name: technical", "name: technics")
    house.write("flows/waiting.yaml", "queue: {var: topic}", "queue: technics")
    changes = await house.reloading.reload(by="a test")
    assert {"queue technical: removed", "queue technics: added"} <= set(map(str, changes))


async def test_an_edit_is_logged_with_who_made_it(house: House) -> None:
    with capture_logs() as logged:
        await house.reloading.edit(edit_queue("advice", {"wrap_up_s": 25}), by="administrator")
    assert [(line["event"], line["by"]) for line in logged] == [("reloaded", "administrator")]
    assert house.book.roster.queues["advice"].wrap_up_s == 25
    assert await house.reloading.reload(by="a test") == []


async def test_a_request_that_comes_to_nothing_leaves_the_next_one_served(house: House) -> None:
    put_in_force = asyncio.Event()
    house.book.when_changed(lambda roster: put_in_force.set())
    refused = asyncio.Event()
    loop = asyncio.get_running_loop()
    house.lines.when_read = lambda: loop.call_soon_threadsafe(refused.set)
    async with asyncio.TaskGroup() as scope:
        serving = scope.create_task(house.reloading.run())
        house.lines.text = "wrong"
        house.reloading.request()
        await refused.wait()
        house.lines.text = "one"
        house.write("roster/queues.yaml", "wrap_up_s: 20", "wrap_up_s: 25")
        house.reloading.request()
        await put_in_force.wait()
        serving.cancel()
    assert [roster.queues["advice"].wrap_up_s for roster in house.told] == [25]


async def test_every_change_is_kept_with_who_and_when_and_a_refused_one_is_not(
    house: House,
) -> None:
    await house.reloading.reload(by="nobody")
    house.lines.text = "two"
    changes = await house.reloading.reload(by="a test")
    house.lines.text = "wrong"
    with pytest.raises(ConfigError):
        await house.reloading.reload(by="somebody else")
    await house.reloading.edit(edit_queue("advice", {"wrap_up_s": 25}), by="administrator")
    again = Reloading(house.book, house.flows, change_log=house.change_log)
    newest, first = again.changes(10)
    assert (first.at, first.by, [*first.changes]) == (43_200.0, "a test", [*changes])
    assert (newest.by, newest.changes[0].after) == ("administrator", "25.0")
    assert [each.by for each in again.changes(1)] == ["administrator"]


async def test_a_change_takes_effect_though_it_cannot_be_kept(house: House) -> None:
    (house.folder / "changes.jsonl").mkdir()
    house.lines.text = "two"
    with capture_logs() as logged:
        await house.reloading.reload(by="a test")
    assert house.lines.read == "two"
    (lost,) = [line for line in logged if line["event"] == "change_not_audited"]
    assert lost["entry"]["by"] == "a test"


async def test_a_torn_line_of_the_log_hides_no_other(house: House) -> None:
    house.lines.text = "two"
    await house.reloading.reload(by="a test")
    with (house.folder / "changes.jsonl").open("a") as file:
        file.write('{"at": 1')
    assert [each.by for each in house.reloading.changes(10)] == ["a test"]
