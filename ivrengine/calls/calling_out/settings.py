"""Settings of calls that agents make by hand."""

from pydantic import BaseModel, ConfigDict, Field


class CallingOutSettings(BaseModel):
    """How agents call out; prefix, lines, shown number and numbers allowed are those of talk."""

    model_config = ConfigDict(frozen=True, extra="forbid")

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
