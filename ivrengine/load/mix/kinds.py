"""The description's entries: spans of time, the steps of a caller, kinds of callers."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import model_validator as checked

from ivrengine.load.mix.script import Act, Script, Verb

_SPAN: Final = re.compile(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?")
_SHORTEST_S: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From so many seconds to so many."""

    least_s: float
    most_s: float

    @classmethod
    def read(cls, written: object) -> object:
        """Read `8`, `0.5` or `2-4`.

        Raises:
            ValueError: it is none of them.
        """
        found = _SPAN.fullmatch(str(written))
        if isinstance(written, Span):
            return written
        if found is None or isinstance(written, bool):
            raise ValueError("seconds are expected, as 8, 0.5 or 2-4")
        least = float(found[1])
        most = float(found[2] or least)
        if most < max(least, _SHORTEST_S):
            raise ValueError("a span goes from the shorter time to the longer")
        return cls(least_s=least, most_s=most)

    def draw(self, chance: random.Random) -> float:
        """Return a length of its own for one call."""
        return chance.uniform(self.least_s, self.most_s)


Seconds = Annotated[Span, BeforeValidator(Span.read)]
Keys = Annotated[str, StringConstraints(pattern=r"^[0-9*#]{1,32}$")]


def _as_list(written: object) -> object:
    return (written,) if isinstance(written, str) else written


OneOfKeys = Annotated[tuple[Keys, ...], BeforeValidator(_as_list)]


class Step(BaseModel):
    """One thing that a caller does; exactly one of the fields is there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    listens: Seconds | None = Field(default=None, description="Seconds of listening")
    presses: OneOfKeys = Field(
        default=(), description="Keys one after another; of a list, each call presses one entry"
    )
    speaks: Seconds | None = Field(default=None, description="Seconds of speaking")
    waits_for_agent: Seconds | None = Field(
        default=None, description="Seconds until an agent has to be heard, else the caller gives up"
    )
    talks: Seconds | None = Field(
        default=None, description="Seconds with an agent, who may end the call sooner"
    )
    until_let_go: Seconds | None = Field(
        default=None, description="Seconds within which the other side has to end the call"
    )

    @checked(mode="after")
    def _does_one_thing(self) -> Self:
        if len([field for field in self.model_fields_set if getattr(self, field)]) != 1:
            raise ValueError("a step does exactly one thing")
        return self

    def draw(self, chance: random.Random) -> Act:
        """Return what one call does at this step."""
        if self.presses:
            return Act(verb=Verb.PRESS, keys=chance.choice(self.presses))
        verb, span = next(self._spans())
        return Act(verb=verb, seconds=span.draw(chance))

    def _spans(self) -> Iterator[tuple[Verb, Span]]:
        written = (
            (Verb.LISTEN, self.listens),
            (Verb.SPEAK, self.speaks),
            (Verb.WAIT, self.waits_for_agent),
            (Verb.TALK, self.talks),
            (Verb.UNTIL_LET_GO, self.until_let_go),
        )
        return ((verb, span) for verb, span in written if span is not None)


class Kind(BaseModel):
    """Callers who all want the same and go about it the same way."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9 -]{0,39}$")] = Field(
        description="What reports call them"
    )
    share: Annotated[Decimal, Field(ge=0, le=100, decimal_places=1)] = Field(
        description="Percent of all calls"
    )
    path: Annotated[str, StringConstraints(pattern=r"^[0-9*#]{1,32}( [0-9*#]{1,32})*$")] | None = (
        Field(default=None, description="Groups of keys, parted by blanks")
    )
    listens_s: Seconds | None = Field(
        default=None, description="Seconds before each group; unset: as for all kinds"
    )
    stays_s: Seconds | None = Field(
        default=None, description="Seconds from the last group to hanging up"
    )
    steps: tuple[Step, ...] = Field(default=(), description="What they do, instead of a path")
    calls: str | None = Field(
        default=None, description="The group of lines they call; unset: any, by its lines"
    )
    customer: str | None = Field(
        default=None, description="The class they all are of; unset: as all callers"
    )

    @checked(mode="after")
    def _has_one_way(self) -> Self:
        if (self.path is None) == (not self.steps):
            raise ValueError("either a path or steps are expected")
        if (self.path is None) != (self.stays_s is None):
            raise ValueError("stays_s belongs to a path, and a path needs it")
        if self.steps and self.listens_s is not None:
            raise ValueError("listens_s belongs to a path")
        ends = [place for place, step in enumerate(self.steps) if step.until_let_go]
        if ends and ends != [len(self.steps) - 1]:
            raise ValueError("until_let_go is the last step")
        return self

    def draw(self, chance: random.Random, listens: Span) -> Script:
        """Return what one caller of this kind does; ``listens`` is for paths without their own."""
        if self.path is None or self.stays_s is None:
            return tuple(step.draw(chance) for step in self.steps)
        acts: list[Act] = []
        for keys in self.path.split():
            pause = (self.listens_s or listens).draw(chance)
            acts.append(Act(verb=Verb.LISTEN, seconds=pause))
            acts.append(Act(verb=Verb.PRESS, keys=keys))
        acts.append(Act(verb=Verb.LISTEN, seconds=self.stays_s.draw(chance)))
        return tuple(acts)
