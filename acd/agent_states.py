"""An agent's three machines: presence, work and device. Only all three together allow an offer.

Theory of operation. *Presence* is what the agent wants, and nothing but the agent (or a supervisor)
moves it. A wish that comes while the agent is engaged waits beside it as ``pending`` and is applied
when the engagement ends; the newest wish wins. *Work* is what distribution and the conversation
make the agent do; an offer moves it to RESERVED, the telephone's ringing to RINGING, the answer to
TALKING, the end of the conversation to ACW (after-call work, the wrap-up). Missed offers in a row
end in NOT_RESPONDING, from which only the agent returns. EXTERNAL is a call of the agent's own.
*Device* is what is known of the telephone; a telephone that is busy or out of reach is not rung.
"""

from enum import StrEnum

from acd.machines import Machine


class Presence(StrEnum):
    """What the agent wants."""

    LOGGED_OUT = "logged-out"
    AVAILABLE = "available"
    AUX = "aux"


class PresenceTrigger(StrEnum):
    """What an agent can ask for."""

    LOG_IN = "log-in"
    GET_READY = "get-ready"
    GO_NOT_READY = "go-not-ready"
    LOG_OUT = "log-out"


class Work(StrEnum):
    """What the agent does."""

    IDLE = "idle"
    RESERVED = "reserved"
    RINGING = "ringing"
    TALKING = "talking"
    HOLD = "hold"
    ACW = "acw"
    NOT_RESPONDING = "not-responding"
    EXTERNAL = "external"


ENGAGED = frozenset({Work.RESERVED, Work.RINGING, Work.TALKING, Work.HOLD})
"""States in which an agent belongs to a contact."""


class WorkTrigger(StrEnum):
    """What moves an agent's work."""

    RESERVE = "reserve"
    RING = "ring"
    ANSWER = "answer"
    LET_GO = "let-go"
    """The offer, or the joining, came to nothing."""
    MISS_OUT = "miss-out"
    """The offer came to nothing, and it was one missed offer too many."""
    HOLD = "hold"
    RESUME = "resume"
    WRAP_UP = "wrap-up"
    """The conversation, or the call of the agent's own, ended and after-call work begins."""
    FINISH = "finish"
    """The conversation ended and nothing follows."""
    END_WRAP_UP = "end-wrap-up"
    RETURN = "return"
    """The agent, who did not respond, is there again."""
    GO_OUTSIDE = "go-outside"
    COME_BACK = "come-back"
    ADOPT = "adopt"
    """A conversation that went on without us was found again."""


class Device(StrEnum):
    """What is known of the agent's telephone."""

    REACHABLE = "reachable"
    UNREACHABLE = "unreachable"
    BUSY_ELSEWHERE = "busy-elsewhere"


class DeviceTrigger(StrEnum):
    """What is heard of a telephone."""

    APPEAR = "appear"
    VANISH = "vanish"
    SEIZE = "seize"
    FREE = "free"


_P = PresenceTrigger
PRESENCE: Machine[Presence, PresenceTrigger] = Machine(
    name="presence",
    taken={
        Presence.LOGGED_OUT: {_P.LOG_IN: Presence.AUX},
        Presence.AVAILABLE: {
            _P.GET_READY: Presence.AVAILABLE,
            _P.GO_NOT_READY: Presence.AUX,
            _P.LOG_OUT: Presence.LOGGED_OUT,
        },
        Presence.AUX: {
            _P.GET_READY: Presence.AVAILABLE,
            # Another reason for the same state.
            _P.GO_NOT_READY: Presence.AUX,
            _P.LOG_OUT: Presence.LOGGED_OUT,
        },
    },
    late={
        # Who is not logged in has no other wish that could be granted.
        Presence.LOGGED_OUT: frozenset({_P.GET_READY, _P.GO_NOT_READY, _P.LOG_OUT}),
        Presence.AVAILABLE: frozenset({_P.LOG_IN}),
        Presence.AUX: frozenset({_P.LOG_IN}),
    },
)

_W = WorkTrigger
# What an agent or a telephone may do at any time, and which means nothing in most states.
_UNASKED = frozenset({_W.END_WRAP_UP, _W.RETURN, _W.GO_OUTSIDE, _W.COME_BACK})
WORK: Machine[Work, WorkTrigger] = Machine(
    name="work",
    taken={
        Work.IDLE: {
            _W.RESERVE: Work.RESERVED,
            _W.GO_OUTSIDE: Work.EXTERNAL,
            _W.ADOPT: Work.TALKING,
        },
        Work.RESERVED: {
            _W.RING: Work.RINGING,
            # A telephone that answers by itself may never report that it rings.
            _W.ANSWER: Work.TALKING,
            _W.LET_GO: Work.IDLE,
            _W.MISS_OUT: Work.NOT_RESPONDING,
        },
        Work.RINGING: {
            _W.ANSWER: Work.TALKING,
            _W.LET_GO: Work.IDLE,
            _W.MISS_OUT: Work.NOT_RESPONDING,
        },
        Work.TALKING: {
            _W.HOLD: Work.HOLD,
            _W.WRAP_UP: Work.ACW,
            _W.FINISH: Work.IDLE,
            # Answered, and then the caller could not be joined.
            _W.LET_GO: Work.IDLE,
        },
        Work.HOLD: {
            _W.RESUME: Work.TALKING,
            _W.WRAP_UP: Work.ACW,
            _W.FINISH: Work.IDLE,
        },
        Work.ACW: {
            _W.END_WRAP_UP: Work.IDLE,
            _W.GO_OUTSIDE: Work.EXTERNAL,
            _W.ADOPT: Work.TALKING,
        },
        Work.NOT_RESPONDING: {
            _W.RETURN: Work.IDLE,
            _W.GO_OUTSIDE: Work.EXTERNAL,
            _W.ADOPT: Work.TALKING,
        },
        Work.EXTERNAL: {
            _W.COME_BACK: Work.IDLE,
            _W.WRAP_UP: Work.ACW,
            _W.ADOPT: Work.TALKING,
        },
    },
    late={
        Work.IDLE: _UNASKED - {_W.GO_OUTSIDE},
        Work.RESERVED: _UNASKED,
        # Some telephones report ringing twice (180 after 183).
        Work.RINGING: _UNASKED | {_W.RING},
        Work.TALKING: _UNASKED | {_W.RESUME},
        Work.HOLD: _UNASKED | {_W.HOLD},
        Work.ACW: frozenset({_W.RETURN, _W.COME_BACK}),
        Work.NOT_RESPONDING: frozenset({_W.END_WRAP_UP, _W.COME_BACK}),
        Work.EXTERNAL: _UNASKED - {_W.COME_BACK},
    },
)

_D = DeviceTrigger
DEVICE: Machine[Device, DeviceTrigger] = Machine(
    name="device",
    taken={
        Device.REACHABLE: {_D.VANISH: Device.UNREACHABLE, _D.SEIZE: Device.BUSY_ELSEWHERE},
        Device.UNREACHABLE: {_D.APPEAR: Device.REACHABLE},
        Device.BUSY_ELSEWHERE: {_D.VANISH: Device.UNREACHABLE, _D.FREE: Device.REACHABLE},
    },
    late={
        Device.REACHABLE: frozenset({_D.APPEAR, _D.FREE}),
        # A telephone may call us without being registered, and then still cannot be rung.
        Device.UNREACHABLE: frozenset({_D.VANISH, _D.SEIZE, _D.FREE}),
        Device.BUSY_ELSEWHERE: frozenset({_D.APPEAR, _D.SEIZE}),
    },
)
