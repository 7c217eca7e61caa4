"""``/api/trunks``: the groups of lines, and what each class of calls may take of them."""

from typing import Self

from fastapi import APIRouter
from pydantic import Field

from acd.trunk_groups import ClassUse, LineUse
from ivrengine.console.ports import Trunks
from ivrengine.console.schemas import Shape


class ClassInTrunkShape(Shape):
    """A group's lines from the side of one class; the share is the one in force now."""

    in_use: int
    leaves_free: int = Field(description="a line is given only while more than these are free")
    at_most: int | None = Field(description="lines at a time; null: as many as there are")
    attempts: int = Field(description="how often a line was asked for since the start")
    refused: int = Field(description="how often none was given since the start")

    @classmethod
    def of(cls, use: ClassUse) -> Self:
        """Show ``use``."""
        return cls(
            in_use=use.in_use,
            leaves_free=use.share.leaves_free,
            at_most=use.share.at_most,
            attempts=use.attempts,
            refused=use.refused,
        )


class TrunkShape(Shape):
    """A trunk group as it stands; ``peak``, ``attempts`` and ``refused`` are since the start."""

    name: str
    lines: int
    in_use: int
    free: int
    peak: int = Field(description="the most lines ever in use")
    attempts: int
    refused: int
    by_class: dict[str, int] = Field(description="lines in use by class, of those that hold any")
    classes: dict[str, ClassInTrunkShape] = Field(description="every class that may take a line")

    @classmethod
    def of(cls, use: LineUse) -> Self:
        """Show ``use``; classes that have no business in the group are left out."""
        return cls(
            name=use.trunk,
            lines=use.lines,
            in_use=use.in_use,
            free=use.free,
            peak=use.peak,
            attempts=use.attempts,
            refused=use.refused,
            by_class=dict(use.by_class),
            classes={
                each.line_class: ClassInTrunkShape.of(each)
                for each in use.classes
                if each.share.at_most != 0 or each.in_use or each.attempts
            },
        )


def trunks_api(trunks: Trunks) -> APIRouter:
    """Return the routes over ``trunks``."""
    router = APIRouter(prefix="/api", tags=["trunks"])

    @router.get("/trunks")
    async def list_trunks() -> list[TrunkShape]:
        """List the trunk groups and their lines."""
        return [TrunkShape.of(use) for use in trunks.usage()]

    return router
