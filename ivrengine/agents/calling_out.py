"""What may be ordered about calls that agents make by hand, and the answers."""

from dataclasses import dataclass
from enum import StrEnum

from ivrengine.agents.orders import NotPossible, UnknownAgent
from ivrengine.values import AgentNumber


class NumberRefused(StrEnum):
    """Why a number is not called."""

    FORBIDDEN = "forbidden"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallingOut:
    """The agent's telephone rings; when it is picked up, ``number`` is called."""

    call: str
    agent: AgentNumber
    number: str


CallOutAnswer = CallingOut | NumberRefused | UnknownAgent | NotPossible
