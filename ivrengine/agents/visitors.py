"""The calls that ask for agents: whom to tell of what becomes of a contact."""

from acd.commands import ConnectContact, EndVisit, RingAgent, TellOfferEnded
from acd.model import ContactId, Disposition
from ivrengine.agents.agent_line import leg_of
from ivrengine.agents.ports import (
    AgentAnswered,
    AgentLeft,
    OfferEnded,
    OfferMade,
    PositionChanged,
    VisitEnded,
    VisitEvent,
    VisitOutcome,
    VisitSink,
)
from ivrengine.values import AgentNumber

_OUTCOMES = {
    Disposition.NOBODY: VisitOutcome.NOBODY,
    Disposition.UNKNOWN: VisitOutcome.UNKNOWN,
    Disposition.TIMED_OUT: VisitOutcome.TIMED_OUT,
}


class Visitors:
    """Tells each call what concerns it, until its visit is over or it has left."""

    def __init__(self) -> None:
        self._sinks: dict[ContactId, VisitSink] = {}

    def __len__(self) -> int:
        return len(self._sinks)

    def enter(self, contact: ContactId, sink: VisitSink) -> None:
        """Tell ``sink`` from here on what becomes of ``contact``."""
        self._sinks[contact] = sink

    def leave(self, contact: ContactId) -> None:
        """Tell nothing more; an unknown contact is no error."""
        self._sinks.pop(contact, None)

    def offered(self, command: RingAgent) -> None:
        """Tell that an agent is being rung."""
        self._tell(
            command.contact,
            OfferMade(reservation=command.reservation, agent=AgentNumber(command.agent)),
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
