import pytest

from acd.agent_states import Work
from acd.commands import CallContact, ConnectContact, CountLate, EndVisit, HangUpAgent, RingAgent
from acd.contact_states import ContactState
from acd.events import (
    AgentHungUp,
    AgentLoggedIn,
    AgentLoggedOut,
    CallbackCanceled,
    CallbackFailed,
    CallbackRequested,
    ContactJoined,
    ContactLeft,
    ContactQueued,
    ConversationAdopted,
    EngineRestarted,
    JoinFailed,
    OfferAnswered,
    OfferRang,
)
from acd.model import (
    AgentId,
    CallbackRules,
    ContactId,
    Disposition,
    LeaveCause,
    OverflowCause,
    OverflowRule,
    Pick,
    Queue,
    ReservationId,
    Step,
    TimerKind,
)
from acd.requirements import ANYBODY, parse_requirement
from acd.router import Router
from tests.unit.acd.floor import GENERAL, TRADING, Floor, roster
from tests.unit.acd.waiters import asks, skilled

pytestmark = pytest.mark.unit

NUMBER = "13800138000"
RULES = CallbackRules(attempts=3, retry_after_s=300, answer_timeout_s=25, keep_s=7200)
QUEUE = Queue(name=GENERAL, callback=RULES, wrap_up_s=0)


@pytest.fixture
def floor() -> Floor:
    """Two callers wait; nobody is ready."""
    floor = Floor(roster({"8001": ("general",), "8002": ("general",)}, (QUEUE,)))
    floor.tell(AgentLoggedIn(agent=AgentId("8001")))
    asks(floor, "c1", number=NUMBER)
    floor.wait(10)
    asks(floor, "c2")
    return floor


def requests(floor: Floor, contact: str, callback: str, number: str = NUMBER) -> None:
    floor.tell(
        CallbackRequested(contact=ContactId(contact), callback=ContactId(callback), number=number)
    )


def dialling(floor: Floor) -> ReservationId:
    """Let ``c1`` be called back as ``cb``: 8001 has answered and the customer is being dialled."""
    requests(floor, "c1", "cb")
    floor.ready("8001")
    reservation = floor.reservation()
    floor.tell(OfferRang(reservation=reservation))
    floor.tell(OfferAnswered(reservation=reservation))
    return reservation


def ended(floor: Floor) -> dict[str, Disposition]:
    return floor.dispositions()


def test_a_callback_takes_exactly_the_place_of_the_caller(floor: Floor) -> None:
    before = floor.visit("c1")
    requests(floor, "c1", "cb")
    after = floor.visit("cb")
    assert ended(floor) == {"c1": Disposition.CALLBACK_REGISTERED}
    assert (after.place, after.enqueued_at) == (before.place, before.enqueued_at)
    assert floor.router.line(GENERAL) == ("cb", "c2")


def test_the_agent_is_reserved_and_answers_before_the_customer_is_dialled(floor: Floor) -> None:
    requests(floor, "c1", "cb")
    floor.ready("8001")
    ring = floor.last(RingAgent)
    assert (ring.contact, ring.callback, ring.waited_s) == ("cb", True, 10)
    assert not floor.all(CallContact)
    floor.tell(OfferAnswered(reservation=ring.reservation))
    assert floor.last(CallContact) == CallContact(
        reservation=ring.reservation,
        contact=ContactId("cb"),
        agent=AgentId("8001"),
        number=NUMBER,
        answer_timeout_s=25,
    )
    assert not floor.all(ConnectContact)


def test_a_customer_who_answers_is_served_and_counted_as_called_back(floor: Floor) -> None:
    reservation = dialling(floor)
    floor.wait(5)
    floor.tell(ContactJoined(reservation=reservation))
    floor.wait(60)
    floor.tell(AgentHungUp(reservation=reservation))
    last = floor.last(EndVisit)
    assert (last.contact, last.disposition, last.callback) == ("cb", Disposition.HANDLED, True)
    assert last.talked_s == 60
    assert floor.router.callback(GENERAL, NUMBER) is None


