"""The tallies by kind, and how calls are spread over the groups of lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.load.callers.callers import spread
from ivrengine.load.callers.tally import BULLETIN, Book, Bulletin, Tally
from ivrengine.load.target import LineGroup

pytestmark = pytest.mark.unit

MAIN = LineGroup(dialled="952588", trunk="main", lines=420)
TOLLFREE = LineGroup(dialled="8008202588", trunk="tollfree", lines=60)


def test_every_call_is_counted_under_its_kind_and_its_end() -> None:
    book = Book()
    for _ in range(4):
        book.place("quote")
    for _ in range(3):
        book.answer("quote")
    book.leave("quote")
    book.complete("quote")
    book.leave("quote")
    book.fail("quote", "heard nothing at all")
    book.refuse("quote", 503)
    assert book.tallies() == {
        "quote": Tally(
            placed=4, up=1, completed=1, refused={503: 1}, failed={"heard nothing at all": 1}
        )
    }


def test_tallies_travel_as_text_and_come_out_the_same() -> None:
    book = Book()
    book.place("trading person")
    book.refuse("trading person", 486)
    bulletin = Bulletin(tallies=book.tallies(), skipped_beats=3, lost_packets=1)
    assert BULLETIN.validate_json(BULLETIN.dump_json(bulletin)) == bulletin


@pytest.mark.parametrize(("calls", "main", "tollfree"), [(480, 420, 60), (700, 613, 87), (1, 1, 0)])
def test_calls_are_spread_over_the_groups_by_their_lines(
    calls: int, main: int, tollfree: int
) -> None:
    assert spread(calls, (MAIN, TOLLFREE)) == [main, tollfree]


@given(st.integers(0, 2000), st.lists(st.integers(1, 500), min_size=1, max_size=5))
def test_no_call_is_lost_or_doubled_in_spreading(calls: int, lines: list[int]) -> None:
    groups = [LineGroup(dialled=str(n), trunk=str(n), lines=n) for n in lines]
    shares = spread(calls, groups)
    assert sum(shares) == calls
    for share, n in zip(shares, lines, strict=True):
        assert abs(share - calls * n / sum(lines)) < 1
