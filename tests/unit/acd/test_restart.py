import pytest

from acd.agent_states import Presence, Work
from acd.commands import Command, CountLate, EndVisit, HangUpAgent, NoteMove, StartTimer
from acd.contact_states import ContactState
from acd.events import (
    AgentHungUp,
    ConversationAdopted,
    EngineRestarted,
    OfferAnswered,
    OfferRang,
    OutsideCallBegan,
    PhoneSeized,
)
from acd.model import AgentId, ContactId, Disposition, ReservationId
from acd.router import Router
from tests.unit.acd.floor import Floor, roster

pytestmark = pytest.mark.unit


def busy_floor() -> Floor:
    """One conversation, one contact that rings and two that wait."""
    floor = Floor(roster({"8001": ("general",), "8002": ("general",)}))
    floor.ready("8001", "8002")
    floor.talk("talks")
    for contact in ("rings", "waits", "waits-too"):
        floor.wait(1)
        floor.calls(contact)
    floor.tell(OfferRang(reservation=floor.reservation()))
    return floor


def orders(commands: list[Command]) -> list[Command]:
    return [c for c in commands if not isinstance(c, NoteMove | CountLate | StartTimer)]


def test_a_snapshot_rebuilds_the_same_state_and_the_same_future() -> None:
    floor = busy_floor()
    copy = Router()
    for event in floor.router.snapshot():
        assert copy.handle(event, floor.now) == []
    assert copy.snapshot() == floor.router.snapshot()
    for event, at in ((OfferAnswered(reservation=floor.reservation()), floor.now + 3),):
        assert copy.handle(event, at) == floor.router.handle(event, at)
    assert copy.snapshot() == floor.router.snapshot()


def test_the_same_past_told_again_gives_the_same_state() -> None:
    floor = busy_floor()
    floor.wait(100)
    again = Router()
    commands: list[Command] = []
    for event, at in floor.past:
        commands += again.handle(event, at)
    assert commands == floor.commands
    assert again.snapshot() == floor.router.snapshot()


def test_after_a_restart_open_offers_are_void_and_nobody_is_rung_for_a_call_that_may_be_gone() -> (
    None
):
    floor = busy_floor()
    ringing = floor.reservation()
    said = orders(floor.tell(EngineRestarted()))
    assert HangUpAgent(reservation=ringing) in said
    assert floor.desk("8002").offerable
    assert floor.position("rings") == 1
    assert floor.visit("rings").state is ContactState.QUEUED


def test_a_caller_who_is_still_there_claims_the_old_place() -> None:
    floor = busy_floor()
    floor.tell(EngineRestarted())
    floor.calls("waits-too")
    assert floor.rings() == ("8002", "waits-too"), "of those who are known to be there, the first"
    floor.calls("rings")
    floor.calls("waits")
    assert [floor.position(contact) for contact in ("rings", "waits", "waits-too")] == [1, 2, 3]


def test_a_caller_who_never_claims_is_forgotten_after_a_while() -> None:
    floor = busy_floor()
    floor.tell(EngineRestarted())
    floor.calls("waits")
    floor.wait(15)
    lost = {c.contact for c in floor.all(EndVisit) if c.disposition is Disposition.LOST}
    assert lost == {"talks", "rings", "waits-too"}
    assert floor.desk("8001").work is Work.ACW, "whose conversation nobody claims is free again"


def test_a_conversation_that_went_on_is_adopted_with_the_time_it_already_lasted() -> None:
    floor = busy_floor()
    reservation = floor.visit("talks").reservation
    assert reservation is not None
    joined_at = floor.visit("talks").joined_at
    floor.wait(30)
    floor.tell(EngineRestarted())
    floor.tell(
        ConversationAdopted(
            contact=ContactId("talks"),
            reservation=reservation,
            agent=AgentId("8001"),
            since=floor.now,
        )
    )
    floor.wait(20)
    assert floor.visit("talks").state is ContactState.CONNECTED
    assert floor.desk("8001").work is Work.TALKING
    floor.tell(AgentHungUp(reservation=reservation))
    ended = floor.last(EndVisit)
    assert (ended.disposition, ended.talked_s) == (
        Disposition.HANDLED,
        floor.now - (joined_at or 0),
    )


