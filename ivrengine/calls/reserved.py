"""An agent who was reserved for a customer whom we call, until the customer's own visit begins."""

from acd.model import ContactId
from ivrengine.agents.ports import AgentAnswered, OfferEnded, VisitEnded, VisitEvent


class Reserved:
    """The place of a callback's customer: the contact, and the agent who may be on the line for it.

    Args:
        contact: the callback.
        queue: where it waits.
        since: when its wait began, in epoch seconds.
        answered: the agent on the line; None after a restart, when nobody is there any more.

    Attributes:
        is_taken: whether the customer's visit has begun.
        is_over: whether the callback is not to be made any more.
        claims: whether the place has to be claimed, because the engine was started anew.
    """

    def __init__(
        self, contact: ContactId, queue: str, since: float, *, answered: AgentAnswered | None
    ) -> None:
        self.contact = contact
        self.queue = queue
        self.since = since
        self.answered = answered
        self.claims = answered is None
        self.is_taken = False
        self.is_over = False

    def told(self, event: VisitEvent) -> None:
        """Take in what becomes of the callback."""
        match event:
            case AgentAnswered():
                self.answered = event
            case OfferEnded():
                self.answered = None
            case VisitEnded():
                self.answered = None
                self.is_over = True
            case _:
                pass

    def take(self) -> AgentAnswered | None:
        """Let the customer's visit begin, with the agent who is on the line, if one still is."""
        self.is_taken = True
        return self.answered
