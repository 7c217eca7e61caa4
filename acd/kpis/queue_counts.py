"""Counts what becomes of the visits to each queue, by the interval in which they entered it."""

from dataclasses import dataclass, field, replace

from acd.commands import EndVisit
from acd.followed import Activity, FollowedAgent, FollowedContact, FollowedOffer, Listener
from acd.kpis.intervals import Book, parts
from acd.kpis.rules import KpiRules
from acd.kpis.tallies import QueueTally, increment, microseconds
from acd.model import AgentId, ContactId, Disposition, OfferOutcome, QueueName


@dataclass(slots=True, kw_only=True)
class VisitCount:
    """Where a visit is counted, how long it waited for its answer, and what its caller was told."""

    queue: QueueName
    begin_s: int
    waits: bool = False
    answered_wait_us: int | None = None
    expected_us: int | None = None
    told_at_us: int = 0


@dataclass(slots=True, kw_only=True)
class LineCount:
    """How many callers wait in a queue, counted up to a time."""

    waiting: int = 0
    counted_to_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCountsState:
    """A snapshot of the counting of queues."""

    tallies: tuple[QueueTally, ...] = ()
    visits: tuple[tuple[ContactId, VisitCount], ...] = ()
    wrapping: tuple[tuple[AgentId, VisitCount], ...] = ()
    lines: tuple[tuple[QueueName, LineCount], ...] = ()


