"""The answers to an identification as outcomes of a flow."""

from typing import assert_never

from ivrengine.services.customers.model import Identification, NotProved, Proved, TooManyTries
from ivrengine.services.registry import OK, ActionResult, ActionSpec, ValueKind

WRONG, LOCKED = "wrong", "locked"

IDENTIFY = ActionSpec(
    arguments={"number": ValueKind.TEXT, "pin": ValueKind.SECRET},
    optional={"pin_kind": ValueKind.TEXT},
    outcomes=(OK, WRONG, LOCKED),
    values={
        "customer": ValueKind.TEXT,
        "caller_class": ValueKind.TEXT,
        "language": ValueKind.TEXT,
        "branch": ValueKind.TEXT,
        "dialect": ValueKind.TEXT,
    },
    identifies=True,
)


def spoken(answer: Identification) -> ActionResult:
    """Return ``ok`` with the caller's profile, ``wrong``, or ``locked``."""
    match answer:
        case Proved(customer=customer):
            profile = customer.profile
            return ActionResult(
                outcome=OK,
                values={
                    "customer": profile.customer,
                    "caller_class": profile.caller_class.value,
                    "language": profile.language.value if profile.language else "",
                    "branch": profile.branch,
                    "dialect": profile.dialect,
                },
                identity=profile,
            )
        case NotProved():
            return ActionResult(outcome=WRONG)
        case TooManyTries():
            return ActionResult(outcome=LOCKED)
        case _:
            assert_never(answer)
