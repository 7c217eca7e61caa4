"""What an operator sets about time limits: of absence in agents.yaml, of service in queues.yaml."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

_FROZEN = ConfigDict(frozen=True, extra="forbid")

Minutes = Annotated[float, Field(ge=0)]
SHORT_ABSENCES: Mapping[str, float] = {
    "break": 15.0,
    "meal": 60.0,
    "meeting": 120.0,
    "training": 240.0,
    "paperwork": 60.0,
}


class SignOutSettings(BaseModel):
    """When an agent who takes no callers is signed out; whoever is away for long signs out."""

    model_config = _FROZEN

    not_ready_min: Mapping[str, Minutes] = Field(
        default=SHORT_ABSENCES,
        description="minutes of not being ready, by reason, after which an agent is signed out; "
        "0: never",
    )
    otherwise_min: float = Field(
        default=60.0, ge=0, description="the same for any other reason, and for none; 0: never"
    )
    not_responding_min: float = Field(
        default=30.0,
        ge=0,
        description="minutes of not responding after which an agent is signed out; 0: never",
    )

    def not_ready_limit_s(self, reason: str) -> float:
        """Return how long an agent may be not ready for ``reason``, in seconds; 0 is no limit."""
        return 60.0 * self.not_ready_min.get(reason, self.otherwise_min)

    @property
    def not_responding_limit_s(self) -> float:
        """How long an agent may be not responding, in seconds; 0 is no limit."""
        return 60.0 * self.not_responding_min


class OverlongSettings(BaseModel):
    """From when on what an agent does for a queue is too long, and supervisors are told."""

    model_config = _FROZEN

    ring_s: float = Field(default=0.0, ge=0, description="seconds of ringing; 0: never too long")
    talk_s: float = Field(
        default=1200.0, ge=0, description="seconds of a conversation; 0: never too long"
    )
    hold_s: float = Field(default=120.0, ge=0, description="seconds of one hold; 0: never too long")
    wrap_up_s: float = Field(
        default=300.0, ge=0, description="seconds of after-call work; 0: never too long"
    )
