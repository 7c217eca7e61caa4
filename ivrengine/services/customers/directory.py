"""The list of customers: read from an operator's CSV file, held in memory by number and telephone.

What a call asks before it is answered is a look-up in a table; the file is read at the start and
when an operator says so.
"""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from argon2 import extract_parameters
from argon2.exceptions import InvalidHashError

from acd.trunk_groups import CALLER_CLASSES, LineClass
from ivrengine.errors import ConfigError
from ivrengine.services.callers import STRANGER, CallerProfile
from ivrengine.services.customers.model import Customer, CustomerNumber, PinHash
from ivrengine.services.customers.numbers import normalised
from ivrengine.services.customers.settings import NumberingSettings
from ivrengine.values import Language, PhoneNumber, Secret

COLUMNS = (
    "number",
    "class",
    "name_zh",
    "name_en",
    "telephone",
    "branch",
    "dialect",
    "language",
    "trading_pin",
    "service_pin",
)

_CLASSES = {"trading": LineClass.TRADING, "registered": LineClass.REGISTERED}


class Directory:
    """The customers, in the order of the list."""

    def __init__(self, customers: Iterable[Customer], plan: NumberingSettings) -> None:
        self._plan = plan
        self._customers = {customer.number: customer for customer in customers}
        self._by_telephone: dict[str, Customer] = {}
        for customer in self._customers.values():
            telephone = normalised(customer.telephone, plan)
            if telephone:
                known = self._by_telephone.setdefault(telephone, customer)
                self._by_telephone[telephone] = min(known, customer, key=_rank)

    def __len__(self) -> int:
        return len(self._customers)

    def __iter__(self) -> Iterator[Customer]:
        return iter(self._customers.values())

    def find(self, number: CustomerNumber) -> Customer | None:
        """Return the customer of an account or customer number."""
        return self._customers.get(number)

    def presumed(self, caller: PhoneNumber) -> CallerProfile:
        """Return who calls from this number as a rule: of several customers one of the best class.

        A number can be forged: nobody may be let do anything for it.
        """
        customer = self._by_telephone.get(normalised(caller, self._plan))
        return customer.profile if customer else STRANGER


def load_directory(path: Path, plan: NumberingSettings) -> Directory:
    """Read the list of customers.

    Raises:
        ConfigError: the file cannot be read or is wrong; every fault is named with its line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigError(
            f"the list of customers {path} cannot be read: {fault}",
            remedy="set customers.directory to a CSV file in UTF-8",
        ) from fault
    return parse_directory(text, str(path), plan)


def parse_directory(text: str, name: str, plan: NumberingSettings) -> Directory:
    """Parse the list of customers; ``name`` stands before the line number of a fault.

    Raises:
        ConfigError: one fault a line, all of them. None shows what is kept of a PIN.
    """
    rows = csv.reader(text.splitlines(), strict=True)
    customers: dict[CustomerNumber, Customer] = {}
    faults: list[str] = []
    try:
        if tuple(next(rows, ())) != COLUMNS:
            raise ConfigError(f"{name}:1: the columns must be {','.join(COLUMNS)}")
        for row in rows:
            try:
                customer = _customer(row)
                if customer.number in customers:
                    raise ValueError(f"{customer.number} is listed twice")
                customers[customer.number] = customer
            except ValueError as fault:
                faults.append(f"{name}:{rows.line_num}: {fault}")
    except csv.Error as fault:
        faults.append(f"{name}:{rows.line_num}: {fault}")
    if faults:
        raise ConfigError("\n".join(faults), remedy="mend the lines; nothing was changed")
    return Directory(customers.values(), plan)


def _customer(row: list[str]) -> Customer:
    if len(row) != len(COLUMNS):
        raise ValueError(f"{len(row)} fields where {len(COLUMNS)} are expected")
    number, word, name_zh, name_en, telephone, branch, dialect, language, trading, service = row
    if not (number.isascii() and number.isdecimal()):
        raise ValueError(f"{number!r} is no number: callers key it")
    line_class = _CLASSES.get(word)
    if line_class is None:
        raise ValueError(f"class {word!r} is none of {', '.join(_CLASSES)}")
    if language not in list(Language):
        raise ValueError(f"language {language!r} is none of {', '.join(Language)}")
    if (line_class is LineClass.TRADING) != bool(trading):
        raise ValueError("trading customers have a trading PIN, and nobody else has")
    return Customer(
        number=CustomerNumber(number),
        name_zh=name_zh,
        name_en=name_en,
        telephone=PhoneNumber(telephone),
        profile=CallerProfile(
            caller_class=line_class,
            customer=number,
            language=Language(language),
            branch=branch,
            dialect=dialect,
        ),
        trading_pin=_hash(trading, "trading_pin") if trading else None,
        service_pin=_hash(service, "service_pin"),
    )


def _hash(encoded: str, column: str) -> PinHash:
    try:
        extract_parameters(encoded)
    except InvalidHashError:
        raise ValueError(
            f"{column} is no Argon2 hash: `ivrengine hash-pin` makes one of a PIN"
        ) from None
    return Secret(encoded)


def _rank(customer: Customer) -> int:
    return CALLER_CLASSES.index(customer.profile.caller_class)
