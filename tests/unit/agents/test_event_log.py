import os
from pathlib import Path

import pytest

from acd.events import AgentLoggedIn
from acd.model import AgentId
from ivrengine.agents.event_log import EventLogFile, newest_at
from ivrengine.errors import StorageError
from tests.unit.acd.floor import roster

pytestmark = pytest.mark.unit

LOGGED_IN = AgentLoggedIn(agent=AgentId("8001"))
ROSTER = roster({"8001": ("general",)})


def test_what_was_appended_is_there_for_whoever_opens_the_file_next(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "events.jsonl"
    log = EventLogFile(path)
    assert log.past() == []
    log.begin([ROSTER], 1.0)
    log.append(LOGGED_IN, 2.0)
    assert EventLogFile(path).past() == [(ROSTER, 1.0), (LOGGED_IN, 2.0)]
    log.close()
    log.close()


def test_a_snapshot_takes_the_place_of_the_past(tmp_path: Path) -> None:
    log = EventLogFile(tmp_path / "events.jsonl")
    log.begin([ROSTER], 1.0)
    log.append(LOGGED_IN, 2.0)
    log.begin([ROSTER], 3.0)
    log.append(LOGGED_IN, 4.0)
    assert log.past() == [(ROSTER, 3.0), (LOGGED_IN, 4.0)]
    log.close()


def test_a_past_with_a_gap_is_believed_up_to_the_gap(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    log = EventLogFile(path)
    log.begin([ROSTER], 1.0)
    log.append(LOGGED_IN, 2.0)
    log.append(LOGGED_IN, 3.0)
    log.close()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"not ours\n" + lines[2])
    reader = EventLogFile(path)
    assert reader.past() == [(ROSTER, 1.0)]
    assert reader.unreadable == 2


def test_an_event_that_cannot_be_written_is_counted_and_never_raised(tmp_path: Path) -> None:
    log = EventLogFile(tmp_path / "events.jsonl")
    assert not log.append(LOGGED_IN, 1.0)
    assert log.lost == 1


def test_a_place_that_cannot_be_written_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be written") as refusal:
        EventLogFile(tmp_path / "file" / "events.jsonl").begin([ROSTER], 1.0)
    assert refusal.value.remedy


def test_a_place_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be read"):
        EventLogFile(tmp_path).past()


def test_a_full_disk_costs_the_event_that_did_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = EventLogFile(tmp_path / "events.jsonl")
    log.begin([ROSTER], 1.0)
    write = os.write
    with monkeypatch.context() as disk:
        disk.setattr(os, "write", lambda file, line: write(file, line[:10]))
        assert not log.append(LOGGED_IN, 2.0)
    assert log.lost == 1
    log.begin([ROSTER, LOGGED_IN], 2.0)
    assert log.append(LOGGED_IN, 3.0)
    assert len(log.past()) == 3
    log.close()


def test_a_file_that_has_grown_long_asks_for_a_snapshot(tmp_path: Path) -> None:
    log = EventLogFile(tmp_path / "events.jsonl", limit_bytes=1500)
    log.begin([ROSTER], 1.0)
    kept = 0
    while log.append(LOGGED_IN, 2.0):
        kept += 1
    assert 1 < kept < 20
    log.begin([ROSTER], 3.0)
    assert log.append(LOGGED_IN, 4.0)
    log.close()


def test_the_newest_time_is_that_of_the_last_line_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    assert newest_at(path) == 0.0
    log = EventLogFile(path)
    log.begin([ROSTER], 1.0)
    log.append(LOGGED_IN, 2.5)
    log.close()
    assert newest_at(path) == 2.5
    with path.open("ab") as file:
        file.write(b'{"at": 9.0, "event": "Agent')
    assert newest_at(path) == 2.5
    path.write_bytes(b"nothing of ours")
    assert newest_at(path) == 0.0
