"""The counts of wrong PINs that need no database, held to the suite of their port."""

import pytest

from ivrengine.services.customers.counting import CountedTwice
from ivrengine.services.customers.memory import MemoryWrongPins
from ivrengine.services.customers.ports import WrongPins
from tests.kit.service_stores import WrongPinsSuite

pytestmark = pytest.mark.contract


class TestMemoryWrongPins(WrongPinsSuite):
    @pytest.fixture
    def wrong_pins(self) -> WrongPins:
        return MemoryWrongPins()


class TestCountedTwice(WrongPinsSuite):
    @pytest.fixture
    def wrong_pins(self) -> WrongPins:
        return CountedTwice(MemoryWrongPins())
