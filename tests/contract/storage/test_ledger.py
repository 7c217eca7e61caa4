"""Tickets and ratings in databases, held to the suites of their ports."""

import pytest

from ivrengine.errors import StorageError
from ivrengine.services.mailbox.ports import TicketStore
from ivrengine.services.ratings.model import Rating
from ivrengine.services.ratings.ports import RatingStore
from ivrengine.storage.database import LEDGER_FILE
from ivrengine.storage.opening import Storage, open_storage
from ivrengine.values import AgentNumber, CallId
from tests.kit.databases import Place
from tests.kit.service_stores import RatingStoreSuite, TicketStoreSuite

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


async def test_while_the_database_is_away_nothing_is_said_to_be_kept(
    storage: Storage, place: Place
) -> None:
    with place.away(LEDGER_FILE), pytest.raises(StorageError):
        await storage.ratings.add(RATING)
    await storage.ratings.add(RATING)
    assert list(await storage.ratings.since(0.0)) == [RATING]


async def test_what_was_kept_is_there_after_a_restart(place: Place) -> None:
    first = await open_storage(place.settings, place.folder)
    await first.ratings.add(RATING)
    await first.close()

    second = await open_storage(place.settings, place.folder)
    assert list(await second.ratings.since(0.0)) == [RATING]
    await second.close()
