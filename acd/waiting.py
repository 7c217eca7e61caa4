"""What time does to a contact in line: steps that relax, promotion by age, a preference's end.

All of it follows from the contact's record, its queue's rules and the time, so it can be worked out
anew at any moment: when the contact comes into a line, or back into it, when a timer says that the
next thing is due, when the rules change. Timers run only while the contact is in line, and only for
what its queue asks for. A time is always compared as the sum from which its timer was set, so that
a timer that fires in time is never early by a rounding.
"""

from collections.abc import Mapping
from typing import NamedTuple

from acd.commands import TellMoved
from acd.model import ContactId, Queue, QueueName, TimerKind
from acd.outbox import Outbox
from acd.records import changed
from acd.requirements import ANYBODY, AllOf, Requirement
from acd.staffing import Staffing
from acd.state import Visit
from acd.timers import Timers
from acd.visits import IN_LINE, Visits


class Due(NamedTuple):
    """What holds by now, and when the next of its kind follows."""

    value: int
    next_at: float | None


def step_due(queue: Queue, visit: Visit, now: float) -> Due:
    """Return the step that the wait so far leads to; the first holds from the start."""
    step = 0
    for number, later in enumerate(queue.steps[1:], start=1):
        at = visit.enqueued_at + later.after_s
        if at > now:
            return Due(step, at)
        step = number
    return Due(step, None)


def base_band(queue: Queue, visit: Visit) -> int:
    """Return the band of a contact that has not aged."""
    return queue.band if visit.entry.band is None else visit.entry.band


def band_due(queue: Queue, visit: Visit, now: float) -> Due:
    """Return the band that the wait so far lifts a contact to."""
    own, ageing, since = base_band(queue, visit), queue.ageing, visit.entry.aged_from
    if ageing is None or own <= ageing.best_band:
        return Due(own, None)
    most = own - ageing.best_band
    lifts = min(most, max(0, int((now - since) / ageing.promote_after_s)))
    while lifts > 0 and since + lifts * ageing.promote_after_s > now:
        lifts -= 1
    while lifts < most and since + (lifts + 1) * ageing.promote_after_s <= now:
        lifts += 1
    following = since + (lifts + 1) * ageing.promote_after_s
    return Due(own - lifts, following if lifts < most else None)


def preferred(visit: Visit) -> Requirement:
    """Return what makes an agent a preferred one who can also serve the contact."""
    return AllOf((visit.prefers_needs, visit.needs))


class Waiting:
    """Keeps contacts in line up to date with the time they have waited."""

    def __init__(
        self,
        queues: Mapping[QueueName, Queue],
        *,
        visits: Visits,
        staffing: Staffing,
        timers: Timers,
        outbox: Outbox,
    ) -> None:
        self._queues = queues
        self._visits = visits
        self._staffing = staffing
        self._timers = timers
        self._outbox = outbox

    def bring_up_to_date(self, contact: ContactId, now: float) -> None:
        """Let a contact have all that its wait has earned, and set timers for what comes next.

        One that is not in line has nothing to come.
        """
        visit = self._visits.get(contact)
        if visit is None or visit.state not in IN_LINE:
            return
        queue = self._queues.get(visit.queue)
        if queue is None or self._is_timeless(queue, visit):
            return
        step, band = step_due(queue, visit, now), band_due(queue, visit, now)
        prefers_until = visit.prefers_until if self._still_prefers(visit, now) else None
        if queue.steps:
            self._timers.keep(TimerKind.STEP, contact, step.next_at)
        if queue.ageing is not None:
            self._timers.keep(TimerKind.PROMOTE, contact, band.next_at)
        if visit.prefers_until is not None:
            self._timers.keep(TimerKind.PREFERENCE, contact, prefers_until)
        place = visit.place
        if place.band != band.value:
            place = place._replace(band=band.value)
        if (step.value, place, prefers_until) == (visit.step, visit.place, visit.prefers_until):
            return
        self._visits.store(
            changed(visit, step=step.value, place=place, prefers_until=prefers_until)
        )
        if step.value != visit.step:
            self._outbox.emit(TellMoved(contact=contact, queue=visit.queue, step=step.value))

    def _is_timeless(self, queue: Queue, visit: Visit) -> bool:
        return (
            not queue.steps
            and queue.ageing is None
            and visit.prefers_until is None
            and visit.step == 0
            and visit.place.band == base_band(queue, visit)
        )

    def _still_prefers(self, visit: Visit, now: float) -> bool:
        if visit.prefers_until is None or visit.prefers_until <= now:
            return False
        if any(self._staffing.is_there(agent, visit.queue) for agent in visit.prefers):
            return True
        by_skill = visit.prefers_needs != ANYBODY
        return by_skill and self._staffing.anybody_meets(visit.queue, preferred(visit))

    def staff_changed(self, queue: QueueName, now: float) -> None:
        """Drop preferences in ``queue`` for agents of whom none is logged in any more."""
        for contact in self._visits.preferring(queue):
            self.bring_up_to_date(contact, now)