@pytest.mark.parametrize("by", ["report", "join", "silence"])
def test_who_does_not_come_to_the_telephone_is_called_again_from_the_same_place(
    floor: Floor, by: str
) -> None:
    place = floor.visit("c1").place
    reservation = dialling(floor)
    match by:
        case "report":
            floor.tell(CallbackFailed(reservation=reservation, cause="busy"))
        case "join":
            floor.tell(JoinFailed(reservation=reservation))
        case _:
            floor.wait(25 + 30)
    assert HangUpAgent(reservation=reservation) in floor.commands
    assert floor.rings() == ("8001", "c2"), "free at once, without wrap-up or rest, for the next"
    floor.talk()
    floor.leaves("c2")
    visit = floor.visit("cb")
    assert (visit.parked, visit.attempts, visit.place) == (True, 1, place)
    floor.wait(299)
    assert floor.desk("8001").work is Work.IDLE
    floor.wait(1)
    assert floor.rings() == ("8001", "cb")


def test_after_the_last_attempt_the_callback_is_given_up(floor: Floor) -> None:
    floor.leaves("c2")
    reservation = dialling(floor)
    for attempt in range(1, 4):
        floor.tell(CallbackFailed(reservation=reservation, cause="no answer"))
        if attempt < 3:
            floor.wait(300)
            reservation = floor.reservation()
            floor.tell(OfferAnswered(reservation=reservation))
    assert ended(floor)["cb"] is Disposition.CALLBACK_FAILED
    assert len(floor.all(CallContact)) == 3
    assert floor.router.timers() == ()
    assert floor.desk("8001").offerable


def test_a_number_is_called_back_once_and_the_better_place_stays(floor: Floor) -> None:
    first, second = floor.visit("c1"), floor.visit("c2")
    requests(floor, "c2", "cb2")
    assert floor.visit("cb2").place == second.place
    requests(floor, "c1", "cb1")
    assert floor.router.visit(ContactId("cb1")) is None
    assert (floor.visit("cb2").place, floor.visit("cb2").enqueued_at) == (
        first.place,
        first.enqueued_at,
    )
    asks(floor, "c3")
    requests(floor, "c3", "cb3")
    assert floor.visit("cb2").place == first.place, "a worse place changes nothing"
    assert floor.router.line(GENERAL) == ("cb2",)
    requested = [d for d in ended(floor).values()]
    assert requested == [Disposition.CALLBACK_REGISTERED] * 3


def test_a_better_place_does_not_cost_a_callback_the_step_its_wait_has_earned() -> None:
    steps = (Step(after_s=0, needs=parse_requirement("en")), Step(after_s=30, needs=ANYBODY))
    floor = Floor(skilled(Queue(name=GENERAL, band=2, steps=steps, callback=RULES), a8001=""))
    floor.tell(AgentLoggedIn(agent=AgentId("8001")))
    asks(floor, "c1")
    requests(floor, "c1", "cb")
    floor.wait(30)
    asks(floor, "c2", band=1)
    requests(floor, "c2", "cb2")
    assert (floor.visit("cb").place.band, floor.visit("cb").step) == (1, 1)
    floor.ready("8001")
    assert floor.rings() == ("8001", "cb")


def test_other_numbers_and_other_queues_are_called_back_besides() -> None:
    queues = (QUEUE, Queue(name=TRADING, callback=RULES))
    floor = Floor(roster({"8001": ("general", "trading")}, queues))
    floor.tell(AgentLoggedIn(agent=AgentId("8001")))
    for contact, queue, number in (("a", GENERAL, "1"), ("b", GENERAL, "2"), ("c", TRADING, "1")):
        floor.calls(contact, queue)
        requests(floor, contact, f"cb-{contact}", number)
    assert {visit.contact for visit in floor.router.visits()} == {"cb-a", "cb-b", "cb-c"}


def test_a_request_while_the_telephone_rings_withdraws_the_offer_and_keeps_the_agent(
    floor: Floor,
) -> None:
    floor.ready("8001")
    ringing = floor.reservation()
    requests(floor, "c1", "cb")
    assert HangUpAgent(reservation=ringing) in floor.commands
    assert floor.rings() == ("8001", "cb")


