"""What an operator sets about calls to customers who wanted to be called back."""

import re

from pydantic import BaseModel, ConfigDict, Field, field_validator


class CallbackDialSettings(BaseModel):
    """How customers are called back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trunk: str = Field(default="main", description="trunk group over which customers are called")
    caller_id: str = Field(default="952588", description="number that customers see")
    flow: str = Field(default="called_back", description="flow that customers hear who answer")
    allowed_numbers: str = Field(
        default=r"(1[3-9]\d{9}|0[1-9]\d{8,10})",
        description="regular expression of the numbers that are called back, whole",
    )

    @field_validator("allowed_numbers")
    @classmethod
    def _is_an_expression(cls, written: str) -> str:
        try:
            re.compile(written)
        except re.error as fault:
            raise ValueError(f"not a regular expression: {fault}") from None
        return written

    def allows(self, number: str) -> bool:
        """Tell whether ``number`` may be called: nobody is to be rung at the house's expense."""
        return re.fullmatch(self.allowed_numbers, number) is not None
