"""A contact's machine, and an offer's.

Theory of operation. A contact waits QUEUED; an offer makes it OFFERED without costing its place,
the agent's answer CONNECTING, and the report that both hear each other CONNECTED. Whatever goes
wrong on the agent's side before that puts it back to QUEUED, where it was. Only the caller, or the
end of the conversation, or having nobody to serve it, makes it LEFT, once and for good.

An offer is open until its one outcome; every later report of it is late.
"""

from enum import StrEnum

from acd.machines import Machine
from acd.model import OfferOutcome


class ContactState(StrEnum):
    """Where a visit to the agents stands."""

    QUEUED = "queued"
    OFFERED = "offered"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    ON_HOLD = "on-hold"
    LEFT = "left"


class ContactTrigger(StrEnum):
    """What moves a contact."""

    OFFER = "offer"
    OFFER_END = "offer-end"
    ANSWER = "answer"
    JOIN = "join"
    JOIN_FAIL = "join-fail"
    HOLD = "hold"
    RESUME = "resume"
    RING_ON = "ring-on"
    """The joining came to nothing while the telephones of further agents still ring."""
    AGENT_LEAVE = "agent-leave"
    LEAVE = "leave"
    """The caller hung up, or no longer wants to be served."""
    TURN_AWAY = "turn-away"
    """Nobody will come."""
    ASK_AGAIN = "ask-again"
    """The call lost its agent while we were away, and waits anew in its old place."""
    ADOPT = "adopt"


_S = ContactState
_T = ContactTrigger
CONTACT: Machine[ContactState, ContactTrigger] = Machine(
    name="contact",
    taken={
        _S.QUEUED: {
            _T.OFFER: _S.OFFERED,
            _T.LEAVE: _S.LEFT,
            _T.TURN_AWAY: _S.LEFT,
            _T.ASK_AGAIN: _S.QUEUED,
            _T.ADOPT: _S.CONNECTED,
        },
        _S.OFFERED: {
            _T.OFFER_END: _S.QUEUED,
            _T.ANSWER: _S.CONNECTING,
            _T.LEAVE: _S.LEFT,
        },
        _S.CONNECTING: {
            _T.JOIN: _S.CONNECTED,
            _T.JOIN_FAIL: _S.QUEUED,
            _T.RING_ON: _S.OFFERED,
            _T.AGENT_LEAVE: _S.QUEUED,
            _T.LEAVE: _S.LEFT,
            _T.TURN_AWAY: _S.LEFT,
            _T.ASK_AGAIN: _S.QUEUED,
            _T.ADOPT: _S.CONNECTED,
        },
        _S.CONNECTED: {
            _T.HOLD: _S.ON_HOLD,
            _T.AGENT_LEAVE: _S.LEFT,
            _T.LEAVE: _S.LEFT,
            _T.TURN_AWAY: _S.LEFT,
            _T.ASK_AGAIN: _S.QUEUED,
        },
        _S.ON_HOLD: {
            _T.RESUME: _S.CONNECTED,
            _T.AGENT_LEAVE: _S.LEFT,
            _T.LEAVE: _S.LEFT,
            _T.TURN_AWAY: _S.LEFT,
            _T.ASK_AGAIN: _S.QUEUED,
        },
    },
    late={
        _S.QUEUED: frozenset(),
        # What is told of a conversation that has not begun is as late as of one that is over.
        _S.OFFERED: frozenset({_T.JOIN, _T.JOIN_FAIL, _T.HOLD, _T.RESUME}),
        _S.CONNECTING: frozenset({_T.HOLD, _T.RESUME}),
        _S.CONNECTED: frozenset({_T.JOIN, _T.JOIN_FAIL, _T.RESUME, _T.ADOPT}),
        _S.ON_HOLD: frozenset({_T.JOIN, _T.JOIN_FAIL, _T.HOLD, _T.ADOPT}),
        # A contact that left is forgotten; whatever is still told of it crossed its end.
        _S.LEFT: frozenset(_T),
    },
)

PENDING = "pending"
OFFER: Machine[str, OfferOutcome] = Machine(
    name="offer",
    taken={PENDING: {outcome: outcome.value for outcome in OfferOutcome}},
    late={outcome.value: frozenset(OfferOutcome) for outcome in OfferOutcome},
)
