"""What an operator may choose about customers."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

DEMO_CUSTOMERS = Path(__file__).resolve().parents[3] / "data" / "demo" / "customers.csv"


class NumberingSettings(BaseModel):
    """Where the engine stands in the numbering plan, to read numbers without a country (E.164)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    country_code: str = Field(
        default="86", pattern=r"^[1-9]\d{0,2}$", description="Country code of numbers without one"
    )
    area_code: str = Field(
        default="512",
        pattern=r"^\d{0,5}$",
        description="Area code of local numbers, without the trunk prefix; empty: there are none",
    )
    international_prefix: str = Field(
        default="00", pattern=r"^\d{1,4}$", description="What stands before a country code"
    )
    trunk_prefix: str = Field(
        default="0", pattern=r"^\d?$", description="What stands before an area code"
    )


class CustomerSettings(BaseModel):
    """Settings of the customers service."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    directory: Path = Field(default=DEMO_CUSTOMERS, description="List of the customers (CSV)")
    numbering: NumberingSettings = Field(
        default_factory=NumberingSettings, description="How telephone numbers are read"
    )
    tries_per_call: int = Field(
        default=3, ge=1, description="Wrong PINs after which a call is not listened to any more"
    )
    wrong_pins_in_a_row: int = Field(
        default=10,
        ge=1,
        description="Wrong PINs in a row, over all calls, after which a number is locked",
    )
    locked_for_s: float = Field(
        default=1800.0,
        gt=0,
        description="Seconds in which nobody is listened to about a number that is locked",
    )
    hashings_at_once: int = Field(
        default=2, ge=1, description="PINs that are checked at the same time, each on a core"
    )
