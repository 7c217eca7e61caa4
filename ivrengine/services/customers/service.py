"""Finds out who calls: by the number they call from, and by a customer's number and PIN."""

import structlog

from ivrengine.errors import Bug
from ivrengine.services.customers.counting import CountedTwice
from ivrengine.services.customers.model import (
    CustomerNumber,
    Identification,
    NotProved,
    PinKind,
    Proved,
    TooManyTries,
)
from ivrengine.services.customers.ports import Customers, PinChecker, WrongPins
from ivrengine.services.customers.rules import Lockout, WrongTries
from ivrengine.services.customers.settings import CustomerSettings
from ivrengine.services.customers.speech import IDENTIFY, spoken
from ivrengine.services.registry import Action, ActionContext, ActionResult, Arguments
from ivrengine.values import CallId, Secret

log = structlog.get_logger(__name__)


class Identifications:
    """The action ``customers.identify``.

    Args:
        customers: the customers there are.
        pins: compares PINs.
        settings: how often somebody may be wrong.
        wrong_pins: counts over all calls.
    """

    def __init__(
        self,
        customers: Customers,
        pins: PinChecker,
        settings: CustomerSettings,
        *,
        wrong_pins: WrongPins,
    ) -> None:
        self._customers = customers
        self._pins = pins
        self._tries = WrongTries(per_call=settings.tries_per_call)
        self._wrong_pins = CountedTwice(wrong_pins)
        self._lockout = Lockout(after=settings.wrong_pins_in_a_row, for_s=settings.locked_for_s)

    def actions(self) -> tuple[Action, ...]:
        """Return what flows can ask of customers."""
        return (Action(name="customers.identify", spec=IDENTIFY, run=self._identify),)

    async def identify(
        self, call: CallId, number: CustomerNumber, pin: Secret, kind: PinKind, *, now: float
    ) -> Identification:
        """Tell whether the caller knows the PIN of a customer, within the tries that there are.

        Each try counts as wrong before it is looked at, so that many at once are no way around.
        """
        if self._tries.are_used_up(call):
            return TooManyTries()
        nth = await self._begin_try(number, now)
        if nth is None:
            return TooManyTries()
        customer = self._customers.find(number)
        if await self._pins.fits(pin, customer.pin(kind) if customer else None) and customer:
            self._tries.right(call)
            await self._wrong_pins.right(number)
            return Proved(customer=customer)
        self._tries.wrong(call)
        if customer:
            log.warning("wrong_pin", customer=number, kind=kind, in_a_row=nth)
        return TooManyTries() if self._tries.are_used_up(call) else NotProved()

    async def _begin_try(self, number: CustomerNumber, now: float) -> int | None:
        """Return the how manieth try in a row this is; None when nobody is listened to."""
        before = await self._wrong_pins.of(number)
        if not self._lockout.holds(before, now):
            nth = await self._wrong_pins.wrong(number, now)
            if self._lockout.allows(nth, before):
                return nth
        if self._customers.find(number):
            log.warning("pin_locked", customer=number, in_a_row=before.count)
        return None

    async def _identify(self, context: ActionContext, arguments: Arguments) -> ActionResult:
        number = CustomerNumber(arguments.text("number"))
        kind = _kind(arguments.text("pin_kind", PinKind.SERVICE))
        pin = arguments.secret("pin")
        return spoken(await self.identify(context.call, number, pin, kind, now=context.now))


def _kind(word: str) -> PinKind:
    try:
        return PinKind(word)
    except ValueError as fault:
        raise Bug(f"a flow asks for a PIN of the unknown kind {word!r}") from fault
