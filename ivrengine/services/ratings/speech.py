"""The answers to a rating as outcomes of a flow."""

from typing import assert_never

from ivrengine.services.ratings.model import OutOfScale, Rated, RatingAnswer
from ivrengine.services.registry import OK, ActionResult, ActionSpec, ValueKind

INVALID = "invalid"

RATE = ActionSpec(
    arguments={"score": ValueKind.WHOLE},
    optional={"agent": ValueKind.TEXT},
    outcomes=(OK, INVALID),
)


def spoken(answer: RatingAnswer) -> ActionResult:
    """Return ``ok``, or ``invalid`` for a score that cannot be given."""
    match answer:
        case Rated():
            return ActionResult(outcome=OK)
        case OutOfScale():
            return ActionResult(outcome=INVALID)
        case _:
            assert_never(answer)