def test_a_request_that_comes_too_late_or_is_not_allowed_changes_nothing(floor: Floor) -> None:
    floor.ready("8001")
    floor.talk()
    plain = Floor(roster({"8001": ("general",)}))
    plain.tell(AgentLoggedIn(agent=AgentId("8001")))
    plain.calls("c1")
    for at, contact in ((floor, "c1"), (floor, "gone"), (plain, "c1")):
        before = at.router.snapshot()
        requests(at, contact, "cb")
        assert isinstance(at.commands[-1], CountLate)
        assert at.router.snapshot() == before


def test_a_callback_that_is_not_wanted_any_more_is_forgotten(floor: Floor) -> None:
    reservation = dialling(floor)
    floor.tell(CallbackCanceled(number=NUMBER, queue=GENERAL))
    assert ended(floor)["cb"] is Disposition.CALLBACK_CANCELED
    assert HangUpAgent(reservation=reservation) in floor.commands
    assert floor.rings() == ("8001", "c2")
    assert isinstance(floor.tell(CallbackCanceled(number=NUMBER, queue=GENERAL))[-1], CountLate)


def test_an_agent_who_hangs_up_while_the_customer_is_dialled_costs_no_attempt(
    floor: Floor,
) -> None:
    floor.leaves("c2")
    reservation = dialling(floor)
    floor.ready("8002")
    floor.tell(AgentHungUp(reservation=reservation))
    assert floor.rings() == ("8002", "cb")
    assert floor.visit("cb").attempts == 0


def test_reports_of_a_dialling_that_is_over_are_late(floor: Floor) -> None:
    reservation = dialling(floor)
    floor.tell(CallbackFailed(reservation=reservation, cause="busy"))
    before = floor.router.snapshot()
    for report in (
        CallbackFailed(reservation=reservation, cause="busy"),
        ContactJoined(reservation=reservation),
        JoinFailed(reservation=reservation),
        CallbackFailed(reservation=ReservationId("never"), cause="busy"),
    ):
        assert [type(said) for said in floor.tell(report)] == [CountLate]
    assert floor.router.snapshot() == before


def test_a_failure_told_of_a_caller_who_is_on_the_line_is_late(floor: Floor) -> None:
    floor.ready("8001")
    floor.tell(OfferAnswered(reservation=floor.reservation()))
    said = floor.tell(CallbackFailed(reservation=floor.reservation(), cause="busy"))
    assert [type(command) for command in said] == [CountLate]
    assert floor.visit("c1").state is ContactState.CONNECTING


def test_nobody_waits_on_the_line_so_staff_and_hours_of_overflow_do_not_touch_a_callback() -> None:
    overflow = (OverflowRule(cause=OverflowCause.WAIT, limit=60),)
    queue = Queue(name=GENERAL, callback=RULES, overflow=overflow)
    floor = Floor(roster({"8001": ("general",)}, (queue,)))
    floor.tell(AgentLoggedIn(agent=AgentId("8001")))
    floor.calls("c1")
    requests(floor, "c1", "cb")
    floor.tell(AgentLoggedOut(agent=AgentId("8001")))
    floor.wait(3600)
    floor.ready("8001")
    assert floor.rings() == ("8001", "cb")


def test_a_callback_that_can_never_be_made_is_given_up_in_the_end(floor: Floor) -> None:
    requests(floor, "c1", "cb")
    floor.tell(AgentLoggedOut(agent=AgentId("8001")))
    floor.wait(7199)
    assert "cb" not in ended(floor)
    floor.wait(1)
    assert ended(floor)["cb"] is Disposition.CALLBACK_FAILED


def test_callbacks_that_wait_survive_a_restart_without_a_claim(floor: Floor) -> None:
    requests(floor, "c1", "cb")
    place = floor.visit("cb").place
    floor.router = rebuilt(floor)
    floor.tell(EngineRestarted())
    assert floor.visit("cb").claimed
    floor.ready("8001")
    assert floor.rings() == ("8001", "cb")
    floor.wait(20)
    assert ended(floor)["c2"] is Disposition.LOST
    assert floor.visit("cb").place == place


