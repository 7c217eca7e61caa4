"""Counts of wrong PINs in memory never fill it."""

import pytest

from ivrengine.services.customers.memory import NUMBERS_REMEMBERED, MemoryWrongPins
from ivrengine.services.customers.model import CustomerNumber, WrongInARow
from ivrengine.services.customers.rules import CALLS_REMEMBERED, WrongTries
from ivrengine.values import CallId

pytestmark = pytest.mark.unit


async def test_numbers_are_forgotten_before_they_fill_the_memory() -> None:
    wrong = MemoryWrongPins()
    for n in range(NUMBERS_REMEMBERED + 1):
        await wrong.wrong(CustomerNumber(str(n)), 0.0)
    assert await wrong.of(CustomerNumber("0")) == WrongInARow()
    assert (await wrong.of(CustomerNumber("1"))).count == 1


def test_calls_are_forgotten_before_they_fill_the_memory() -> None:
    tries = WrongTries(per_call=1)
    tries.wrong(CallId("first"))
    for n in range(CALLS_REMEMBERED):
        tries.wrong(CallId(str(n)))
    assert not tries.are_used_up(CallId("first"))
    assert tries.are_used_up(CallId("0"))
