"""What an operator may choose about quotes."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

DEMO_SECURITIES = Path(__file__).resolve().parents[3] / "data" / "demo" / "securities.csv"


class QuoteSettings(BaseModel):
    """Settings of the quotes service."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    securities: Path = Field(
        default=DEMO_SECURITIES, description="List of the securities that can be asked for (CSV)"
    )
    demo_seed: int = Field(
        default=952588, ge=0, description="Seed of the demonstration market's prices"
    )
    delayed_after_s: float = Field(
        default=30.0, gt=0, description="Age in seconds from which flows are told of a delay"
    )
    stale_after_s: float = Field(
        default=900.0, gt=0, description="Age in seconds from which a quote is not told at all"
    )
