"""Carries out the router's commands: orders to agents' telephones, news to calls and observers.

Nothing here waits. What takes time lives in tasks of its own, so that the next event of
distribution never waits for a telephone.
"""

from typing import assert_never

import structlog

from acd.commands import (
    CallContact,
    Command,
    ConnectContact,
    CountLate,
    EndVisit,
    HangUpAgent,
    NoteMove,
    RingAgent,
    StartTimer,
    TellMoved,
    TellOfferEnded,
)
from acd.contact_states import CONTACT
from acd.model import ContactId, ReservationId
from acd.router import Router
from ivrengine.agents.agent_lines import AgentLines
from ivrengine.agents.alarms import Alarms
from ivrengine.agents.observers import Observers
from ivrengine.agents.positions import Positions
from ivrengine.agents.visitors import Visitors

log = structlog.get_logger(__name__)


class CarryingOut:
    """Does what the router orders, one command after the other.

    Args:
        router: knows where contacts stand.
        lines: the legs to agents' telephones.
        visitors: who is told what becomes of a contact.
        alarms: waits for timers.
        positions: keeps callers told of their position.
        observers: are told what happens.
    """

    def __init__(
        self,
        router: Router,
        lines: AgentLines,
        visitors: Visitors,
        *,
        alarms: Alarms,
        positions: Positions,
        observers: Observers,
    ) -> None:
        self._router = router
        self._lines = lines
        self._visitors = visitors
        self._alarms = alarms
        self._positions = positions
        self._observers = observers
        self._due_since: dict[ReservationId, float] = {}

    def __call__(self, command: Command, filed_at: float) -> None:
        """Carry out ``command``, which an event led to that was filed at ``filed_at``."""
        match command:
            case RingAgent():
                self._ring(command, filed_at)
            case HangUpAgent(reservation=reservation):
                self._due_since.pop(reservation, None)
                self._lines.hang_up(reservation)
            case ConnectContact():
                self._due_since.pop(command.reservation, None)
                self._visitors.answered(command)
            case CallContact():
                self._due_since.pop(command.reservation, None)
                self._visitors.call_due(command, self._router.visit(command.contact))
            case TellMoved():
                self._visitors.moved(command)
                self._positions.tell_now(command.contact)
                self._positions.line_moved(command.queue)
            case TellOfferEnded():
                self._due_since.pop(command.reservation, None)
                self._visitors.offer_ended(command)
            case EndVisit():
                self._end(command)
            case StartTimer():
                self._alarms.set(command)
            case NoteMove():
                self._note(command)
            case CountLate():
                self._observers.late(command)
            case _:
                assert_never(command)

    def rang(self, reservation: ReservationId, filed_at: float) -> None:
        """Take note that an agent's telephone rings: so long did the offer take."""
        due_since = self._due_since.pop(reservation, None)
        if due_since is not None:
            self._observers.offer_delay(filed_at - due_since)

    def _ring(self, command: RingAgent, filed_at: float) -> None:
        self._due_since[command.reservation] = filed_at
        choice = self._router.choice(command.contact, command.agent, filed_at)
        self._visitors.offered(command, choice)
        visit = self._router.visit(command.contact)
        outside = visit.number if visit is not None and command.callback else ""
        self._lines.ring(command, outside or self._visitors.caller(command.contact).digits)

    def _end(self, command: EndVisit) -> None:
        self._positions.forget(command.contact)
        self._positions.line_moved(command.queue)
        self._visitors.ended(command)
        self._observers.ended(command)

    def _note(self, command: NoteMove) -> None:
        log.info(
            "moved",
            machine=command.machine,
            subject=command.subject,
            before=command.before,
            trigger=command.trigger,
            after=command.after,
        )
        self._observers.moved(command)
        if command.machine == CONTACT.name:
            visit = self._router.visit(ContactId(command.subject))
            if visit is not None:
                self._positions.line_moved(visit.queue)
