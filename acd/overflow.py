"""Overflow: what keeps a contact from waiting in a queue, and where it goes instead.

A queue can be closed, unstaffed, full, or its wait too long. Rules say for each cause which queue
takes the contact; a rule that names none ends the visit, so that the caller's flow decides. A
contact is never sent where it has been, nor where it would not be taken in; if that rules out all
queues that are named, it is treated as if none were.
"""

from collections.abc import Mapping
from typing import NamedTuple

from acd.contact_states import ContactState
from acd.estimator import ExpectedWait
from acd.matching import Matching
from acd.model import (
    CallbackRules,
    ContactId,
    Disposition,
    OverflowCause,
    OverflowRule,
    Queue,
    QueueName,
    TimerKind,
)
from acd.moves import Moves
from acd.offers import Offers
from acd.staffing import Staffing
from acd.state import Visit
from acd.timers import Timers
from acd.visits import IN_LINE, Visits

_DISPOSITIONS = {
    OverflowCause.CLOSED: Disposition.CLOSED,
    OverflowCause.UNSTAFFED: Disposition.NOBODY,
    OverflowCause.SIZE: Disposition.FULL,
    OverflowCause.EXPECTED_WAIT: Disposition.OVERFLOWED,
    OverflowCause.WAIT: Disposition.OVERFLOWED,
}
_UNSTAFFED = OverflowCause.UNSTAFFED
_AT_THE_DOOR = (
    OverflowCause.CLOSED,
    OverflowCause.UNSTAFFED,
    OverflowCause.SIZE,
    OverflowCause.EXPECTED_WAIT,
)


class Taken(NamedTuple):
    """A contact may wait in ``queue``; ``been`` are the queues that sent it on there."""

    queue: Queue
    been: tuple[QueueName, ...]
    cause: OverflowCause | None


class Refused(NamedTuple):
    """A contact can wait nowhere."""

    disposition: Disposition
    cause: OverflowCause | None


