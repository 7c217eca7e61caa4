"""What an operator sets about lines: the shape of lines.yaml."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, Field

from acd.trunk_groups import LineClass, Period, Share, TimedShares, TrunkGroup
from ivrengine.agents.settings import FROZEN
from ivrengine.calls.line_rules import Apology, Refusal
from ivrengine.telephony import HangUpCause
from ivrengine.values import PromptId

GROUP_NAME = r"^[a-z][a-z0-9_-]*$"

_CAUSES = {
    480: HangUpCause.UNREACHABLE,
    486: HangUpCause.BUSY,
    503: HangUpCause.CONGESTION,
}


class ApologySettings(BaseModel):
    """What a refused caller hears first, over a line of the class ``apology``."""

    model_config = FROZEN

    say: tuple[str, ...] = Field(min_length=1, description="prompts, one after the other")
    answered: bool = Field(
        default=False,
        description="whether the call is answered for it; otherwise it is said before the answer",
    )


class RefusalSettings(BaseModel):
    """How a caller is turned away for whom there is no line."""

    model_config = FROZEN

    answer: Literal[480, 486, 503] = Field(
        default=503, description="SIP status: 503 lines busy, 486 user busy, 480 try again later"
    )
    apology: ApologySettings | None = Field(
        default=None, description="what is said before; left out: nothing"
    )

    def as_refusal(self) -> Refusal:
        """Return it as calls are told it."""
        apology = None
        if self.apology is not None:
            prompts = tuple(map(PromptId, self.apology.say))
            apology = Apology(prompts=prompts, answered=self.apology.answered)
        return Refusal(cause=_CAUSES[self.answer], apology=apology)


class ShareSettings(BaseModel):
    """What a class may take of a group."""

    model_config = FROZEN

    leaves_free: int = Field(
        default=0, ge=0, description="it is given a line only while more lines than this are free"
    )
    at_most: int | None = Field(default=None, ge=0, description="lines it may have at a time")

    def as_share(self) -> Share:
        """Return it as the lines are told it."""
        return Share(leaves_free=self.leaves_free, at_most=self.at_most)


class ClassInGroup(ShareSettings):
    """What a class may take of a group, and how its callers are turned away."""

    refused: RefusalSettings | None = Field(
        default=None, description="how its callers are turned away, in place of the group's way"
    )


class TimedSettings(BaseModel):
    """What classes may take during some times of the week."""

    model_config = FROZEN

    during: str = Field(description="a calendar of this file")
    classes: Mapping[LineClass, ShareSettings] = Field(
        min_length=1, description="classes whose share is another then"
    )


class GroupSettings(BaseModel):
    """One group of lines."""

    model_config = FROZEN

    name: str = Field(pattern=GROUP_NAME, description="what numbers call it")
    lines: int = Field(ge=0, description="calls that it carries at a time")
    classes: Mapping[LineClass, ClassInGroup] = Field(
        default={}, description="what each class may take; a class left out: any free line"
    )
    at: tuple[TimedSettings, ...] = Field(
        default=(), description="times at which that is otherwise; the first that holds counts"
    )
    refused: RefusalSettings = Field(
        default=RefusalSettings(), description="how callers are turned away for whom there is none"
    )
    goes_out: bool = Field(
        default=False, description="whether callbacks and pushes go out over these lines"
    )
    reaches: str = Field(
        default="", description="branch whose agents are called over these lines, and nobody else"
    )

    def as_group(self, calendars: Mapping[str, Period]) -> TrunkGroup:
        """Return it as the lines are told it; ``calendars`` are those of the file."""
        return TrunkGroup(
            name=self.name,
            lines=self.lines,
            shares={**self._closed_to(), **_shares(self.classes)},
            timed=tuple(
                TimedShares(during=calendars[timed.during], shares=_shares(timed.classes))
                for timed in self.at
            ),
            site=self.reaches,
        )

    def refusal(self, line_class: LineClass) -> Refusal:
        """Return how callers of a class are turned away."""
        own = self.classes.get(line_class)
        return ((own and own.refused) or self.refused).as_refusal()

    def _closed_to(self) -> Mapping[LineClass, Share]:
        """Return that whoever has no business here is given nothing.

        Apologies are given a line only where the operator says how many.
        """
        strangers = set(LineClass) - {LineClass.BRANCH}
        if not self.reaches:
            strangers = {LineClass.BRANCH, LineClass.APOLOGY}
            strangers |= set() if self.goes_out else {LineClass.OUTGOING}
        return {line_class: Share(at_most=0) for line_class in sorted(strangers)}


class ClassSettings(BaseModel):
    """What a class of callers means elsewhere."""

    model_config = FROZEN

    band: int | None = Field(
        default=None,
        ge=0,
        description="band in which its callers wait, in place of their queue's; smaller is first",
    )


class CallerClasses(BaseModel):
    """The classes of callers."""

    model_config = FROZEN

    trading: ClassSettings = Field(default=ClassSettings(), description="trading customers")
    registered: ClassSettings = Field(default=ClassSettings(), description="registered customers")
    ordinary: ClassSettings = Field(default=ClassSettings(), description="everybody else")

    def bands(self) -> Mapping[LineClass, int]:
        """Return the bands of those classes that have one of their own."""
        found = {LineClass(name): getattr(self, name).band for name in type(self).model_fields}
        return {line_class: band for line_class, band in found.items() if band is not None}


def _shares(classes: Mapping[LineClass, ShareSettings]) -> Mapping[LineClass, Share]:
    return {line_class: share.as_share() for line_class, share in classes.items()}
