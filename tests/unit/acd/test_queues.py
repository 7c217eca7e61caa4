from dataclasses import replace

import pytest

from acd.commands import EndVisit, HangUpAgent, RingAgent
from acd.contact_states import ContactState
from acd.events import (
    AgentGotNotReady,
    AgentHungUp,
    AgentLoggedOut,
    ContactQueued,
    OfferRang,
    OfferRefused,
)
from acd.model import (
    AgentId,
    ContactId,
    Disposition,
    OfferOutcome,
    Queue,
    QueueName,
    personal_queue,
)
from tests.unit.acd.floor import GENERAL, TRADING, Floor, roster

pytestmark = pytest.mark.unit

QUEUES = (Queue(name=GENERAL), Queue(name=TRADING, wrap_up_s=0))
AGENTS: dict[str, tuple[str, ...]] = {"8001": ("general", "trading"), "8002": ("trading",)}


@pytest.fixture
def floor() -> Floor:
    return Floor(roster(AGENTS, QUEUES))


def test_a_queue_without_anybody_logged_in_sends_its_callers_on(floor: Floor) -> None:
    floor.calls("c1")
    assert floor.last(EndVisit).disposition is Disposition.NOBODY
    assert floor.router.visit(ContactId("c1")) is None


def test_when_the_last_agent_logs_out_those_who_wait_are_sent_on(floor: Floor) -> None:
    floor.ready("8001", "8002")
    floor.talk("busy")
    floor.calls("c1")
    floor.calls("c2", "trading")
    floor.calls("c3", "trading")
    floor.tell(AgentLoggedOut(agent=AgentId("8002")))
    floor.tell(AgentLoggedOut(agent=AgentId("8001")))
    assert not floor.all(EndVisit), "the agent who talks is there until the end of the talk"
    floor.leaves("busy")
    ended = floor.dispositions()
    assert ended["c1"] is Disposition.NOBODY
    assert "c2" not in ended, "the offer to 8002 still rings"
    ringing = floor.visit("c2").reservation
    assert ringing is not None
    floor.tell(OfferRefused(reservation=ringing, outcome=OfferOutcome.REJECTED))
    ended = floor.dispositions()
    assert (ended["c2"], ended["c3"]) == (Disposition.NOBODY, Disposition.NOBODY)


def test_a_queue_may_be_told_to_keep_its_callers_while_nobody_is_there() -> None:
    floor = Floor(roster({"8001": ("general",)}, (Queue(name=GENERAL, waits_unstaffed=True),)))
    floor.calls("c1")
    assert floor.position("c1") == 1
    floor.ready("8001")
    assert floor.rings() == ("8001", "c1")


def test_an_unknown_queue_ends_the_visit_at_once(floor: Floor) -> None:
    floor.calls("c1", "no-such-queue")
    assert floor.last(EndVisit).disposition is Disposition.UNKNOWN


def test_an_agent_who_is_asked_for_by_number_serves_that_caller_alone(floor: Floor) -> None:
    floor.ready("8001", "8002")
    floor.talk("busy", "trading")
    floor.calls("c1", personal_queue(AgentId("8001")))
    assert len(floor.all(RingAgent)) == 1, "8002 is free, but was not asked for"
    floor.leaves("busy")
    assert floor.rings() == ("8001", "c1")


def test_an_agent_who_is_not_ready_can_be_waited_for_by_number(floor: Floor) -> None:
    floor.ready("8001")
    floor.tell(AgentGotNotReady(agent=AgentId("8001"), reason="meal"))
    floor.calls("c1", personal_queue(AgentId("8001")))
    assert floor.position("c1") == 1
    floor.calls("c2", personal_queue(AgentId("8002")))
    assert floor.last(EndVisit).disposition is Disposition.NOBODY


def test_who_waited_longest_in_any_of_an_agents_queues_comes_first(floor: Floor) -> None:
    floor.ready("8001")
    floor.talk("busy", "trading")
    floor.calls("t1", "trading")
    floor.now += 1
    floor.calls("g1")
    floor.now += 1
    floor.calls("p1", personal_queue(AgentId("8001")))
    served = []
    floor.leaves("busy")
    for _ in range(3):
        served.append(floor.rings()[1])
        floor.leaves(served[-1])
    assert served == ["t1", "g1", "p1"]


