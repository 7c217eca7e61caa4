"""Who calls: numbers by class of caller, and the list of customers that makes them of that class.

With strangers alone some lines would stay empty, because the last ones are kept for customers.
"""

import csv
from pathlib import Path
from typing import Final

from acd.trunk_groups import LineClass
from ivrengine.services.customers.directory import COLUMNS
from ivrengine.services.customers.pins import hash_pin
from ivrengine.values import Secret

CUSTOMERS_OF_A_CLASS: Final = 1000
"""As many numbers of a class are on the list; the next one after them belongs to nobody."""

_TELEPHONES: Final = {
    LineClass.TRADING: 13810_000000,
    LineClass.REGISTERED: 13820_000000,
    LineClass.ORDINARY: 13830_000000,
}
_NUMBERS: Final = {LineClass.TRADING: 80_000_000, LineClass.REGISTERED: 100_000}
_TRADING_PIN, _SERVICE_PIN = Secret("111222"), Secret("333444")


def telephone(line_class: LineClass, place: int) -> str:
    """Return the calling number of the caller in this place, from 0 on, among those of a class.

    Raises:
        KeyError: it is not a class of callers.
    """
    return str(_TELEPHONES[line_class] + place)


def write_customers(file: Path) -> None:
    """Write the list of customers who call by these numbers."""
    # One hash for all: to check PINs is not what is measured, and to make each takes a while.
    trading_pin, service_pin = (hash_pin(pin).reveal() for pin in (_TRADING_PIN, _SERVICE_PIN))
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
        rows.writeheader()
        for line_class, first in _NUMBERS.items():
            for place in range(CUSTOMERS_OF_A_CLASS):
                trades = line_class is LineClass.TRADING
                rows.writerow(
                    {
                        "number": first + place + 1,
                        "class": line_class.value,
                        "name_zh": f"客户{place + 1}",
                        "name_en": f"Customer {place + 1}",
                        "telephone": telephone(line_class, place),
                        "language": "zh",
                        "trading_pin": trading_pin if trades else "",
                        "service_pin": service_pin,
                    }
                )
