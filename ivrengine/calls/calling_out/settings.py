"""Settings of calls that agents make by hand, and which numbers may be called at all."""

import re
from collections.abc import Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Verdict(StrEnum):
    """Whether a number may be called."""

    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"
    EMERGENCY = "emergency"


class CallingOutSettings(BaseModel):
    """How agents call out by hand; the prefix, the lines and the shown number are those of talk."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    allowed: tuple[str, ...] = Field(
        default=(r"1[3-9]\d{9}", r"0[1-9]\d{8,10}", r"[2-8]\d{6,7}", r"400\d{7}", r"95\d{3,6}"),
        description="Patterns of numbers outside that may be called; what matches none may not",
    )
    emergency: tuple[str, ...] = Field(
        default=("110", "112", "119", "120", "122", "911", "999"),
        description="Emergency numbers, which are refused with a word of their own",
    )
    consent: bool = Field(
        default=True, description="Whether those who are called hear that the call is recorded"
    )
    recorded: bool = Field(default=True, description="Whether these calls are recorded")
    wrap_up_s: float = Field(
        default=10.0, ge=0, description="Seconds of after-call work behind such a call; 0 for none"
    )
    answer_timeout_s: float = Field(
        default=45.0, gt=0, description="Seconds that the telephone outside rings"
    )
    agent_ring_timeout_s: float = Field(
        default=20.0,
        gt=0,
        description="Seconds that the agent's telephone rings for a call ordered over the API",
    )

    @field_validator("allowed")
    @classmethod
    def _are_patterns(cls, patterns: Sequence[str]) -> Sequence[str]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as fault:
                raise ValueError(f"{pattern!r} is no pattern: {fault}") from None
        return patterns

    def verdict(self, number: str) -> Verdict:
        """Tell whether ``number``, without the prefix, may be called."""
        if number in self.emergency:
            return Verdict.EMERGENCY
        is_allowed = any(re.fullmatch(pattern, number) for pattern in self.allowed)
        return Verdict.ALLOWED if is_allowed else Verdict.FORBIDDEN
