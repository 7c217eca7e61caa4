"""The exchange in memory, held to the suite of the telephony port."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from ivrengine.simulator import phone
from ivrengine.simulator.exchange import SimulatedExchange
from ivrengine.simulator.party import Party
from tests.kit.switch_events import SwitchEvents
from tests.kit.switch_suite import SwitchSuite
from tests.kit.switch_suite_talks import TalkSuite
from tests.kit.switch_worlds import CALLER, NUMBER, OUTSIDE, Manner

pytestmark = [pytest.mark.contract, pytest.mark.looptime]

_DURATIONS = {"sound:short": 0.16, "sound:long": 30.0}


class SimulatedFarEnd:
    """A caller of the exchange in memory."""

    def __init__(self, party: Party) -> None:
        self._party = party

    async def press(self, key: str) -> None:
        await self._party.presses(key)

    async def hang_up(self) -> None:
        self._party.hangs_up()

    async def hold(self) -> None:
        self._party.holds()

    async def retrieve(self) -> None:
        self._party.retrieves()

    async def is_over(self) -> bool:
        return await self._party.leg.until(lambda: self._party.is_over, within_s=2.0)


class SimulatedWorld:
    """The exchange in memory and people around it."""

    short = "sound:short"
    long = "sound:long"

    def __init__(self) -> None:
        self.exchange = SimulatedExchange(duration_of=lambda media: _DURATIONS[media])
        self.switch = self.exchange
        self.events = SwitchEvents()
        self.exchange.subscribe(self.events)

    async def call_in(self) -> SimulatedFarEnd:
        return SimulatedFarEnd(self.exchange.call_in(CALLER, NUMBER))

    async def place_phone(self, agent: str, manner: Manner) -> None:
        self.exchange.phone(agent, phone.Manner[manner.name], acts_after_s=0.1)

    async def place_outside(self, manner: Manner) -> None:
        self.exchange.outside_phone(OUTSIDE, phone.Manner[manner.name], acts_after_s=0.1)


@pytest_asyncio.fixture
async def world() -> AsyncIterator[SimulatedWorld]:
    yield SimulatedWorld()


class TestSimulatedExchange(SwitchSuite):
    pass


class TestSimulatedExchangeTalks(TalkSuite):
    pass
