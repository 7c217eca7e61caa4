"""Intervals: the same for all subjects, one after the other since the epoch, and their tallies."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from acd.kpis.tallies import Tally, copy

T = TypeVar("T", bound=Tally)
_MICROSECONDS = 1_000_000


def interval_begin_s(at_us: int, interval_s: int) -> int:
    """Return when the interval began to which ``at_us`` belongs."""
    return at_us // (interval_s * _MICROSECONDS) * interval_s


def parts(since_us: int, until_us: int, interval_s: int) -> list[tuple[int, int]]:
    """Cut a time where intervals meet; give each part as its interval's begin and microseconds."""
    found: list[tuple[int, int]] = []
    while since_us < until_us:
        begin_s = interval_begin_s(since_us, interval_s)
        part_end_us = min(until_us, (begin_s + interval_s) * _MICROSECONDS)
        found.append((begin_s, part_end_us - since_us))
        since_us = part_end_us
    return found


class Book(Generic[T]):
    """The tallies of one kind, by subject and interval.

    Args:
        new: makes an empty tally of a subject, from begin to end.
        interval_s: how long an interval lasts.
    """

    def __init__(self, new: Callable[[str, int, int], T], interval_s: int) -> None:
        self._new = new
        self._tallies: dict[tuple[str, int], T] = {}
        self.interval_s = interval_s

    def __iter__(self) -> Iterator[T]:
        return iter(self._tallies.values())

    def of(self, subject: str, begin_s: int) -> T:
        """Return a subject's tally of the interval that begins at ``begin_s``."""
        tally = self._tallies.get((subject, begin_s))
        if tally is None:
            tally = self._new(subject, begin_s, begin_s + self.interval_s)
            self._tallies[subject, begin_s] = tally
        return tally

    def at(self, subject: str, at_us: int) -> T:
        """Return a subject's tally of the interval in which ``at_us`` lies."""
        return self.of(subject, interval_begin_s(at_us, self.interval_s))

    def close(self, until_s: float, is_settled: Callable[[T], bool] = lambda _: True) -> list[T]:
        """Hand over, and forget, the tallies that ended by ``until_s`` and are settled."""
        closed = {
            key: tally
            for key, tally in self._tallies.items()
            if tally.end_s <= until_s and is_settled(tally)
        }
        for key in closed:
            del self._tallies[key]
        return list(closed.values())

    def snapshot(self) -> tuple[T, ...]:
        """Return a copy of every tally."""
        return tuple(copy(tally) for tally in self)

    def restore(self, tallies: tuple[T, ...]) -> None:
        """Take up the tallies of a snapshot, and no others."""
        self._tallies = {(tally.subject, tally.begin_s): copy(tally) for tally in tallies}
