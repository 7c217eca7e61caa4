import json

import pytest

from acd.events import (
    AgentLoggedIn,
    ConversationAdopted,
    EngineRestarted,
    Event,
    OfferAnswered,
    OfferRang,
)
from acd.model import AgentId, ContactId, LeaveCause, ReservationId
from acd.router import Router
from ivrengine.agents.event_codec import decode, encode
from ivrengine.errors import StorageError
from tests.unit.acd.floor import Floor, roster

pytestmark = pytest.mark.unit


def every_kind_of_event() -> list[tuple[Event, float]]:
    """A past in which much happened, and the snapshot of where it ended."""
    floor = Floor(roster({"8001": ("general",), "8002": ("general",)}))
    floor.ready("8001", "8002")
    floor.talk("c1")
    floor.calls("c2")
    floor.tell(OfferRang(reservation=floor.reservation()))
    floor.wait(40)
    floor.calls("c3")
    floor.tell(OfferAnswered(reservation=floor.reservation()))
    floor.leaves("c1", LeaveCause.KEY)
    floor.tell(EngineRestarted())
    floor.tell(
        ConversationAdopted(
            contact=ContactId("c9"),
            reservation=ReservationId("r9"),
            agent=AgentId("8002"),
            since=1.5,
        )
    )
    return floor.past + [(event, floor.now) for event in floor.router.snapshot()]


def test_every_event_is_read_back_as_it_was_written() -> None:
    for event, at in every_kind_of_event():
        line = encode(event, at)
        assert b"\n" not in line
        assert decode(line) == (event, at)


def test_a_past_that_was_written_and_read_rebuilds_the_same_state() -> None:
    before, after = Router(), Router()
    for event, at in every_kind_of_event():
        before.handle(event, at)
        after.handle(*decode(encode(event, at)))
    assert before.snapshot() == after.snapshot()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b'{"at": 1, "event": "Nothing", "fields": {}}',
        b'{"at": 1, "event": "AgentLoggedIn", "fields": {}}',
        encode(AgentLoggedIn(agent=AgentId("8001")), 1.0)[:-5],
        json.dumps({"event": "EngineRestarted", "fields": {}}).encode(),
    ],
)
def test_a_line_that_is_not_ours_is_refused(line: bytes) -> None:
    with pytest.raises(StorageError):
        decode(line)
