"""Figures of the day: sums over intervals, closed and open, and their state written and read."""

from pathlib import Path

import pytest

from acd.events import AgentLoggedIn, ContactLeft, ContactQueued, Event
from acd.model import AgentId, ContactId, LeaveCause, QueueName
from acd.router import Router
from ivrengine.agents.figures import Figures, FiguresState, day_begin_s
from ivrengine.agents.figures_file import FiguresFile
from ivrengine.agents.queue_settings import Members, QueueSettings, ServiceLevelSettings
from ivrengine.agents.roster import Roster
from ivrengine.agents.roster_files import load_roster
from ivrengine.agents.settings import AgentSettings, Name
from ivrengine.errors import StorageError
from ivrengine.values import AgentNumber

pytestmark = pytest.mark.unit

NAME = Name(zh="名", en="Name")
NOON_S = day_begin_s(1_800_000_000.0) + 12 * 3600


def a_roster(threshold_s: float = 20.0) -> Roster:
    queue = QueueSettings(
        name="general",
        title=NAME,
        members=Members(agents=("8001",)),
        waits_unstaffed=True,
        service_level=ServiceLevelSettings(threshold_s=threshold_s),
    )
    rules = load_roster(Path(__file__).parents[3] / "data" / "demo")
    agents = {AgentNumber("8001"): AgentSettings(number="8001", name=NAME)}
    return Roster(agents=agents, queues={"general": queue}, by_number=rules.by_number)


class Day:
    """A router with one agent, and figures that follow it."""

    def __init__(self) -> None:
        self.now = NOON_S
        self.router = Router()
        self.figures = Figures(a_roster())
        self.callers = 0
        self.tells(a_roster().as_event())
        self.tells(AgentLoggedIn(agent=AgentId("8001")))

    def tells(self, event: Event) -> None:
        self.figures.take(event, self.router.handle(event, self.now), self.now)

    def loses_a_caller(self, after_s: float = 10.0) -> None:
        self.callers += 1
        contact = ContactId(f"c{self.callers}")
        queue = QueueName("general")
        self.tells(ContactQueued(contact=contact, queue=queue, enqueued_at=self.now))
        self.now += after_s
        self.tells(ContactLeft(contact=contact, cause=LeaveCause.CALLER_GONE))

    def abandoned_today(self) -> int:
        report = self.figures.today(self.now).queues.get("general")
        return 0 if report is None else report.visits.abandoned


def test_a_day_is_the_sum_of_its_intervals_closed_or_open() -> None:
    day = Day()
    for _ in range(4):
        day.loses_a_caller()
        day.now += 900
        assert day.figures.close(day.now) is not None
    day.loses_a_caller()
    assert day.abandoned_today() == 5
    staffed_s = day.figures.today(day.now).agents["8001"].time.staffed_s
    assert staffed_s == pytest.approx(day.now - NOON_S)


def test_another_day_begins_at_midnight_with_nothing() -> None:
    day = Day()
    day.loses_a_caller()
    day.now += 900
    day.figures.close(day.now)
    day.now = NOON_S + 12 * 3600 - 1
    assert day.abandoned_today() == 1
    day.now += 2
    assert day.abandoned_today() == 0
    day.loses_a_caller()
    assert day.abandoned_today() == 1


def test_an_interval_in_which_nothing_was_is_closed_without_a_batch() -> None:
    figures = Figures(Roster(agents={}, queues={}, by_number=a_roster().by_number))
    assert figures.close(NOON_S) is None
    assert figures.unstored == []


def test_other_rules_measure_anew_what_was_counted() -> None:
    day = Day()
    day.loses_a_caller()
    day.figures.measure_by(a_roster(threshold_s=35.0))
    assert day.abandoned_today() == 1
    report = day.figures.today(day.now).queues["general"]
    assert report.service.threshold_s == 35.0
    day.loses_a_caller()
    assert day.abandoned_today() == 2


def test_a_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    day = Day()
    day.loses_a_caller()
    day.now += 900
    day.figures.close(day.now)
    day.loses_a_caller()
    file = FiguresFile(tmp_path / "journal" / "figures.json")
    assert file.load() is None
    state = day.figures.state(day.now)
    file.save(state)
    assert file.load() == state


def test_counting_goes_on_from_a_state_that_fits_the_log() -> None:
    day = Day()
    day.loses_a_caller()
    state = day.figures.state(day.now)
    day.figures = Figures(a_roster())
    day.figures.restore(state, state.at)
    day.loses_a_caller()
    assert day.abandoned_today() == 2


def test_of_a_state_that_does_not_fit_the_sums_are_kept_and_the_floor_is_learnt_anew() -> None:
    day = Day()
    day.loses_a_caller()
    state = day.figures.state(day.now)
    snapshot = day.router.snapshot()
    day.figures = Figures(a_roster())
    day.figures.restore(state, state.at + 60)
    for event in snapshot:
        day.figures.take(event, [], day.now)
    assert day.abandoned_today() == 1
    assert [batch.id for batch in day.figures.unstored] == [f"{state.at:.3f}-left"]
    day.loses_a_caller()
    assert day.abandoned_today() == 2


def test_a_file_that_nobody_can_make_sense_of_is_as_good_as_none(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text('{"at": "noon"}')
    assert FiguresFile(path).load() is None


def test_a_folder_that_cannot_be_used_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "figures.json").mkdir()
    (tmp_path / "figures.new").mkdir()
    file = FiguresFile(tmp_path / "figures.json")
    with pytest.raises(StorageError):
        file.load()
    with pytest.raises(StorageError):
        file.save(FiguresState(at=1.0))
