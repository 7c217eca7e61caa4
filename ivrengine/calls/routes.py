"""Which flow serves which dialled number."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from acd.trunk_groups import TrunkGroup


class NumberSettings(BaseModel):
    """A number that callers may dial."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str = Field(description="the number as the carrier delivers it")
    trunk: str = Field(description="trunk group whose lines its calls take")
    lines: int = Field(gt=0, description="lines of that trunk group")
    flow: str = Field(default="", description="flow that answers; empty: the dialplan's entry")


DEFAULT_NUMBERS = (
    NumberSettings(number="952588", trunk="main", lines=420),
    NumberSettings(number="8008202588", trunk="tollfree", lines=60),
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

    def plain_groups(self) -> tuple[TrunkGroup, ...]:
        """Return each trunk group with all its lines for anybody."""
        lines = {entry.trunk: entry.lines for entry in self._by_number.values()}
        return tuple(TrunkGroup(name=trunk, lines=count) for trunk, count in lines.items())
