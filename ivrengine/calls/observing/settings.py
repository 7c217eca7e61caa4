"""Settings of service observing."""

from pydantic import BaseModel, ConfigDict, Field


class ObservingSettings(BaseModel):
    """How supervisors observe agents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    follows: bool = Field(
        default=True,
        description="Whether a supervisor stays on the line for the agent's next conversation",
    )
    ring_timeout_s: float = Field(
        default=20.0, gt=0, description="Seconds that a supervisor's telephone rings for it"
    )
