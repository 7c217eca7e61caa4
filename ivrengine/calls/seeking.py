"""One search for a person: asked for, told of, noted, until somebody comes or it is given up."""

from acd.model import ContactId, ReservationId
from ivrengine.agents.ports import (
    Moved,
    OfferEnded,
    OfferMade,
    PersonWanted,
    VisitSink,
    WithdrawCause,
)
from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.reserved import Reserved
from ivrengine.calls.talk.books import Books, Home
from ivrengine.flow.effects import Seek
from ivrengine.values import AgentNumber, Language

HUNG_UP = "hung-up"
"""Why a callback failed whose customer had answered."""

NO_OFFER = ReservationId("")


class Seeking:
    """A contact's search.

    Args:
        asked: the queue or the agent that is asked for, and since when the wait counts.
        order: what the flow wants of the search.
        context: the call.
        parts: what every call uses.
        led_on: whether the caller comes from a conversation.

    Attributes:
        contact: names the search.
        position: place in the line, from 1; 0 while it is not known.
        is_open: whether it goes on, so that somebody has to end it.
    """

    def __init__(
        self,
        asked: Home,
        order: Seek,
        context: CallContext,
        parts: CallParts,
        *,
        led_on: bool = False,
    ) -> None:
        self.contact = context.ids.contact()
        self.asked = asked
        self.position = 0
        self.is_open = False
        self._order = order
        self._led_on = led_on
        self._called_back = False
        self._offer = NO_OFFER
        self._caller = context.caller
        self._standing = context.standing
        self._parts = parts
        self._books = Books(context, parts)

    def begin(self, language: Language, sink: VisitSink) -> None:
        """Ask for a person."""
        self.note_sought()
        self._ask(language, sink)

    def claim(self, contact: ContactId, language: Language, sink: VisitSink) -> None:
        """Ask again for the place held before a restart."""
        self.contact = contact
        self._ask(language, sink)

    def attend(self, reserved: Reserved, language: Language, sink: VisitSink) -> None:
        """Go on with a place that is the caller's already; after a restart it is claimed."""
        self.contact = reserved.contact
        self.note_sought()
        if reserved.claims:
            self._ask(language, sink)
            return
        self._called_back = True
        if reserved.answered is not None:
            self._offer = reserved.answered.reservation
        self._parts.room.attend(self.contact, sink)

    def note_sought(self) -> None:
        """Note that a person is sought from here on, perhaps again."""
        self.is_open = True
        self._books.sought(self.contact, self.asked)

    def note_moved(self, event: Moved) -> None:
        """Note where the caller waits from here on."""
        self._books.moved(self.contact, event)

    def note_offer(self, event: OfferMade) -> None:
        """Note that an agent is rung."""
        self._offer = event.reservation
        self._books.offered(self.contact, event)

    def note_offer_ended(self, event: OfferEnded) -> None:
        """Note that this agent will not come."""
        self._offer = NO_OFFER
        self._books.offer_failed(self.contact, event)

    def found(self) -> None:
        """Learn that caller and agent are joined."""
        self.is_open = False

    def give_up(self, outcome: str) -> None:
        """Note that the search ends without a person; one that has ended is left alone."""
        if self.is_open:
            self.is_open = False
            self._books.given_up(self.contact, self.asked, outcome)

    def withdraw(self, cause: WithdrawCause) -> None:
        """End the search from the caller's side."""
        if not self.is_open:
            return
        self.give_up(cause)
        if self._called_back and cause is WithdrawCause.CALLER_GONE:
            # Whom we called and who hung up before meeting anybody is called again.
            self._parts.room.forsake(self.contact)
            self._parts.room.callback_failed(self._offer, HUNG_UP)
        else:
            self._parts.room.withdraw(self.contact, cause)

    def _ask(self, language: Language, sink: VisitSink) -> None:
        self.is_open = True
        asked = self.asked
        self._parts.room.ask(
            PersonWanted(
                contact=self.contact,
                queue=asked.queue,
                agent=AgentNumber(asked.agent) if asked.agent else None,
                caller=self._caller,
                language=language,
                since=asked.since,
                band=self._parts.admission.band_of(self._standing.caller_class),
                branch=self._standing.profile.branch,
                dialect=self._standing.profile.dialect,
                led_on=self._led_on,
                needs=self._order.needs,
                prefers=self._order.prefers,
            ),
            sink,
        )
