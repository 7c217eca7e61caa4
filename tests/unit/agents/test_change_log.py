"""Who changed what is read again, whatever a crash did to the end of the file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.agents.change_log import ChangeLog
from ivrengine.agents.changes import Change
from ivrengine.clock import SteadyClock

pytestmark = pytest.mark.unit

FIRST = Change(subject="queue trading", field="title.zh", before="交易", after="证券交易")
SECOND = Change(subject="queue general", field="band", before="1", after="2")


def log_at(folder: Path) -> ChangeLog:
    return ChangeLog(folder / "changes.jsonl", SteadyClock())


def test_what_was_changed_is_told_newest_first_with_who_did_it(tmp_path: Path) -> None:
    log = log_at(tmp_path)
    log.note("lead", [FIRST])
    log.note("nobody", [])
    log.note("SIGHUP", [SECOND])
    entries = log.newest(10)
    assert [(entry.by, *entry.changes) for entry in entries] == [
        ("SIGHUP", SECOND),
        ("lead", FIRST),
    ]
    assert [entry.by for entry in log.newest(1)] == ["SIGHUP"]
    assert log_at(tmp_path / "elsewhere").newest(10) == ()


@given(lost=st.integers(1, 200))
def test_a_line_torn_by_a_crash_spoils_no_other(
    tmp_path_factory: pytest.TempPathFactory, lost: int
) -> None:
    """Also where it was torn within a character, of which some take three bytes."""
    folder = tmp_path_factory.mktemp("torn")
    log, path = log_at(folder), folder / "changes.jsonl"
    log.note("before", [SECOND])
    begins_at = path.stat().st_size
    log.note("torn", [FIRST])
    with path.open("r+b") as file:
        file.truncate(max(begins_at, path.stat().st_size - lost))
    log.note("after", [SECOND])
    whole = ["torn"] if lost == 1 else []
    assert [entry.by for entry in log.newest(3)] == ["after", *whole, "before"]
    assert [entry.by for entry in log.newest(2)] == ["after", *whole, "before"][:2]


def test_a_word_with_a_line_separator_in_it_stays_one_entry(tmp_path: Path) -> None:
    log = log_at(tmp_path)
    odd = Change(subject="queue trading", field="title.en", before="a", after="b\u2028c\x85d")
    log.note("lead", [odd])
    assert [entry.changes for entry in log.newest(5)] == [(odd,)]
