"""Tickets and ratings in databases, held to the suites of their ports."""

import pytest

from ivrengine.errors import StorageError
from ivrengine.services.customers.model import CustomerNumber
from ivrengine.services.customers.ports import WrongPins
from ivrengine.services.mailbox.ports import TicketStore
from ivrengine.services.ratings.model import Rating
from ivrengine.services.ratings.ports import RatingStore
from ivrengine.storage.database import LEDGER_FILE
from ivrengine.storage.opening import Storage
from ivrengine.storage.wrong_pins import FORGOTTEN_AFTER_S
from ivrengine.values import AgentNumber, CallId
from tests.kit.databases import Place, opened_at
from tests.kit.service_stores import RatingStoreSuite, TicketStoreSuite, WrongPinsSuite

pytestmark = pytest.mark.contract

RATING = Rating(call=CallId("c"), agent=AgentNumber("8001"), score=5, rated_at=1.0)


class TestSqlTickets(TicketStoreSuite):
    @pytest.fixture
    def tickets(self, storage: Storage) -> TicketStore:
        return storage.tickets


class TestSqlRatings(RatingStoreSuite):
    @pytest.fixture
    def ratings(self, storage: Storage) -> RatingStore:
        return storage.ratings


class TestSqlWrongPins(WrongPinsSuite):
    @pytest.fixture
    def wrong_pins(self, storage: Storage) -> WrongPins:
        return storage.wrong_pins


async def test_a_number_that_nobody_was_wrong_about_for_a_month_begins_anew(
    storage: Storage,
) -> None:
    old, new = CustomerNumber("100001"), CustomerNumber("100002")
    await storage.wrong_pins.wrong(old, 0.0)
    await storage.wrong_pins.wrong(new, 1.0)
    await storage.wrong_pins.wrong(new, FORGOTTEN_AFTER_S + 0.5)
    assert (await storage.wrong_pins.of(old)).count == 0
    assert (await storage.wrong_pins.of(new)).count == 2


async def test_while_the_database_is_away_nothing_is_said_to_be_kept(
    storage: Storage, place: Place
) -> None:
    with place.away(LEDGER_FILE), pytest.raises(StorageError):
        await storage.ratings.add(RATING)
    await storage.ratings.add(RATING)
    assert list(await storage.ratings.since(0.0)) == [RATING]


async def test_what_was_kept_is_there_after_a_restart(place: Place) -> None:
    first = await opened_at(place)
    await first.ratings.add(RATING)
    await first.close()

    second = await opened_at(place)
    assert list(await second.ratings.since(0.0)) == [RATING]
    await second.close()
