from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.calls import facts
from ivrengine.errors import StorageError
from ivrengine.storage.spool import Spool
from ivrengine.values import CallId
from tests.kit.facts import served_call

pytestmark = pytest.mark.unit

ROOM = 1_000_000


def _all(spool: Spool, at_once: int = 3) -> list[facts.AnyFact]:
    taken: list[facts.AnyFact] = []
    while spool.waiting_bytes:
        taken += spool.peek(at_once)
        spool.drop()
    return taken


def test_facts_come_out_in_the_order_in_which_they_went_in(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", limit_bytes=ROOM)
    whole = served_call()
    spool.extend(whole[:5])
    spool.extend(whole[5:])
    assert _all(spool) == list(whole)
    assert spool.lost == 0


def test_an_emptied_spool_leaves_no_file(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", limit_bytes=ROOM)
    spool.extend(served_call())
    _all(spool)
    assert list(tmp_path.iterdir()) == []
    assert list(spool.peek(5)) == []


def test_what_was_looked_at_and_not_dropped_comes_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", limit_bytes=ROOM)
    spool.extend(served_call())
    assert spool.peek(2) == spool.peek(2) == served_call()[:2]


def test_what_another_process_left_is_found(tmp_path: Path) -> None:
    Spool(tmp_path / "spool", limit_bytes=ROOM).extend(served_call())
    assert _all(Spool(tmp_path / "spool", limit_bytes=ROOM)) == list(served_call())


@given(cut=st.integers(min_value=1, max_value=300))
def test_a_torn_end_spoils_only_its_own_fact(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("torn") / "spool"
    Spool(path, limit_bytes=ROOM).extend(served_call("old"))
    path.write_bytes(path.read_bytes()[:-cut])

    spool = Spool(path, limit_bytes=ROOM)
    spool.extend(served_call("new"))

    read = _all(spool)
    assert read[-len(served_call()) :] == list(served_call("new"))
    old = read[: -len(served_call())]
    assert old == list(served_call("old")[: len(old)])
    assert spool.lost <= 1


def test_what_does_not_fit_is_counted(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", limit_bytes=400)
    spool.extend(served_call()[:1])
    spool.extend(served_call()[1:])
    assert spool.lost == len(served_call()) - 1
    assert _all(spool) == list(served_call()[:1])


def test_a_disk_that_takes_nothing_is_told_and_costs_no_fact(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("")
    spool = Spool(tmp_path / "folder" / "spool", limit_bytes=ROOM)
    with pytest.raises(StorageError, match="cannot be written"):
        spool.extend(served_call())
    assert (spool.lost, spool.waiting_bytes) == (0, 0)
    (tmp_path / "folder").unlink()
    spool.extend(served_call())
    assert _all(spool) == list(served_call())


def test_a_spool_that_cannot_be_removed_is_used_on(tmp_path: Path) -> None:
    path = tmp_path / "spool"
    spool = Spool(path, limit_bytes=ROOM)
    spool.extend(served_call("old"))
    kept = path.read_bytes()
    assert spool.peek(100) == served_call("old")
    path.unlink()
    path.mkdir()
    spool.drop()
    path.rmdir()
    path.write_bytes(kept)
    spool.extend(served_call("new"))
    assert _all(spool) == list(served_call("new"))
    assert not path.exists()


def test_a_fact_that_does_not_fit_json_is_left_out(tmp_path: Path) -> None:
    broken = facts.CallAnswered(call=CallId("c"), at=float("nan"), setup_s=0.1)
    spool = Spool(tmp_path / "spool", limit_bytes=ROOM)
    spool.extend([broken, *served_call()])
    assert _all(spool) == list(served_call())
    assert spool.lost == 1


def test_a_spool_that_vanished_is_told(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", limit_bytes=ROOM)
    spool.extend(served_call())
    (tmp_path / "spool").unlink()
    with pytest.raises(StorageError):
        spool.peek(1)


def test_only_the_owner_may_read_the_spool(tmp_path: Path) -> None:
    Spool(tmp_path / "spool", limit_bytes=ROOM).extend(served_call())
    assert (tmp_path / "spool").stat().st_mode & 0o077 == 0
