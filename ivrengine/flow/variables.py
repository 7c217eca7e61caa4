"""The types that variables of a flow may have, and the check of a value against its type."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from ivrengine.errors import FlowError
from ivrengine.flow.effects import Value
from ivrengine.values import Secret

PROMPT_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
"""What the id of a prompt looks like."""

TEXT_LIMIT = 1000
"""Characters that a text may hold; flows join texts, so there has to be an end."""

INTEGER_LIMIT = 10**18
"""Bound of whole numbers, far above any amount and far below what would take time to handle."""


class VarType(StrEnum):
    """Type of a variable; the value of a member is its name in flow files."""

    TEXT = "text"
    """Words or digits; what a ``collect`` of digits fills."""
    INTEGER = "integer"
    DECIMAL = "decimal"
    """An exact number; whole numbers are taken as well."""
    FLAG = "flag"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    """A date with a time of day."""
    PROMPT = "prompt"
    """The id of a prompt, such as a name that a service answers with."""
    RECORDING = "recording"
    """The name of what a ``record`` node kept."""
    SECRET = "secret"
    """Digits that nobody may see: they can be handed to services and nothing else."""


class WrongType(FlowError):
    """A value does not fit its variable; the message holds the types and never the value."""


def fitted(value: Value, wanted: VarType) -> Value:
    """Return ``value`` as a variable of type ``wanted`` holds it.

    Raises:
        WrongType: it cannot be held by such a variable.
    """
    match wanted, value:
        case VarType.FLAG, bool():
            return value
        case _, bool():
            pass
        case VarType.TEXT, str() if len(value) <= TEXT_LIMIT:
            return value
        case VarType.RECORDING, str() if 0 < len(value) <= TEXT_LIMIT:
            return value
        case VarType.PROMPT, str() if PROMPT_ID.fullmatch(value):
            return value
        case VarType.INTEGER, int() if abs(value) < INTEGER_LIMIT:
            return value
        case VarType.INTEGER, Decimal() if _is_whole(value):
            return int(value)
        case VarType.DECIMAL, int():
            return Decimal(value)
        case VarType.DECIMAL, Decimal() if value.is_finite():
            return value
        case (VarType.MOMENT, datetime()) | (VarType.TIME, time()) | (VarType.SECRET, Secret()):
            return value
        case VarType.DATE, date() if not isinstance(value, datetime):
            return value
        case _:
            pass
    raise WrongType(f"a {type(value).__name__} does not fit a variable of type {wanted}")


def _is_whole(value: Decimal) -> bool:
    return value.is_finite() and abs(value) < INTEGER_LIMIT and value == value.to_integral_value()
