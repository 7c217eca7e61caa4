"""The calls that ask for agents: whom to tell of what becomes of a contact."""

from acd.choices import Choice
from acd.commands import CallContact, ConnectContact, EndVisit, RingAgent, TellMoved, TellOfferEnded
from acd.model import ContactId, Disposition
from acd.state import Visit
from ivrengine.agents.agent_line import leg_of
from ivrengine.agents.ports import (
    AgentAnswered,
    AgentLeft,
    CallbackDue,
    CallbackSink,
    Moved,
    OfferEnded,
    OfferMade,
    PositionChanged,
    VisitEnded,
    VisitEvent,
    VisitOutcome,
    VisitSink,
)
from ivrengine.values import AgentNumber, Language, PhoneNumber

_OUTCOMES = {
    Disposition.NOBODY: VisitOutcome.NOBODY,
    Disposition.UNKNOWN: VisitOutcome.UNKNOWN,
    Disposition.TIMED_OUT: VisitOutcome.TIMED_OUT,
    Disposition.OVERFLOWED: VisitOutcome.OVERFLOWED,
    Disposition.FULL: VisitOutcome.FULL,
    Disposition.CLOSED: VisitOutcome.CLOSED,
    Disposition.REMOVED: VisitOutcome.REMOVED,
    Disposition.CALLBACK_REGISTERED: VisitOutcome.CALLBACK,
}


class Visitors:
    """Tells each call what concerns it, until its visit is over or it has left.

    Attributes:
        callbacks: takes callbacks whose turn has come and whose customer nobody has called yet.
    """

    def __init__(self, callbacks: CallbackSink) -> None:
        self.callbacks = callbacks
        self._sinks: dict[ContactId, VisitSink] = {}
        self._callers: dict[ContactId, PhoneNumber] = {}

    def __len__(self) -> int:
        return len(self._sinks)

    def enter(
        self, contact: ContactId, sink: VisitSink, *, caller: PhoneNumber | None = None
    ) -> None:
        """Tell ``sink`` from here on what becomes of ``contact``, in place of another sink."""
        self._sinks[contact] = sink
        if caller is not None:
            self._callers[contact] = caller

    def leave(self, contact: ContactId) -> None:
        """Tell nothing more; an unknown contact is no error."""
        self._sinks.pop(contact, None)
        self._callers.pop(contact, None)

    def caller(self, contact: ContactId) -> PhoneNumber:
        """Return the number that a contact calls from, empty when it is not known."""
        return self._callers.get(contact, PhoneNumber(""))

    def offered(self, command: RingAgent, choice: Choice | None) -> None:
        """Tell that an agent is being rung, and why this one."""
        self._tell(
            command.contact,
            OfferMade(
                reservation=command.reservation, agent=AgentNumber(command.agent), choice=choice
            ),
        )

    def offer_ended(self, command: TellOfferEnded) -> None:
        """Tell that an agent will not come."""
        self._tell(
            command.contact,
            OfferEnded(
                reservation=command.reservation,
                agent=AgentNumber(command.agent),
                cause=command.outcome,
            ),
        )

    def answered(self, command: ConnectContact) -> None:
        """Tell that an agent is there to be joined with."""
        self._tell(
            command.contact,
            AgentAnswered(
                reservation=command.reservation,
                agent=AgentNumber(command.agent),
                leg=leg_of(command.reservation),
            ),
        )

    def call_due(self, command: CallContact, visit: Visit | None) -> None:
        """Have the customer of a callback called, or joined if still on the line from before."""
        reservation, agent = command.reservation, AgentNumber(command.agent)
        if command.contact in self._sinks:
            leg = leg_of(reservation)
            answered = AgentAnswered(reservation=reservation, agent=agent, leg=leg)
            self._tell(command.contact, answered)
            return
        self.callbacks(
            CallbackDue(
                contact=command.contact,
                queue=visit.queue if visit else "",
                since=visit.enqueued_at if visit else 0.0,
                reservation=reservation,
                agent=agent,
                agent_leg=leg_of(reservation),
                number=PhoneNumber(command.number),
                answer_timeout_s=command.answer_timeout_s,
                language=Language(command.language or Language.MANDARIN),
            )
        )

    def moved(self, command: TellMoved) -> None:
        """Tell where a contact waits from now on."""
        moved = Moved(
            queue=command.queue, step=command.step, cause=command.cause or "", by=command.by
        )
        self._tell(command.contact, moved)

    def ended(self, command: EndVisit) -> None:
        """Tell a call that did not leave by itself that its visit is over."""
        if command.reservation is not None and command.agent is not None:
            last: VisitEvent = AgentLeft(
                reservation=command.reservation, agent=AgentNumber(command.agent)
            )
        else:
            outcome = _OUTCOMES.get(command.disposition, VisitOutcome.FAILED)
            last = VisitEnded(outcome=outcome)
        self._tell(command.contact, last)
        self.leave(command.contact)

    def position(self, contact: ContactId, position: int) -> None:
        """Tell where a contact stands in its line."""
        self._tell(contact, PositionChanged(position=position))

    def _tell(self, contact: ContactId, event: VisitEvent) -> None:
        sink = self._sinks.get(contact)
        if sink is not None:
            sink(event)