def test_a_callback_that_was_being_dialled_at_a_restart_waits_on_unless_they_talk(
    floor: Floor,
) -> None:
    reservation = dialling(floor)
    floor.tell(EngineRestarted())
    floor.wait(15)
    assert HangUpAgent(reservation=reservation) in floor.commands
    assert floor.rings() == ("8001", "cb"), "nobody claimed a conversation, so it is tried again"
    assert "cb" not in ended(floor)
    assert floor.reservation() != reservation
    reservation = floor.reservation()
    floor.tell(OfferAnswered(reservation=reservation))
    floor.tell(EngineRestarted())
    floor.tell(
        ConversationAdopted(
            contact=ContactId("cb"),
            reservation=reservation,
            agent=AgentId("8001"),
            since=floor.now,
        )
    )
    floor.wait(60)
    assert floor.visit("cb").state is ContactState.CONNECTED


def test_a_dialling_that_is_told_to_have_failed_after_a_restart_needs_no_claim(
    floor: Floor,
) -> None:
    reservation = dialling(floor)
    floor.tell(EngineRestarted())
    floor.tell(CallbackFailed(reservation=reservation, cause="busy"))
    assert floor.visit("cb").claimed
    floor.wait(20)
    assert (floor.visit("cb").parked, floor.visit("cb").attempts) == (True, 1)


def test_a_customer_who_was_called_back_and_lost_the_agent_waits_on_the_line(
    floor: Floor,
) -> None:
    reservation = dialling(floor)
    floor.tell(ContactJoined(reservation=reservation))
    floor.tell(EngineRestarted())
    floor.tell(ContactQueued(contact=ContactId("cb"), queue=GENERAL, enqueued_at=floor.now))
    assert floor.rings() == ("8001", "cb")
    floor.tell(OfferAnswered(reservation=floor.reservation()))
    assert floor.last(ConnectContact).contact == "cb", "who is on the line is not dialled"


def test_a_parked_callback_is_the_same_in_a_router_rebuilt_from_a_snapshot(floor: Floor) -> None:
    reservation = dialling(floor)
    floor.tell(CallbackFailed(reservation=reservation, cause="busy"))
    copy = rebuilt(floor)
    assert copy.snapshot() == floor.router.snapshot()
    assert copy.callback(GENERAL, NUMBER) == floor.router.callback(GENERAL, NUMBER)
    floor.router = copy
    floor.tell(AgentLoggedOut(agent=AgentId("8001")))
    floor.wait(300)
    assert not floor.visit("cb").parked


def test_a_customer_who_hangs_up_before_hearing_the_agent_has_left(floor: Floor) -> None:
    reservation = dialling(floor)
    floor.tell(ContactLeft(contact=ContactId("cb"), cause=LeaveCause.CALLER_GONE))
    assert ended(floor)["cb"] is Disposition.ABANDONED
    assert HangUpAgent(reservation=reservation) in floor.commands
    assert not [t for t in floor.router.timers() if t.key.kind is TimerKind.CALLBACK_RETRY]


def test_of_several_agents_who_are_rung_for_a_callback_only_the_first_is_kept() -> None:
    queue = Queue(name=GENERAL, callback=RULES, pick=Pick.RING_ALL)
    floor = Floor(roster({"8001": ("general",), "8002": ("general",)}, (queue,)))
    for agent in ("8001", "8002"):
        floor.tell(AgentLoggedIn(agent=AgentId(agent)))
    asks(floor, "c1")
    requests(floor, "c1", "cb")
    floor.ready("8001", "8002")
    floor.tell(CallbackCanceled(number=NUMBER, queue=GENERAL))
    asks(floor, "c2")
    requests(floor, "c2", "cb2")
    first, second = (ring.reservation for ring in floor.all(RingAgent)[-2:])
    floor.tell(OfferAnswered(reservation=first))
    assert HangUpAgent(reservation=second) in floor.commands
    assert floor.desk("8002").offerable
    floor.tell(CallbackFailed(reservation=first, cause="busy"))
    assert (floor.visit("cb2").parked, floor.visit("cb2").rivals) == (True, ())
    assert floor.desk("8001").offerable


def rebuilt(floor: Floor) -> Router:
    copy = Router()
    for event in floor.router.snapshot():
        copy.handle(event, floor.now)
    return copy
