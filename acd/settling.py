"""What follows an event for those who wait, before anybody is offered to anybody."""

from acd.desks import Desks
from acd.model import ContactId, QueueName
from acd.overflow import Overflow
from acd.staffing import Staffing
from acd.visits import Visits
from acd.waiting import Waiting


class Settling:
    """Lets agents who came or went, and time, have their effect on those who wait."""

    def __init__(
        self,
        *,
        visits: Visits,
        desks: Desks,
        staffing: Staffing,
        waiting: Waiting,
        overflow: Overflow,
    ) -> None:
        self._visits = visits
        self._desks = desks
        self._staffing = staffing
        self._waiting = waiting
        self._overflow = overflow

    def settle(self, now: float) -> None:
        """Let all that the event has changed have its effect."""
        self.take_staff(now)
        unstaffed, self._desks.unstaffed = self._desks.unstaffed, []
        for name in unstaffed:
            self._overflow.unstaffed(name, now)
        # A contact that is sent on is opened anew, and looked at again where it came to.
        for contact in self._visits.opened:
            self.pass_time(contact, now)

    def take_staff(self, now: float) -> None:
        """Learn who is logged in for what."""
        if not self._desks.turned:
            return
        turned, self._desks.turned = self._desks.turned, []
        # All are taken in before any preference is dropped for want of one of them.
        queues: set[QueueName] = set()
        for agent in dict.fromkeys(turned):
            queues |= self._staffing.take(agent, self._desks.get(agent))
        for queue in sorted(queues):
            self._waiting.staff_changed(queue, now)

    def pass_time(self, contact: ContactId, now: float) -> None:
        """Let a contact have what its wait has led to by now."""
        self._waiting.bring_up_to_date(contact, now)
        self._overflow.bring_up_to_date(contact, now)
