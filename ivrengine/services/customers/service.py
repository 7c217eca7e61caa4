"""Finds out who calls: by the number they call from, and by a customer's number and PIN."""

import structlog

from ivrengine.errors import Bug
from ivrengine.services.customers.model import (
    CustomerNumber,
    Identification,
    NotProved,
    PinKind,
    Proved,
    TooManyTries,
)
from ivrengine.services.customers.ports import Customers, PinChecker
from ivrengine.services.customers.rules import WrongTries
from ivrengine.services.customers.speech import IDENTIFY, spoken
from ivrengine.services.registry import Action, ActionContext, ActionResult, Arguments
from ivrengine.values import CallId, Secret

log = structlog.get_logger(__name__)


class Identifications:
    """The action ``customers.identify``."""

    def __init__(self, customers: Customers, pins: PinChecker, *, tries_per_call: int) -> None:
        self._customers = customers
        self._pins = pins
        self._tries = WrongTries(per_call=tries_per_call)

    def actions(self) -> tuple[Action, ...]:
        """Return what flows can ask of customers."""
        return (Action(name="customers.identify", spec=IDENTIFY, run=self._identify),)

    async def identify(
        self, call: CallId, number: CustomerNumber, pin: Secret, kind: PinKind
    ) -> Identification:
        """Tell whether the caller knows the PIN of a customer, within the tries of a call."""
        if self._tries.are_used_up(call):
            return TooManyTries()
        customer = self._customers.find(number)
        if await self._pins.fits(pin, customer.pin(kind) if customer else None) and customer:
            self._tries.right(call, number)
            return Proved(customer=customer)
        self._tries.wrong(call, number if customer else None)
        if customer:
            in_a_row = self._tries.of_customer(number)
            log.warning("wrong_pin", customer=number, kind=kind, in_a_row=in_a_row)
        return TooManyTries() if self._tries.are_used_up(call) else NotProved()

    async def _identify(self, context: ActionContext, arguments: Arguments) -> ActionResult:
        number = CustomerNumber(arguments.text("number"))
        kind = _kind(arguments.text("pin_kind", PinKind.SERVICE))
        return spoken(await self.identify(context.call, number, arguments.secret("pin"), kind))


def _kind(word: str) -> PinKind:
    try:
        return PinKind(word)
    except ValueError as fault:
        raise Bug(f"a flow asks for a PIN of the unknown kind {word!r}") from fault
