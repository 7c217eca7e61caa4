"""Counts callers who were helped the first time: answered, and not back in the same queue soon.

Callers are known by their number; those without one are not counted. A caller who is back counts
once, against the answered call before, in the interval in which that one entered.
"""

from dataclasses import dataclass, field

from acd.commands import EndVisit
from acd.followed import FollowedContact, Listener
from acd.kpis.intervals import Book, interval_begin_s
from acd.kpis.rules import KpiRules
from acd.kpis.tallies import ResolutionTally, microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Helped:
    """An answered call: when it ended, and the interval in which it entered its queue."""

    ended_at: float
    begin_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionsState:
    """A snapshot of the counting; it holds callers' numbers."""

    tallies: tuple[ResolutionTally, ...] = ()
    helped: tuple[tuple[str, str, Helped], ...] = field(default=(), repr=False)


@dataclass(slots=True)
class Resolutions(Listener):
    """The tallies of all queues, and who was helped within the window; the oldest come first."""

    rules: KpiRules
    book: Book[ResolutionTally] = field(init=False)
    _helped: dict[tuple[str, str], Helped] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.book = Book(
            lambda subject, begin_s, end_s: ResolutionTally(
                subject=subject, begin_s=begin_s, end_s=end_s
            ),
            self.rules.interval_s,
        )

    def entered(self, contact: FollowedContact, now: float) -> None:
        """Count a caller who is back."""
        self._forget_the_old(now)
        helped = self._helped.pop((contact.queue, contact.number), None)
        if helped is not None:
            self.book.of(contact.queue, helped.begin_s).came_back += 1

    def ended(self, contact: FollowedContact, end: EndVisit, now: float) -> None:
        """Remember a caller who was answered."""
        if contact.joined_at is None or not contact.number:
            return
        begin_s = interval_begin_s(microseconds(contact.entered_at), self.book.interval_s)
        self.book.of(contact.queue, begin_s).answered += 1
        self._helped.pop((contact.queue, contact.number), None)
        self._helped[contact.queue, contact.number] = Helped(ended_at=now, begin_s=begin_s)

    def _forget_the_old(self, now: float) -> None:
        while self._helped:
            oldest = next(iter(self._helped))
            if now - self._helped[oldest].ended_at <= self.rules.resolution_window_s:
                return
            del self._helped[oldest]

    def close(self, until_s: float) -> list[ResolutionTally]:
        """Hand over, and forget, the intervals whose callers could all have come back by then."""
        self._forget_the_old(until_s)
        awaited = {(queue, helped.begin_s) for (queue, _), helped in self._helped.items()}
        return self.book.close(until_s, lambda tally: (tally.subject, tally.begin_s) not in awaited)

    def snapshot(self) -> ResolutionsState:
        """Return all that is known."""
        return ResolutionsState(
            tallies=self.book.snapshot(),
            helped=tuple((queue, number, one) for (queue, number), one in self._helped.items()),
        )

    def restore(self, state: ResolutionsState) -> None:
        """Know again what a snapshot knew, and nothing else."""
        self.book.restore(state.tallies)
        self._helped = {(queue, number): one for queue, number, one in state.helped}
