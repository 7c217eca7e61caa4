"""What can be asked for an agent, from wherever it is asked, and what became of it."""

from dataclasses import dataclass
from enum import StrEnum

from ivrengine.agents.views import AgentView
from ivrengine.values import AgentNumber


class AgentVerb(StrEnum):
    """What can be asked; the value is also the last part of the API's address."""

    LOG_IN = "login"
    READY = "ready"
    NOT_READY = "not-ready"
    LOG_OUT = "logout"
    END_WRAP_UP = "end-wrap-up"
    EXTEND_WRAP_UP = "extend-wrap-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentOrder:
    """An order for one agent; ``reason`` is given with ``NOT_READY`` only."""

    agent: AgentNumber
    verb: AgentVerb
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """It was done, or held already; ``agent`` is how the agent stands now.

    What an engaged agent asks for is ``pending`` there, and takes effect after the call.
    """

    agent: AgentView


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownAgent:
    """No agent has this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPossible:
    """The agent's state does not allow it; ``why`` says so to a person.

    ``owes_code`` tells that the agent has to note first what the last conversation was about.
    """

    why: str
    owes_code: bool = False


OrderAnswer = Done | UnknownAgent | NotPossible

REASONS = {
    "1": "break",
    "2": "meal",
    "3": "meeting",
    "4": "training",
    "5": "paperwork",
    "6": "other",
}
"""Why an agent is not ready, by the digit that says so on a telephone."""
