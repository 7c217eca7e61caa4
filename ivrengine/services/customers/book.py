"""The list of customers in force: one pointer, swapped whole when a list is found right."""

from collections.abc import Mapping

from ivrengine.services.callers import CallerProfile
from ivrengine.services.customers.directory import Directory, load_directory
from ivrengine.services.customers.model import Customer, CustomerNumber
from ivrengine.services.customers.settings import CustomerSettings
from ivrengine.values import PhoneNumber


class CustomerBook:
    """Holds the list that calls are looked up in."""

    def __init__(self, settings: CustomerSettings) -> None:
        """Read the list.

        Raises:
            ConfigError: the list is wrong.
        """
        self._settings = settings
        self._directory = self._load()

    def find(self, number: CustomerNumber) -> Customer | None:
        """Return the customer of an account or customer number."""
        return self._directory.find(number)

    def presumed(self, caller: PhoneNumber) -> CallerProfile:
        """Return who calls from this number as a rule; a number proves nothing."""
        return self._directory.presumed(caller)

    def read(self) -> Directory:
        """Read the list again and change nothing.

        Raises:
            ConfigError: the list is wrong.
        """
        return self._load()

    def put_in_force(self, directory: Directory) -> None:
        """Look calls up in another list from here on."""
        self._directory = directory

    def differences(self, fresh: Directory) -> Mapping[str, int]:
        """Return how many customers another list adds, removes and changes; empty when none."""
        old = {customer.number: customer for customer in self._directory}
        new = {customer.number: customer for customer in fresh}
        counts = {
            "added": len(new.keys() - old.keys()),
            "removed": len(old.keys() - new.keys()),
            "changed": sum(old[number] != new[number] for number in old.keys() & new.keys()),
        }
        return {what: count for what, count in counts.items() if count}

    def _load(self) -> Directory:
        return load_directory(self._settings.directory, self._settings.numbering)
