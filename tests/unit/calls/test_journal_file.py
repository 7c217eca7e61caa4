import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.calls import facts
from ivrengine.calls.fact_codec import encode
from ivrengine.calls.journal_file import JournalFile
from ivrengine.errors import StorageError
from ivrengine.values import CallId
from tests.kit.facts import served_call

pytestmark = pytest.mark.unit


def _segments(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _fill(journal: JournalFile, *calls: tuple[facts.AnyFact, ...]) -> None:
    for call in calls:
        for fact in call:
            journal.append(fact)


def test_calls_that_had_not_ended_are_found_again_in_order(tmp_path: Path) -> None:
    up, ended = served_call("up")[:6], served_call("ended")
    _fill(JournalFile(tmp_path), up[:2], ended, up[2:])

    journal = JournalFile(tmp_path)

    assert journal.unfinished() == [facts.Timeline(call=CallId("up"), facts=up)]
    assert list(journal.recovered()) == [*up[:2], *ended, *up[2:]]
    assert (journal.unreadable, journal.lost) == (0, 0)


def test_a_refused_call_is_finished(tmp_path: Path) -> None:
    refused = facts.CallRefused(
        call=CallId("c"),
        at=1.0,
        leg="l",
        caller="",
        dialled="",
        trunk="",
        caller_class="",
        reason="lines-full",
    )
    _fill(JournalFile(tmp_path), (refused,))
    assert JournalFile(tmp_path).unfinished() == []


def test_an_empty_folder_holds_no_calls(tmp_path: Path) -> None:
    journal = JournalFile(tmp_path / "deep" / "journal")
    assert journal.unfinished() == []
    assert list(journal.recovered()) == []


def test_every_fact_survives_the_sudden_death_of_the_process(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from ivrengine.calls.journal_file import JournalFile\n"
        "from tests.kit.facts import served_call\n"
        "journal = JournalFile(Path(sys.argv[1]))\n"
        "for fact in served_call()[:9]:\n"
        "    journal.append(fact)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parents[3]
    died = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=root, check=False)
    assert died.returncode == -signal.SIGKILL
    assert list(JournalFile(tmp_path).recovered()) == list(served_call()[:9])


@given(cut=st.integers(min_value=0, max_value=400))
def test_a_torn_last_line_costs_only_itself(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    whole = served_call()
    text = "".join(encode(fact) + "\n" for fact in whole).encode()
    (folder / "facts-00000001.jsonl").write_bytes(text[: len(text) - cut])

    journal = JournalFile(folder)

    read = list(journal.recovered())
    assert read == list(whole[: len(read)])
    kept_whole = text[: len(text) - cut].count(b"\n")
    assert kept_whole <= len(read) <= kept_whole + 1
    assert journal.unreadable <= 1


def test_a_damaged_line_in_the_middle_is_counted_and_passed_over(tmp_path: Path) -> None:
    first, second, *_ = served_call()
    lines = f"{encode(first)}\n\x00\x00rubbish\n\n{encode(second)}\n"
    (tmp_path / "facts-00000007.jsonl").write_text(lines)
    journal = JournalFile(tmp_path)
    assert list(journal.recovered()) == [first, second]
    assert journal.unreadable == 1


def test_a_fact_that_cannot_be_written_is_counted_and_the_next_one_is_whole(
    tmp_path: Path,
) -> None:
    first, second, *_ = served_call()
    journal = JournalFile(tmp_path)
    broken = facts.NodeReached(
        call=first.call, at=1.0, flow="", version="", node="", checkpoint={"x": object()}
    )
    _fill(journal, (first, broken, second))
    assert journal.lost == 1
    assert list(JournalFile(tmp_path).recovered()) == [first, second]


def test_after_half_a_line_was_taken_the_next_fact_begins_a_new_line(tmp_path: Path) -> None:
    """A disk that is full takes a part of a line: that part must not spoil the next one."""

    first, second, third, *_ = served_call()
    journal = JournalFile(tmp_path)
    journal.append(first)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    room = sum(path.stat().st_size for path in tmp_path.iterdir()) + 10
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
        journal.append(second)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    journal.append(third)

    read = JournalFile(tmp_path)
    assert journal.lost == 1
    assert list(read.recovered()) == [first, third]
    assert read.unreadable == 1


def test_segments_go_when_their_calls_have_ended_and_two_newer_stand(tmp_path: Path) -> None:
    journal = JournalFile(tmp_path, segment_bytes=200)
    for number in range(20):
        _fill(journal, served_call(f"c-{number}"))
    assert len(_segments(tmp_path)) == 2
    assert journal.lost == 0


def test_a_long_call_keeps_the_segments_that_it_stands_in(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    journal = JournalFile(tmp_path, segment_bytes=200)
    long = served_call("long")
    _fill(journal, long[:2])
    for number in range(20):
        _fill(journal, served_call(f"c-{number}"))

    copy = Path(shutil.copytree(tmp_path, tmp_path_factory.mktemp("copy") / "journal"))
    assert JournalFile(copy).unfinished() == [facts.Timeline(call=CallId("long"), facts=long[:2])]

    _fill(journal, long[2:])
    assert len(_segments(tmp_path)) == 2


def test_what_is_noted_after_a_calls_end_holds_no_segment(tmp_path: Path) -> None:
    journal = JournalFile(tmp_path, segment_bytes=200)
    for number in range(20):
        call = served_call(f"c-{number}")
        late = facts.RecordingKept(
            call=call[0].call, at=2000.0, recording="r", purpose="message", duration_s=1.0
        )
        _fill(journal, call, (late,))
    assert len(_segments(tmp_path)) == 2


def test_old_segments_stay_until_what_they_hold_is_safe_elsewhere(tmp_path: Path) -> None:
    _fill(JournalFile(tmp_path, segment_bytes=200), *(served_call(f"c-{n}")[:6] for n in range(3)))
    left = _segments(tmp_path)
    journal = JournalFile(tmp_path, segment_bytes=200)
    for number in range(3):
        _fill(journal, served_call(f"c-{number}")[6:])
    assert set(left) <= set(_segments(tmp_path))

    journal.release_recovered()

    assert not set(left) & set(_segments(tmp_path))
    assert list(journal.recovered()) == []


def test_a_clean_end_leaves_only_segments_of_calls_that_go_on(tmp_path: Path) -> None:
    journal = JournalFile(tmp_path)
    _fill(journal, served_call())
    journal.close(all_stored=True)
    assert _segments(tmp_path) == []

    journal = JournalFile(tmp_path)
    _fill(journal, served_call("up")[:4])
    journal.close(all_stored=True)
    assert [timeline.call for timeline in JournalFile(tmp_path).unfinished()] == ["up"]


def test_an_end_with_facts_not_yet_stored_keeps_them(tmp_path: Path) -> None:
    journal = JournalFile(tmp_path)
    _fill(journal, served_call())
    journal.close(all_stored=False)
    assert list(JournalFile(tmp_path).recovered()) == list(served_call())


def test_a_fact_after_the_close_is_counted_as_lost(tmp_path: Path) -> None:
    journal = JournalFile(tmp_path)
    journal.close(all_stored=False)
    journal.append(served_call()[0])
    assert journal.lost == 1


def test_a_folder_that_cannot_be_made_is_told_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be opened") as caught:
        JournalFile(tmp_path / "file" / "journal")
    assert caught.value.remedy


def test_only_the_owner_may_read_the_journal(tmp_path: Path) -> None:
    JournalFile(tmp_path)
    (segment,) = tmp_path.iterdir()
    assert os.stat(segment).st_mode & 0o077 == 0
