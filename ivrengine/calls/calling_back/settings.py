"""What an operator sets about calls to customers who wanted to be called back."""

import re

from pydantic import BaseModel, ConfigDict, Field, field_validator


class CallingBackSettings(BaseModel):
    """How customers are called back; the lines and the number shown are those of talk."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    flow: str = Field(default="called_back", description="Flow that customers hear who answer")
    allowed: str = Field(
        default=r"1[3-9]\d{9}|0[1-9]\d{8,10}",
        description="Pattern of the numbers that are called back, whole",
    )
    sorry_s: float = Field(
        default=3.0,
        ge=0,
        description="Seconds that the agent has to hear why the customer does not come",
    )

    @field_validator("allowed")
    @classmethod
    def _is_a_pattern(cls, written: str) -> str:
        try:
            re.compile(written)
        except re.error as fault:
            raise ValueError(f"{written!r} is no pattern: {fault}") from None
        return written

    def allows(self, number: str) -> bool:
        """Tell whether ``number`` may be called: nobody is to be rung at the house's expense."""
        return re.fullmatch(self.allowed, number) is not None
