"""Customers, and how an attempt to prove to be one ends."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from ivrengine.services.callers import CallerProfile
from ivrengine.values import PhoneNumber, Secret

CustomerNumber = NewType("CustomerNumber", str)
"""An account of a trading customer, or the customer number of a registered one."""

PinHash = Secret
"""What is kept of a PIN: an Argon2id hash in its encoded form."""


class PinKind(StrEnum):
    """What a PIN is for."""

    TRADING = "trading"
    """Orders; registered customers have none."""
    SERVICE = "service"
    """Everything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """One customer. ``telephone`` is empty for one who gave none."""

    number: CustomerNumber
    name_zh: str
    name_en: str
    telephone: PhoneNumber
    profile: CallerProfile
    trading_pin: PinHash | None
    service_pin: PinHash

    def pin(self, kind: PinKind) -> PinHash | None:
        """Return what is kept of a PIN, None when the customer has no such PIN."""
        return self.trading_pin if kind is PinKind.TRADING else self.service_pin


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongInARow:
    """``count`` tries at a PIN without a right one among them, the last at ``last_at`` (epoch)."""

    count: int = 0
    last_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """The caller is this customer."""

    customer: Customer


@dataclass(frozen=True, slots=True)
class NotProved:
    """There is no such customer, or the PIN is another: which of the two is nobody's business."""


@dataclass(frozen=True, slots=True)
class TooManyTries:
    """Somebody failed so often, in this call or about this number, that nobody listens now."""


Identification = Proved | NotProved | TooManyTries
