"""How a conversation can stand and what leads from one to another: a table, and who hears whom.

Three may take part: the caller, the agent who serves, and a third whom the agent consults. Each
phase says where each of them is; whoever carries that out compares two phases and moves who has to
move.
"""

from collections.abc import Mapping
from enum import StrEnum


class TalkPhase(StrEnum):
    """How a conversation stands."""

    TALKING = "talking"
    HELD = "held"
    CALLING = "calling"
    """A third is being called; the agent hears it ring."""
    CONSULTING = "consulting"
    """The agent speaks with the third, whom the caller does not hear."""
    BESIDE = "beside"
    """The agent is back with the caller for a moment, and the third waits."""
    CONFERENCE = "conference"


class Turn(StrEnum):
    """What leads from one phase to another."""

    HOLD = "hold"
    RETRIEVE = "retrieve"
    CALL = "call"
    THIRD_CAME = "third-came"
    THIRD_GONE = "third-gone"
    """The third did not come, left, or is let go."""
    SWAP = "swap"
    CONFER = "confer"
    HAND_OVER = "hand-over"
    """The agent leaves the caller to the third, who is the one who serves from here on."""


class Role(StrEnum):
    """Who takes part."""

    CALLER = "caller"
    AGENT = "agent"
    THIRD = "third"


class Place(StrEnum):
    """Where somebody is, and so what is heard there."""

    TOGETHER = "together"
    """In the bridge of the conversation, which is what is recorded."""
    ASIDE = "aside"
    """In the bridge of the consultation."""
    MUSIC = "music"
    RINGING = "ringing"
    """Hears the tone of a telephone that rings elsewhere."""


_TURNS: Mapping[TalkPhase, Mapping[Turn, TalkPhase]] = {
    TalkPhase.TALKING: {Turn.HOLD: TalkPhase.HELD, Turn.CALL: TalkPhase.CALLING},
    TalkPhase.HELD: {Turn.RETRIEVE: TalkPhase.TALKING, Turn.CALL: TalkPhase.CALLING},
    TalkPhase.CALLING: {
        Turn.THIRD_CAME: TalkPhase.CONSULTING,
        Turn.THIRD_GONE: TalkPhase.TALKING,
    },
    TalkPhase.CONSULTING: {
        Turn.SWAP: TalkPhase.BESIDE,
        Turn.CONFER: TalkPhase.CONFERENCE,
        Turn.THIRD_GONE: TalkPhase.TALKING,
        Turn.HAND_OVER: TalkPhase.TALKING,
    },
    TalkPhase.BESIDE: {
        Turn.SWAP: TalkPhase.CONSULTING,
        Turn.CONFER: TalkPhase.CONFERENCE,
        Turn.THIRD_GONE: TalkPhase.TALKING,
        Turn.HAND_OVER: TalkPhase.TALKING,
    },
    TalkPhase.CONFERENCE: {
        Turn.SWAP: TalkPhase.CONSULTING,
        Turn.THIRD_GONE: TalkPhase.TALKING,
        Turn.HAND_OVER: TalkPhase.TALKING,
    },
}

_SCENES: Mapping[TalkPhase, Mapping[Role, Place]] = {
    TalkPhase.TALKING: {Role.CALLER: Place.TOGETHER, Role.AGENT: Place.TOGETHER},
    TalkPhase.HELD: {Role.CALLER: Place.MUSIC, Role.AGENT: Place.TOGETHER},
    TalkPhase.CALLING: {Role.CALLER: Place.MUSIC, Role.AGENT: Place.RINGING},
    TalkPhase.CONSULTING: {
        Role.CALLER: Place.MUSIC,
        Role.AGENT: Place.ASIDE,
        Role.THIRD: Place.ASIDE,
    },
    TalkPhase.BESIDE: {
        Role.CALLER: Place.TOGETHER,
        Role.AGENT: Place.TOGETHER,
        Role.THIRD: Place.MUSIC,
    },
    TalkPhase.CONFERENCE: {
        Role.CALLER: Place.TOGETHER,
        Role.AGENT: Place.TOGETHER,
        Role.THIRD: Place.TOGETHER,
    },
}


def after(phase: TalkPhase, turn: Turn) -> TalkPhase | None:
    """Return the phase that ``turn`` leads to, None where it leads nowhere."""
    return _TURNS[phase].get(turn)


def scene(phase: TalkPhase) -> Mapping[Role, Place]:
    """Return where everybody is in a phase; a third who is not named there is not on the line."""
    return _SCENES[phase]


def has_third(phase: TalkPhase) -> bool:
    """Tell whether a third is on the line."""
    return Role.THIRD in _SCENES[phase]


def caller_waits(phase: TalkPhase) -> bool:
    """Tell whether the caller hears music instead of anybody."""
    return _SCENES[phase][Role.CALLER] is Place.MUSIC


def third_waits(phase: TalkPhase) -> bool:
    """Tell whether the third hears music instead of anybody."""
    return _SCENES[phase].get(Role.THIRD) is Place.MUSIC
