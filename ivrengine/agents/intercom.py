"""What supervisors may order of a word with an agent who has no call, and the answers."""

from dataclasses import dataclass

from ivrengine.agents.observing import NotAllowed
from ivrengine.agents.orders import NotPossible, UnknownAgent
from ivrengine.values import AgentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class IntercomOrder:
    """``supervisor`` wants a word with ``agent``; ``by`` names who gave the order."""

    agent: AgentNumber
    supervisor: AgentNumber
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntercomBegun:
    """The supervisor's telephone rings, and then the agent's, or opens by itself."""

    agent: AgentNumber
    supervisor: AgentNumber
    opens_itself: bool


IntercomAnswer = IntercomBegun | UnknownAgent | NotPossible | NotAllowed
