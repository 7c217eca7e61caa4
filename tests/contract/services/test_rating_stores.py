"""The ratings in memory, held to the suite of their port."""

import pytest

from ivrengine.services.ratings.memory import MemoryRatings
from ivrengine.services.ratings.ports import RatingStore
from tests.kit.service_stores import RatingStoreSuite

pytestmark = pytest.mark.contract


class TestMemoryRatings(RatingStoreSuite):
    @pytest.fixture
    def ratings(self) -> RatingStore:
        return MemoryRatings()