def test_a_smaller_band_is_served_first_and_a_head_start_counts_as_waited() -> None:
    queues = (Queue(name=GENERAL), Queue(name=TRADING, band=0))
    floor = Floor(roster({"8001": ("general", "trading")}, queues))
    floor.ready("8001")
    floor.talk("busy")
    floor.calls("g1")
    floor.wait(100)
    floor.tell(
        ContactQueued(
            contact=ContactId("g2"), queue=GENERAL, enqueued_at=floor.now, head_start_s=200
        )
    )
    floor.calls("t1", "trading")
    assert (floor.position("g2"), floor.position("g1")) == (1, 2)
    floor.leaves("busy")
    floor.wait(20)
    assert floor.rings() == ("8001", "t1")


def test_a_change_of_the_roster_that_changes_nothing_says_nothing(floor: Floor) -> None:
    floor.ready("8001")
    floor.talk("c1")
    floor.calls("c2")
    before = floor.router.snapshot()
    assert floor.tell(roster(AGENTS, QUEUES)) == []
    assert floor.router.snapshot() == before


def test_an_agent_taken_off_the_roster_finishes_the_conversation_and_is_gone(floor: Floor) -> None:
    floor.ready("8001", "8002")
    reservation = floor.talk("c1", "trading")
    agent = floor.rings()[0]
    floor.tell(roster({"8002": ("trading",)}, QUEUES))
    assert floor.visit("c1").state is ContactState.CONNECTED
    floor.tell(AgentHungUp(reservation=reservation))
    assert floor.router.desk(AgentId(agent)) is None
    assert floor.router.staff(GENERAL) == 0


def test_a_free_agent_taken_off_the_roster_is_gone_at_once_and_can_come_back(floor: Floor) -> None:
    floor.ready("8001", "8002")
    floor.tell(roster({"8002": ("trading",)}, QUEUES))
    assert floor.router.desk(AgentId("8001")) is None
    floor.tell(roster(AGENTS, QUEUES))
    floor.calls("c1")
    assert floor.last(EndVisit).disposition is Disposition.NOBODY
    floor.ready("8001")
    floor.calls("c2")
    assert floor.rings() == ("8001", "c2")


def test_a_queue_taken_off_the_roster_sends_its_callers_on_but_not_those_who_talk(
    floor: Floor,
) -> None:
    floor.ready("8001", "8002")
    floor.talk("talks", "trading")
    floor.calls("rings", "trading")
    reservation = floor.reservation()
    floor.tell(OfferRang(reservation=reservation))
    floor.calls("waits", "trading")
    floor.tell(roster(AGENTS, (Queue(name=GENERAL),)))
    ended = floor.dispositions()
    assert ended == {"rings": Disposition.REMOVED, "waits": Disposition.REMOVED}
    assert HangUpAgent(reservation=reservation) in floor.commands
    assert floor.visit("talks").state is ContactState.CONNECTED


def test_a_new_agent_and_a_new_band_take_effect_on_those_who_wait_already(floor: Floor) -> None:
    floor.ready("8001")
    floor.talk("busy")
    floor.calls("g1")
    floor.now += 5
    floor.calls("t1", "trading")
    raised = (QUEUES[0], replace(QUEUES[1], band=0))
    floor.tell(roster({**AGENTS, "8003": ("general", "trading")}, raised))
    floor.ready("8003")
    assert floor.rings() == ("8003", "t1")


def test_a_contact_that_is_told_twice_is_there_once(floor: Floor) -> None:
    floor.ready("8001")
    floor.talk("busy")
    floor.calls("c1")
    floor.calls("c1")
    assert floor.router.line(QueueName("general")) == ("c1",)


def test_agents_who_come_to_a_queue_together_take_its_callers_in_order() -> None:
    waits = (Queue(name=GENERAL, waits_unstaffed=True),)
    names = ("8001", "8002", "8003")
    floor = Floor(roster(dict.fromkeys(names, ()), waits))
    floor.ready(*names)
    for contact in ("c1", "c2", "c3", "c4"):
        floor.calls(contact)
    floor.tell(roster(dict.fromkeys(names, ("general",)), waits))
    assert [(ring.agent, ring.contact) for ring in floor.all(RingAgent)] == [
        ("8001", "c1"),
        ("8002", "c2"),
        ("8003", "c3"),
    ]


def test_an_agent_who_is_put_back_on_the_roster_during_a_conversation_stays(floor: Floor) -> None:
    floor.ready("8001")
    reservation = floor.talk("c1")
    floor.tell(roster({"8002": ("trading",)}, QUEUES))
    floor.tell(roster(AGENTS, QUEUES))
    floor.tell(AgentHungUp(reservation=reservation))
    assert floor.desk("8001").queues >= {"general", "trading"}
