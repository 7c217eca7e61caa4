"""The mailbox's answers as outcomes and values that a flow can speak."""

from typing import assert_never

from ivrengine.services.mailbox.model import KeepAnswer, Kept, RecordingMissing
from ivrengine.services.registry import OK, ActionResult, ActionSpec, ValueKind

MISSING = "missing"

KEEP = ActionSpec(
    arguments={"recording": ValueKind.TEXT, "kind": ValueKind.TEXT},
    outcomes=(OK, MISSING),
    values={"ticket": ValueKind.TEXT},
)
DISCARD = ActionSpec(arguments={"recording": ValueKind.TEXT})


def spoken(answer: KeepAnswer) -> ActionResult:
    """Return ``ok`` with the ticket's number, or ``missing`` when there was nothing to keep."""
    match answer:
        case Kept(ticket=ticket):
            return ActionResult(outcome=OK, values={"ticket": ticket.number})
        case RecordingMissing():
            return ActionResult(outcome=MISSING)
        case _:
            assert_never(answer)
