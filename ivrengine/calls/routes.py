"""Which flow serves which dialled number."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field


class NumberSettings(BaseModel):
    """A number that callers may dial."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str = Field(description="the number as the carrier delivers it")
    trunk: str = Field(description="trunk group whose lines its calls take")
    lines: int | None = Field(
        default=None,
        gt=0,
        description="lines of that group, all for anybody; left out: as the file of lines says",
    )
    flow: str = Field(default="", description="flow that answers; empty: the dialplan's entry")


DEFAULT_NUMBERS = (
    NumberSettings(number="952588", trunk="main"),
    NumberSettings(number="8008202588", trunk="tollfree"),
)


class Routes:
    """Finds the flow for a dialled number."""

    def __init__(self, numbers: Sequence[NumberSettings]) -> None:
        self._by_number = {entry.number: entry for entry in numbers}

    def flow_for(self, dialled: str) -> str | None:
        """Return the flow that answers ``dialled``, None for an unknown number.

        An empty name is the dialplan's own entry.
        """
        entry = self._by_number.get(dialled)
        return entry.flow if entry else None
