"""Values that every part speaks of: languages, ids, telephone numbers, money, secrets.

Identities and secrets are types of their own, so that printing or logging one by accident shows a
mask and never the value.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NewType

CallId = NewType("CallId", str)
"""One caller's call from admission to hang-up; sortable by the time of its start."""

PromptId = NewType("PromptId", str)
"""Dotted name of a text in the prompt catalogue, such as ``menu.main``."""

AgentNumber = NewType("AgentNumber", str)
"""What callers key and phones register as, such as ``8001``."""

TrunkGroup = NewType("TrunkGroup", str)
"""Name of a group of lines, such as ``main`` or ``tollfree``."""


class Language(StrEnum):
    """A language that callers can be served in; the value is its tag in files and URIs."""

    MANDARIN = "zh"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A telephone number as the carrier sent it; may be empty when it was withheld."""

    digits: str

    def masked(self) -> str:
        """Return the number fit for logs: all but the first three and last four hidden."""
        if len(self.digits) <= 4:
            return "*" * len(self.digits)
        head = self.digits[:3] if len(self.digits) >= 10 else ""
        hidden = len(self.digits) - len(head) - 4
        return f"{head}{'*' * hidden}{self.digits[-4:]}"

    def __repr__(self) -> str:
        return f"PhoneNumber({self.masked()})"

    __str__ = masked


@dataclass(frozen=True, slots=True)
class Secret:
    """Digits or words that must not be seen; only :meth:`reveal` gives them out."""

    _value: str

    def reveal(self) -> str:
        """Return the value itself, for the one place that compares or sends it."""
        return self._value

    def __len__(self) -> int:
        return len(self._value)

    def __repr__(self) -> str:
        return "Secret(******)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of yuan, exact to the fen."""

    yuan: Decimal

    def __post_init__(self) -> None:
        exact = self.yuan.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        object.__setattr__(self, "yuan", exact)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.yuan + other.yuan)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.yuan - other.yuan)