class Overflow:
    """Decides where contacts may wait, and moves those who may not wait on."""

    def __init__(
        self,
        queues: Mapping[QueueName, Queue],
        *,
        visits: Visits,
        offers: Offers,
        moves: Moves,
        staffing: Staffing,
        matching: Matching,
        timers: Timers,
    ) -> None:
        self._queues = queues
        self._visits = visits
        self._offers = offers
        self._moves = moves
        self._staffing = staffing
        self._matching = matching
        self._timers = timers

    def door(
        self,
        name: QueueName,
        now: float,
        *,
        been: tuple[QueueName, ...] = (),
        expected: tuple[ExpectedWait, ...] = (),
    ) -> Taken | Refused:
        """Find where a contact that asks for ``name`` may wait.

        Args:
            name: the queue.
            now: the time.
            been: queues that sent the contact on already.
            expected: what wait is expected; without it no rule on expected waits applies.
        """
        queue = self._queues.get(name)
        if queue is None:
            return Refused(Disposition.UNKNOWN, None)
        for cause in _AT_THE_DOOR:
            if not self._holds(cause, queue, now):
                continue
            rules = self._exceeded(cause, queue, dict(expected))
            if cause in (OverflowCause.SIZE, OverflowCause.EXPECTED_WAIT) and not rules:
                continue
            elsewhere = self._elsewhere(queue, rules, now, been=been, expected=expected)
            if elsewhere is not None:
                return elsewhere
            if self._refuses(cause, queue):
                return Refused(_DISPOSITIONS[cause], cause)
        return Taken(queue, been, None)

    def _holds(self, cause: OverflowCause, queue: Queue, now: float) -> bool:
        match cause:
            case OverflowCause.CLOSED:
                return queue.hours is not None and not queue.hours.is_open(now)
            case OverflowCause.UNSTAFFED:
                return not self._staffing.is_staffed(queue.name)
            case _:
                return bool(queue.overflow)

    def _exceeded(
        self, cause: OverflowCause, queue: Queue, expected: Mapping[QueueName, float]
    ) -> list[OverflowRule]:
        rules = [rule for rule in queue.overflow if rule.cause is cause]
        match cause:
            case OverflowCause.SIZE:
                return [r for r in rules if self._matching.length(queue.name) >= r.limit]
            case OverflowCause.EXPECTED_WAIT:
                return [r for r in rules if expected.get(queue.name, 0.0) > r.limit]
            case _:
                return rules

    def _refuses(self, cause: OverflowCause, queue: Queue) -> bool:
        """Tell whether a contact that no other queue takes is refused, rather than let wait."""
        match cause:
            case OverflowCause.UNSTAFFED:
                return not queue.waits_unstaffed
            case OverflowCause.EXPECTED_WAIT | OverflowCause.WAIT:
                return False
            case OverflowCause.CLOSED | OverflowCause.SIZE:
                return True

    def _elsewhere(
        self,
        queue: Queue,
        rules: list[OverflowRule],
        now: float,
        *,
        been: tuple[QueueName, ...],
        expected: tuple[ExpectedWait, ...] = (),
    ) -> Taken | Refused | None:
        been = (*been, queue.name)
        for rule in rules:
            if rule.to is None:
                return Refused(_DISPOSITIONS[rule.cause], rule.cause)
            if rule.to not in been:
                found = self.door(rule.to, now, been=been, expected=expected)
                if isinstance(found, Taken):
                    return found._replace(cause=rule.cause)
        return None

    # Those who wait already.

    def bring_up_to_date(self, contact: ContactId, now: float) -> None:
        """Send a contact on whose time in this line is over, and set the timer for when it is.

        While its agent's telephone rings it is left alone; it is looked at again when that ends.
        """
        visit = self._visits.get(contact)
        if visit is None or visit.state not in IN_LINE:
            return
        queue = self._queues.get(visit.queue)
        if queue is None:
            return
        if visit.callback:
            self._keep_callback(visit, queue, now)
            return
        is_asking = visit.state is ContactState.QUEUED
        is_unstaffed = is_asking and self._holds(_UNSTAFFED, queue, now)
        if is_unstaffed and self._go_unserved(visit, queue, now):
            return
        if not queue.overflow and not queue.closes_on_waiting:
            return
        rules = [rule for rule in queue.overflow if rule.cause is OverflowCause.WAIT]
        dues = [(visit.entry.came_at + rule.limit, rule) for rule in rules]
        if is_asking:
            over = [rule for at, rule in dues if at <= now]
            if self._send_on(visit, queue, over, now) or self._closes_on(visit, queue, now):
                return
        next_at = min((at for at, _ in dues if at > now), default=None)
        self._timers.keep(TimerKind.OVERFLOW, contact, next_at)

    def _keep_callback(self, visit: Visit, queue: Queue, now: float) -> None:
        kept_until = visit.entry.came_at + (queue.callback or CallbackRules()).keep_s
        if kept_until > now:
            self._timers.keep(TimerKind.OVERFLOW, visit.contact, kept_until)
        elif visit.state is ContactState.QUEUED:
            self._offers.turn_away(visit, Disposition.CALLBACK_FAILED, now)

    def _send_on(self, visit: Visit, queue: Queue, rules: list[OverflowRule], now: float) -> bool:
        """Do the first of ``rules`` that can be done; False when none can."""
        match self._elsewhere(queue, rules, now, been=visit.entry.been):
            case Taken(queue=target, been=been, cause=cause) if cause is not None:
                self._moves.send_on(visit, target, now, cause=cause, been=been)
            case Refused(disposition=disposition, cause=cause):
                self._offers.turn_away(visit, disposition, now, cause=cause)
            case _:
                return False
        return True

    def _closes_on(self, visit: Visit, queue: Queue, now: float) -> bool:
        if not queue.closes_on_waiting or not self._holds(OverflowCause.CLOSED, queue, now):
            return False
        self._must_go(visit, queue, OverflowCause.CLOSED, now)
        return True

    def _must_go(self, visit: Visit, queue: Queue, cause: OverflowCause, now: float) -> None:
        rules = [rule for rule in queue.overflow if rule.cause is cause]
        if not self._send_on(visit, queue, rules, now):
            self._offers.turn_away(visit, _DISPOSITIONS[cause], now, cause=cause)

    def unstaffed(self, name: QueueName, now: float) -> None:
        """Send on who waits in a queue whose last agent has gone, unless they are to wait.

        A telephone that rings for one of them rings on: its agent may answer, whatever that agent
        serves by now.
        """
        queue = self._queues.get(name)
        if queue is None or not self._holds(_UNSTAFFED, queue, now):
            return
        for visit in self._visits.in_queue(name):
            if visit.state is ContactState.QUEUED and not visit.callback:
                self._go_unserved(visit, queue, now)

    def _go_unserved(self, visit: Visit, queue: Queue, now: float) -> bool:
        """Let a contact leave a queue that has no agents; False when it is to wait there."""
        rules = [rule for rule in queue.overflow if rule.cause is _UNSTAFFED]
        if self._send_on(visit, queue, rules, now):
            return True
        if not queue.waits_unstaffed:
            self._offers.turn_away(visit, Disposition.NOBODY, now, cause=_UNSTAFFED)
        return not queue.waits_unstaffed

    def watch_hours(self, name: QueueName, now: float) -> None:
        """Empty a queue that is closed and empties then, and wait for its next change."""
        queue = self._queues.get(name)
        watched = queue if queue is not None and queue.closes_on_waiting else None
        hours = None if watched is None else watched.hours
        self._timers.keep(TimerKind.HOURS, name, None if hours is None else hours.next_change(now))
        if hours is not None and not hours.is_open(now):
            for visit in self._visits.in_queue(name):
                self.bring_up_to_date(visit.contact, now)
