"""Counts how much the lines of trunk groups are used and how often none was given, by class."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import assert_never

from acd.kpis.intervals import Book, parts
from acd.kpis.rules import KpiRules
from acd.kpis.tallies import TrunkTally, increment, microseconds
from acd.trunk_groups import (
    LineClass,
    LineEvent,
    LineReclassed,
    LineRefused,
    LineReleased,
    LineSeized,
    TrunkGroup,
)


@dataclass(slots=True, kw_only=True)
class TrunkCount:
    """The lines of a group that are in use, counted up to a time."""

    lines: int = 0
    in_use: dict[LineClass, int] = field(default_factory=dict)
    counted_to_us: int

    @property
    def busy(self) -> int:
        """Lines in use by any class."""
        return sum(self.in_use.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkCountsState:
    """A snapshot of the counting of lines."""

    tallies: tuple[TrunkTally, ...] = ()
    trunks: tuple[tuple[str, TrunkCount], ...] = ()


@dataclass(slots=True)
class TrunkCounts:
    """The tallies of all trunk groups."""

    rules: KpiRules
    book: Book[TrunkTally] = field(init=False)
    _trunks: dict[str, TrunkCount] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.book = Book(
            lambda subject, begin_s, end_s: TrunkTally(
                subject=subject, begin_s=begin_s, end_s=end_s
            ),
            self.rules.interval_s,
        )

    def configured(self, groups: Iterable[TrunkGroup], now: float) -> None:
        """Learn how many lines there are; a group that is no longer named has none."""
        lines = {group.name: group.lines for group in groups}
        for trunk in dict.fromkeys((*self._trunks, *lines)):
            self._watch_trunk(trunk, microseconds(now)).lines = lines.get(trunk, 0)

    def take(self, event: LineEvent) -> None:
        """Count what became of a line, or of the wish for one."""
        count = self._watch_trunk(event.trunk, microseconds(event.at))
        tally = self.book.at(event.trunk, count.counted_to_us)
        match event:
            case LineSeized():
                if not event.adopted:
                    increment(tally.attempts, event.line_class)
                increment(count.in_use, event.line_class)
            case LineRefused():
                increment(tally.attempts, event.line_class)
                increment(tally.refused, event.line_class)
                increment(tally.refused_why, event.why)
            case LineReclassed():
                increment(count.in_use, event.before, -1)
                increment(count.in_use, event.line_class)
            case LineReleased():
                increment(count.in_use, event.line_class, -1)
            case _:
                assert_never(event)
        tally.peak = max(tally.peak, count.busy)

    def watch(self, now: float) -> None:
        """Count all lines up to ``now``."""
        for trunk in self._trunks:
            self._watch_trunk(trunk, microseconds(now))

    def _watch_trunk(self, trunk: str, now_us: int) -> TrunkCount:
        count = self._trunks.get(trunk)
        if count is None:
            count = self._trunks[trunk] = TrunkCount(counted_to_us=now_us)
        for begin_s, part_us in parts(count.counted_to_us, now_us, self.book.interval_s):
            tally = self.book.of(trunk, begin_s)
            tally.watched_us += part_us
            tally.line_us += part_us * count.lines
            tally.full_us += part_us if 0 < count.lines <= count.busy else 0
            tally.peak = max(tally.peak, count.busy)
            for line_class, in_use in count.in_use.items():
                increment(tally.busy_us, line_class, part_us * in_use)
        count.counted_to_us = max(count.counted_to_us, now_us)
        return count

    def close(self, until_s: float) -> list[TrunkTally]:
        """Hand over, and forget, the intervals that ended by ``until_s``, counted up to then."""
        return self.book.close(until_s)

    def snapshot(self) -> TrunkCountsState:
        """Return all that is known."""
        return TrunkCountsState(
            tallies=self.book.snapshot(),
            trunks=tuple((name, _copy(count)) for name, count in self._trunks.items()),
        )

    def restore(self, state: TrunkCountsState) -> None:
        """Know again what a snapshot knew, and nothing else."""
        self.book.restore(state.tallies)
        self._trunks = {name: _copy(count) for name, count in state.trunks}


def _copy(count: TrunkCount) -> TrunkCount:
    return replace(count, in_use=dict(count.in_use))
