"""What supervisors may order about observing an agent's conversations, and the answers."""

from dataclasses import dataclass
from enum import StrEnum

from ivrengine.agents.orders import NotPossible, UnknownAgent
from ivrengine.values import AgentNumber


class ObserveMode(StrEnum):
    """How a supervisor takes part; the value is the word of the API and of the records."""

    LISTEN = "listen"
    """Hears both sides; nobody notices."""
    WHISPER = "whisper"
    """Hears both sides, and is heard by the agent alone."""
    BARGE_IN = "barge-in"
    """Everybody hears everybody."""
    TAKE_OVER = "take-over"
    """Serves the caller instead of the agent, who goes on to after-call work."""


class ObserveStage(StrEnum):
    """How far an observation has come."""

    RINGING = "ringing"
    """The supervisor's telephone rings."""
    WAITING = "waiting"
    """The agent is in no conversation; the next one is joined."""
    OBSERVING = "observing"
    SERVING = "serving"
    """The supervisor has taken the caller over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObserveOrder:
    """``supervisor`` wants to observe ``agent`` from the supervisor's own telephone."""

    agent: AgentNumber
    supervisor: AgentNumber
    mode: ObserveMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Observing:
    """One observation as it stands; ``call`` is empty while the agent is in no conversation."""

    agent: AgentNumber
    supervisor: AgentNumber
    mode: ObserveMode
    stage: ObserveStage
    call: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAllowed:
    """Whoever ordered it is no supervisor."""


ObserveAnswer = Observing | UnknownAgent | NotPossible | NotAllowed