def test_an_answer_that_was_being_joined_when_we_died_can_be_adopted_or_waited_on() -> None:
    for claim in ("adopt", "ask"):
        floor = Floor(roster({"8001": ("general",)}))
        floor.ready("8001")
        floor.calls("c1")
        reservation = floor.reservation()
        floor.tell(OfferAnswered(reservation=reservation))
        said = floor.tell(EngineRestarted())
        assert HangUpAgent(reservation=reservation) not in said, "they may hear each other already"
        if claim == "adopt":
            floor.tell(
                ConversationAdopted(
                    contact=ContactId("c1"),
                    reservation=reservation,
                    agent=AgentId("8001"),
                    since=floor.now,
                )
            )
            floor.wait(60)
            assert floor.visit("c1").state is ContactState.CONNECTED
        else:
            floor.calls("c1")
            assert HangUpAgent(reservation=reservation) in floor.commands
            assert floor.rings() == ("8001", "c1")


def test_a_conversation_is_adopted_even_when_the_past_is_lost() -> None:
    floor = Floor(roster({"8001": ("general",)}))
    for agent in ("8001", "8099"):
        talk = ConversationAdopted(
            contact=ContactId(f"c-{agent}"),
            reservation=ReservationId(f"r-{agent}"),
            agent=AgentId(agent),
            since=floor.now - 60,
        )
        floor.tell(talk)
        assert floor.desk(agent).work is Work.TALKING
        assert isinstance(floor.tell(talk)[-1], CountLate), "told twice, it is taken up once"
        floor.tell(AgentHungUp(reservation=talk.reservation))
        assert floor.last(EndVisit).talked_s == 60
    assert floor.desk("8001").presence is Presence.AVAILABLE
    assert floor.router.desk(AgentId("8099")) is None, "whom nobody configured goes when free"


def test_an_adopted_conversation_voids_an_offer_made_meanwhile_to_its_agent() -> None:
    floor = Floor(roster({"8001": ("general",)}))
    floor.ready("8001")
    floor.calls("c1")
    offered = floor.reservation()
    floor.tell(
        ConversationAdopted(
            contact=ContactId("talks"),
            reservation=ReservationId("r1"),
            agent=AgentId("8001"),
            since=floor.now - 60,
        )
    )
    assert HangUpAgent(reservation=offered) in floor.commands
    assert floor.position("c1") == 1
    assert floor.desk("8001").reservation == "r1"


def test_what_telephones_did_by_themselves_is_forgotten_by_a_restart() -> None:
    floor = Floor(roster({"8001": ("general",), "8002": ("general",)}))
    floor.ready("8001", "8002")
    floor.tell(PhoneSeized(agent=AgentId("8001")))
    floor.tell(OutsideCallBegan(agent=AgentId("8002")))
    floor.tell(EngineRestarted())
    assert floor.desk("8001").offerable
    assert floor.desk("8002").offerable


def test_a_contact_whose_conversation_is_another_than_was_known_follows_the_softswitch() -> None:
    floor = Floor(roster({"8001": ("general",), "8002": ("general",)}))
    floor.ready("8001", "8002")
    before = floor.talk("c1")
    floor.tell(EngineRestarted())
    floor.tell(
        ConversationAdopted(
            contact=ContactId("c1"),
            reservation=ReservationId("another"),
            agent=AgentId("8002"),
            since=floor.now,
        )
    )
    assert HangUpAgent(reservation=before) in floor.commands
    assert floor.desk("8001").work is Work.ACW
    assert floor.desk("8002").reservation == "another"


def test_an_adopted_conversation_of_an_agent_who_talks_with_another_is_counted_and_left() -> None:
    floor = Floor(roster({"8001": ("general",)}))
    floor.ready("8001")
    floor.talk("c1")
    said = floor.tell(
        ConversationAdopted(
            contact=ContactId("c2"),
            reservation=ReservationId("another"),
            agent=AgentId("8001"),
            since=floor.now,
        )
    )
    assert [type(command) for command in said] == [CountLate]
    assert floor.visit("c1").state is ContactState.CONNECTED