@dataclass(slots=True)
class QueueCounts(Listener):
    """The tallies of all queues that anybody came to.

    A visit that moves to another queue ends in the one as moved out and begins in the other, but
    its wait goes on from where it began.
    """

    rules: KpiRules
    book: Book[QueueTally] = field(init=False)
    _visits: dict[ContactId, VisitCount] = field(default_factory=dict)
    _wrapping: dict[AgentId, VisitCount] = field(default_factory=dict)
    _lines: dict[QueueName, LineCount] = field(default_factory=dict)
    _thresholds: dict[QueueName, tuple[tuple[float, int], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.book = Book(
            lambda subject, begin_s, end_s: QueueTally(
                subject=subject, begin_s=begin_s, end_s=end_s
            ),
            self.rules.interval_s,
        )

    # What happens to visits.

    def entered(self, contact: FollowedContact, now: float) -> None:
        """Count a caller in."""
        tally = self._count_in(contact, now)
        tally.entered += 1

    def refused(self, contact: FollowedContact, end: EndVisit, now: float) -> None:
        """Count a caller who was turned away at the door."""
        tally = self.book.at(contact.queue, microseconds(now))
        increment(tally.refused, end.disposition)

    def moved(self, contact: FollowedContact, left: QueueName, now: float) -> None:
        """Count a caller out of one queue and into another; callbacks count where they end."""
        if contact.callback:
            return
        visit = self._visits.pop(contact.contact, None)
        if visit is not None:
            tally = self._tally(visit)
            tally.moved_out += 1
            tally.going_on -= 1
            if contact.offers == 0:
                tally.queued += 1
            self._stop_waiting(visit, now)
        tally = self._count_in(contact, now)
        tally.entered += 1
        tally.moved_in += 1

    def offered(self, contact: FollowedContact, agent: FollowedAgent, now: float) -> None:
        """Count how soon an agent was rung who could be."""
        visit = self._visits.get(contact.contact)
        if visit is None or contact.callback or contact.offers != 1:
            return
        tally = self._tally(visit)
        since = max(contact.changed_at, agent.idle_since)
        delay_us = max(0, microseconds(now) - microseconds(since))
        tally.first_offers += 1
        tally.first_offer_delay_us += delay_us
        tally.first_offer_delays.add(delay_us)
        tally.queued += now > contact.entered_at

    def offer_ended(self, offer: FollowedOffer, outcome: OfferOutcome, now: float) -> None:
        """Count what came of an offer."""
        visit = self._visits.get(offer.contact)
        if visit is not None:
            increment(self._tally(visit).offers, outcome)

    def joined(self, contact: FollowedContact, now: float) -> None:
        """Count a caller as answered."""
        visit = self._visits.get(contact.contact) or self._find(contact)
        since = now if contact.joined_at is None else contact.joined_at
        wait_us = max(0, microseconds(since) - microseconds(contact.enqueued_at))
        visit.answered_wait_us = wait_us
        tally = self._tally(visit)
        if contact.callback:
            tally.callbacks_answered += 1
            tally.callback_waits.add(wait_us)
        else:
            self._count_answer(tally, visit, wait_us, step=1)
            tally.longest_wait_us = max(tally.longest_wait_us, wait_us)
            tally.answered_waits.add(wait_us)
            self._check_announced(tally, visit, microseconds(now))
        self._stop_waiting(visit, now)

    def parted(self, contact: FollowedContact, now: float) -> None:
        """Count a caller as waiting again whose conversation was lost."""
        visit = self._visits.get(contact.contact)
        if visit is None or visit.answered_wait_us is None:
            return
        wait_us, visit.answered_wait_us = visit.answered_wait_us, None
        tally = self._tally(visit)
        if contact.callback:
            tally.callbacks_answered -= 1
            tally.callback_waits.take_back(wait_us)
        else:
            self._count_answer(tally, visit, wait_us, step=-1)
            tally.answered_waits.take_back(wait_us)
            self._wait_in_line(visit, now)

    def ended(self, contact: FollowedContact, end: EndVisit, now: float) -> None:
        """Count how a visit ended."""
        visit = self._visits.get(contact.contact) or self._find(contact)
        del self._visits[contact.contact]
        tally = self._tally(visit)
        if visit.answered_wait_us is not None:
            self._count_talk(tally, end)
        elif contact.callback:
            increment(tally.callbacks_left, end.disposition)
        else:
            self._count_unanswered(tally, visit, contact, end)
        self._stop_waiting(visit, now)
        tally.going_on -= 1

    def changed(self, agent: FollowedAgent, before: Activity, now: float) -> None:
        """Count after-call work with the visit that it follows."""
        if before is Activity.WRAPPING_UP:
            done = self._wrapping.pop(agent.agent, None)
            if done is not None:
                tally = self._tally(done)
                tally.wrap_up_us += max(0, microseconds(now) - microseconds(agent.since))
                tally.going_on -= 1
        if agent.activity is Activity.WRAPPING_UP and agent.serving is not None:
            visit = self._visits.get(agent.serving)
            if visit is not None:
                self._wrapping[agent.agent] = replace(visit)
                self._tally(visit).going_on += 1

    def announced(self, contact: ContactId, expected_s: float, now: float) -> None:
        """Remember what wait a caller was told; the first announcement is held to."""
        visit = self._visits.get(contact)
        if visit is not None and visit.waits and visit.expected_us is None:
            visit.expected_us, visit.told_at_us = microseconds(expected_s), microseconds(now)

    # The parts of it.

    def _count_in(self, contact: FollowedContact, now: float) -> QueueTally:
        visit = self._begin(contact)
        tally = self._tally(visit)
        self._wait_in_line(visit, now)
        return tally

    def _find(self, contact: FollowedContact) -> VisitCount:
        """Begin to count a visit of which nothing was heard before: a callback, one taken over."""
        visit = self._begin(contact)
        self._tally(visit).entered += not contact.callback
        return visit

    def _begin(self, contact: FollowedContact) -> VisitCount:
        tally = self.book.at(contact.queue, microseconds(contact.entered_at))
        tally.going_on += 1
        visit = VisitCount(queue=contact.queue, begin_s=tally.begin_s)
        self._visits[contact.contact] = visit
        return visit

    def _tally(self, visit: VisitCount) -> QueueTally:
        return self.book.of(visit.queue, visit.begin_s)

    def _count_answer(
        self, tally: QueueTally, visit: VisitCount, wait_us: int, *, step: int
    ) -> None:
        tally.answered += step
        tally.answered_wait_us += step * wait_us
        for threshold_s, threshold_us in self._thresholds_of(visit.queue):
            if wait_us <= threshold_us:
                increment(tally.answered_within, threshold_s, step)
                increment(tally.gone_within, threshold_s, step)

    def _thresholds_of(self, queue: QueueName) -> tuple[tuple[float, int], ...]:
        """Return every threshold of ``queue`` in seconds and microseconds."""
        thresholds = self._thresholds.get(queue)
        if thresholds is None:
            thresholds = tuple((t_s, microseconds(t_s)) for t_s in self.rules.counted_s(queue))
            self._thresholds[queue] = thresholds
        return thresholds

    def _count_talk(self, tally: QueueTally, end: EndVisit) -> None:
        talked_us, held_us = microseconds(end.talked_s), microseconds(end.held_s)
        tally.handled += 1
        tally.transferred += end.disposition is Disposition.TRANSFERRED
        tally.talk_us += talked_us - held_us
        tally.hold_us += held_us
        tally.talks.add(talked_us - held_us)

    def _count_unanswered(
        self, tally: QueueTally, visit: VisitCount, contact: FollowedContact, end: EndVisit
    ) -> None:
        wait_us = microseconds(end.waited_s)
        increment(tally.left, end.disposition)
        tally.queued += contact.offers == 0
        tally.longest_wait_us = max(tally.longest_wait_us, wait_us)
        abandoned = end.disposition is Disposition.ABANDONED
        if abandoned:
            tally.abandoned_wait_us += wait_us
            tally.abandoned_waits.add(wait_us)
            short_us = microseconds(self.rules.targets_of(visit.queue).short_s)
            tally.short_abandoned += wait_us <= short_us
        for threshold_s, threshold_us in self._thresholds_of(visit.queue):
            if wait_us <= threshold_us:
                increment(tally.gone_within, threshold_s)
                if abandoned:
                    increment(tally.abandoned_within, threshold_s)
        if visit.expected_us is not None:
            since_told_us = wait_us - visit.told_at_us + microseconds(end.enqueued_at)
            tally.announced_outwaited += since_told_us > visit.expected_us

    def _check_announced(self, tally: QueueTally, visit: VisitCount, joined_us: int) -> None:
        if visit.expected_us is None:
            return
        error_us = visit.expected_us - (joined_us - visit.told_at_us)
        tally.announced += 1
        tally.announced_error_us += error_us
        tally.announced_absolute_error_us += abs(error_us)
        tally.announced_kept += error_us >= 0
        visit.expected_us = None

    # How many wait, by the clock.

    def _wait_in_line(self, visit: VisitCount, now: float) -> None:
        line = self._watch_line(visit.queue, microseconds(now))
        visit.waits = True
        line.waiting += 1
        tally = self.book.at(visit.queue, line.counted_to_us)
        tally.longest_line = max(tally.longest_line, line.waiting)

    def _stop_waiting(self, visit: VisitCount, now: float) -> None:
        if visit.waits:
            self._watch_line(visit.queue, microseconds(now)).waiting -= 1
            visit.waits = False

    def _watch_line(self, queue: QueueName, now_us: int) -> LineCount:
        line = self._lines.get(queue)
        if line is None:
            line = self._lines[queue] = LineCount(counted_to_us=now_us)
        for begin_s, part_us in parts(line.counted_to_us, now_us, self.book.interval_s):
            tally = self.book.of(queue, begin_s)
            tally.watched_us += part_us
            tally.line_us += part_us * line.waiting
            tally.longest_line = max(tally.longest_line, line.waiting)
        line.counted_to_us = max(line.counted_to_us, now_us)
        return line

    def watch(self, queues: tuple[QueueName, ...], now: float) -> None:
        """Count the lines of ``queues``, and of all others that were watched, up to ``now``."""
        for queue in dict.fromkeys((*queues, *self._lines)):
            self._watch_line(queue, microseconds(now))

    def waiting(self, queue: QueueName) -> int:
        """Return how many callers wait in ``queue``."""
        line = self._lines.get(queue)
        return line.waiting if line is not None else 0

    def close(self, until_s: float) -> list[QueueTally]:
        """Hand over, and forget, the intervals that ended by ``until_s`` with nobody left in them.

        Lines must be watched up to then.
        """
        return self.book.close(until_s, lambda tally: tally.going_on == 0)

    # Keeping it.

    def snapshot(self) -> QueueCountsState:
        """Return all that is known."""
        return QueueCountsState(
            tallies=self.book.snapshot(),
            visits=tuple((id_, replace(visit)) for id_, visit in self._visits.items()),
            wrapping=tuple((id_, replace(visit)) for id_, visit in self._wrapping.items()),
            lines=tuple((name, replace(line)) for name, line in self._lines.items()),
        )

    def restore(self, state: QueueCountsState) -> None:
        """Know again what a snapshot knew, and nothing else."""
        self.book.restore(state.tallies)
        self._visits = {id_: replace(visit) for id_, visit in state.visits}
        self._wrapping = {id_: replace(visit) for id_, visit in state.wrapping}
        self._lines = {name: replace(line) for name, line in state.lines}
