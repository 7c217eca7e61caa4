"""What can be ordered for a conversation, by an agent's keys or over the API, and the answers."""

import re
from dataclasses import dataclass
from enum import StrEnum

from ivrengine.telephony import LegId
from ivrengine.values import AgentNumber


class TalkVerb(StrEnum):
    """What can be ordered; the value is also the last part of the API's address."""

    HOLD = "hold"
    RETRIEVE = "retrieve"
    TRANSFER = "transfer"
    """Hand the caller over at once, to whoever comes (a blind transfer)."""
    CONSULT = "consult"
    """Speak with somebody else first, while the caller hears music."""
    TOGGLE = "toggle"
    """Change between the caller and whoever is consulted."""
    COMPLETE = "complete"
    """Hand the caller over to whoever is consulted (an attended transfer)."""
    CONFERENCE = "conference"
    DROP = "drop"
    """Let go whoever is consulted, or called to that end, and be with the caller alone."""
    PAUSE_RECORDING = "pause-recording"
    RESUME_RECORDING = "resume-recording"
    START_RECORDING = "start-recording"
    """Record a conversation whose flow does not."""
    STOP_RECORDING = "stop-recording"
    """End a recording that was begun by order."""


class TargetKind(StrEnum):
    """What a caller can be transferred to; the value begins a target's text."""

    AGENT = "agent"
    QUEUE = "queue"
    MENU = "menu"
    OUTSIDE = "outside"
    SUPERVISOR = "supervisor"
    """Somebody who takes a caller over; nobody can be transferred there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """To whom: an agent's number, a queue, a flow (empty: the main menu), a number outside."""

    kind: TargetKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


_TARGET = re.compile(r"(agent|queue|menu|outside):([A-Za-z0-9_+-]*)")


def parse_target(text: str) -> Target | None:
    """Return the target written as ``agent:8002``, None for what is none."""
    found = _TARGET.fullmatch(text)
    if found is None:
        return None
    return Target(kind=TargetKind(found[1]), name=found[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkOrder:
    """An order for a conversation; ``target`` goes with TRANSFER and CONSULT only.

    ``by`` names who gave it; empty for the agent who serves.
    """

    verb: TalkVerb
    target: Target | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver:
    """An order that ``supervisor``, on ``leg``, serves the caller in place of whoever does.

    The leg stays with whoever ordered this; the conversation listens to it and may hang it up.
    """

    supervisor: AgentNumber
    leg: LegId


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """It is done, or on its way; ``phase`` is how the conversation stands now."""

    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """The conversation is not such that this could be done; ``why`` says so to a person."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchTarget:
    """Nobody can be reached under that target."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetClosed:
    """The target is a queue out of its hours, so the caller stays where the caller is."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAgent:
    """There is no such agent."""


TalkAnswer = Accepted | NotNow | NoSuchTarget | TargetClosed | NoAgent
