"""Which numbers outside agents may reach, by a transfer or a call of their own."""

import re
from collections.abc import Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Verdict(StrEnum):
    """Whether a number may be called."""

    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"
    EMERGENCY = "emergency"


class OutsideNumbers(BaseModel):
    """Numbers outside, as they are dialled behind the prefix."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    allowed: tuple[str, ...] = Field(
        default=(r"1[3-9]\d{9}", r"0[1-9]\d{8,10}", r"[2-8]\d{6,7}", r"400\d{7}", r"95\d{3,6}"),
        description="Patterns of numbers that may be called; what matches none may not",
    )
    emergency: tuple[str, ...] = Field(
        default=("110", "112", "119", "120", "122", "911", "999"),
        description="Emergency numbers, which are refused with a word of their own",
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
        """Tell whether ``number`` may be called."""
        if number in self.emergency:
            return Verdict.EMERGENCY
        is_allowed = any(re.fullmatch(pattern, number) for pattern in self.allowed)
        return Verdict.ALLOWED if is_allowed else Verdict.FORBIDDEN
