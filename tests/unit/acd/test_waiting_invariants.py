from functools import partial
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from acd.agent_states import PresenceTrigger
from acd.calendars import Hours, Span
from acd.contact_states import PENDING, ContactState
from acd.events import (
    AgentForced,
    AgentGotNotReady,
    AgentGotReady,
    AgentHungUp,
    AgentLoggedIn,
    AgentLoggedOut,
    CallbackCanceled,
    CallbackFailed,
    CallbackRequested,
    ContactJoined,
    ContactLeft,
    ContactMoved,
    ContactQueued,
    ConversationAdopted,
    EngineRestarted,
    JoinFailed,
    OfferAnswered,
    OfferRang,
    OfferRefused,
    PhoneAppeared,
    PhoneVanished,
    RosterChanged,
    TimerExpired,
    WrapUpEnded,
)
from acd.model import (
    Ageing,
    AgentId,
    CallbackRules,
    ContactId,
    LeaveCause,
    OfferOutcome,
    OverflowCause,
    OverflowRule,
    Pick,
    Queue,
    QueueName,
    Step,
    personal_queue,
)
from acd.requirements import ANYBODY, parse_requirement
from acd.router import Router
from acd.state import Reservation, Visit
from tests.unit.acd.estimated import EstimatedFloor
from tests.unit.acd.floor import GENERAL, TRADING
from tests.unit.acd.lobby import Lobby
from tests.unit.acd.promises import waits_are_honest
from tests.unit.acd.waiters import skilled

pytestmark = pytest.mark.unit

C = OverflowCause
NIGHT = QueueName("night")
# The floor opens at epoch second 1000, which is 00:16:40 in UTC.
OPENING = Hours(zone="UTC", weekly=((Span(opens_min=17, closes_min=19),),) * 7)
STEPS = (
    Step(after_s=0, needs=parse_requirement("trading >= 2")),
    Step(after_s=15, needs=parse_requirement("trading")),
    Step(after_s=40, needs=ANYBODY),
)
CALLBACK = CallbackRules(attempts=2, retry_after_s=20, answer_timeout_s=10, keep_s=300)
QUEUES = (
    Queue(
        name=GENERAL,
        band=4,
        steps=STEPS,
        ageing=Ageing(promote_after_s=12, best_band=1),
        overflow=(
            OverflowRule(cause=C.SIZE, limit=3, to=TRADING),
            OverflowRule(cause=C.WAIT, limit=70, to=NIGHT),
            OverflowRule(cause=C.WAIT, limit=150),
        ),
        callback=CALLBACK,
        wrap_up_s=5,
    ),
    Queue(
        name=TRADING,
        band=2,
        head_start_s=20,
        overflow=(
            OverflowRule(cause=C.WAIT, limit=30, to=GENERAL),
            OverflowRule(cause=C.UNSTAFFED, to=NIGHT),
        ),
        callback=CALLBACK,
        wrap_up_s=0,
    ),
    Queue(
        name=NIGHT,
        pick=Pick.RING_ALL,
        hours=OPENING,
        closes_on_waiting=True,
        waits_unstaffed=True,
        overflow=(OverflowRule(cause=C.CLOSED, to=GENERAL),),
        callback=CALLBACK,
    ),
)
RELAXED = (
    Queue(name=GENERAL, band=3, callback=CALLBACK, pick=Pick.RING_ALL),
    Queue(name=TRADING, steps=STEPS, steps_replace=True, waits_unstaffed=True),
    Queue(name=NIGHT, overflow=(OverflowRule(cause=C.SIZE, limit=2),)),
)
AGENTS = {"a8001": "trading=3", "a8002": "trading=1 en", "a8003": "en", "a8004": ""}
ROSTERS = (skilled(*QUEUES, **AGENTS), skilled(*RELAXED, **AGENTS))
AGENT_IDS = tuple(AgentId(name.removeprefix("a")) for name in AGENTS)
QUEUE_NAMES = (GENERAL, TRADING, NIGHT, personal_queue(AgentId("8001")))
NUMBERS = ("", "111", "222")

DOINGS = (
    AgentGotReady,
    AgentGotReady,
    AgentLoggedOut,
    WrapUpEnded,
    PhoneVanished,
    PhoneAppeared,
    partial(AgentGotNotReady, reason="meal"),
)

FORCED = (PresenceTrigger.GET_READY, PresenceTrigger.GO_NOT_READY, PresenceTrigger.LOG_OUT)

picks = st.randoms(use_true_random=False)
agents = st.sampled_from(AGENT_IDS)
queues = st.sampled_from(QUEUE_NAMES)
needs = st.sampled_from(("", "en", "trading and en", "nobody")).map(parse_requirement)


class Waiters(RuleBasedStateMachine):
    """Everything that can happen to those who wait, in any order."""

    @initialize()
    def open_the_floor(self) -> None:
        self.floor = EstimatedFloor(ROSTERS[0])
        self.lobby = Lobby(self.floor)
        self.arrivals = 0
        for agent in AGENT_IDS[:3]:
            self.lobby.tell(AgentLoggedIn(agent=agent, ready=True))

    @rule(
        queue=queues,
        needs=needs,
        prefers=st.lists(agents, max_size=2, unique=True).map(tuple),
        prefers_needs=st.sampled_from(("", "trading >= 3", "en")).map(parse_requirement),
        prefers_for_s=st.sampled_from((0.0, 8.0, 100.0)),
        band=st.sampled_from((None, None, 0, 6)),
        waited_s=st.sampled_from((0.0, 0.0, 14.0, 90.0)),
        number=st.sampled_from(NUMBERS),
    )
    def a_caller_asks(self, waited_s: float, **fields: object) -> None:
        self.arrivals += 1
        self.lobby.tell(
            ContactQueued(
                contact=ContactId(f"c{self.arrivals}"),
                enqueued_at=self.floor.now - waited_s,
                **fields,  # type: ignore[arg-type]
            )
        )

    @rule(pick=picks, cause=st.sampled_from(LeaveCause))
    def a_caller_leaves(self, pick: Random, cause: LeaveCause) -> None:
        visit = self.any_visit(pick)
        if visit is not None:
            self.lobby.tell(ContactLeft(contact=visit.contact, cause=cause))

    @rule(
        pick=picks,
        to=st.one_of(st.none(), queues, agents),
        band=st.sampled_from((None, 0, 3, 9)),
        head_start_s=st.sampled_from((None, 0.0, 30.0)),
    )
    def a_supervisor_moves_a_contact(
        self, pick: Random, to: str | None, band: int | None, head_start_s: float | None
    ) -> None:
        visit = self.any_visit(pick)
        if visit is not None:
            to_agent = to in AGENT_IDS
            self.lobby.tell(
                ContactMoved(
                    contact=visit.contact,
                    by="lead",
                    agent=AgentId(str(to)) if to_agent else None,
                    queue=None if to_agent or to is None else QueueName(to),
                    band=band,
                    head_start_s=head_start_s,
                )
            )

    @rule(pick=picks, number=st.sampled_from(NUMBERS))
    def a_caller_wants_to_be_called_back(self, pick: Random, number: str) -> None:
        visit = self.any_visit(pick, ContactState.QUEUED)
        if visit is not None:
            self.arrivals += 1
            callback = ContactId(f"cb{self.arrivals}")
            self.lobby.tell(
                CallbackRequested(contact=visit.contact, callback=callback, number=number)
            )

    @rule(then=st.sampled_from(("joins", "fails", "fails", "")))
    def a_customer_is_called_back(self, then: str) -> None:
        """Whoever of the agents can take a callback does, and dials."""
        for agent in AGENT_IDS:
            self.lobby.tell(AgentGotReady(agent=agent))
        for offer in self.floor.router.offers():
            visit = self.floor.router.visit(offer.contact)
            if visit is not None and visit.callback and offer.outcome == PENDING:
                self.lobby.tell(OfferAnswered(reservation=offer.id))
                if then == "joins":
                    self.lobby.tell(ContactJoined(reservation=offer.id))
                elif then == "fails":
                    self.lobby.tell(CallbackFailed(reservation=offer.id, cause="busy"))

    @rule(queue=queues, number=st.sampled_from(NUMBERS))
    def a_callback_is_canceled(self, queue: QueueName, number: str) -> None:
        self.lobby.tell(CallbackCanceled(queue=queue, number=number))

    @rule(pick=picks, then=st.sampled_from(("", "joins", "joins", "fails", "fails", "hangs up")))
    def an_agent_answers(self, pick: Random, then: str) -> None:
        """What follows is as likely of a callback as of a caller on the line."""
        offer = self.any_offer(pick, PENDING)
        if offer is None:
            return
        self.lobby.tell(OfferRang(reservation=offer.id))
        self.lobby.tell(OfferAnswered(reservation=offer.id))
        match then:
            case "joins":
                self.lobby.tell(ContactJoined(reservation=offer.id))
            case "fails":
                self.lobby.tell(CallbackFailed(reservation=offer.id, cause="busy"))
            case "hangs up":
                self.lobby.tell(AgentHungUp(reservation=offer.id))

    @rule(pick=picks, outcome=st.sampled_from((OfferOutcome.REJECTED, OfferOutcome.BUSY)))
    def an_agent_refuses(self, pick: Random, outcome: OfferOutcome) -> None:
        offer = self.any_offer(pick)
        if offer is not None:
            self.lobby.tell(OfferRefused(reservation=offer.id, outcome=outcome))

    @rule(pick=picks, event=st.sampled_from((AgentHungUp, JoinFailed, ContactJoined)))
    def something_is_told_of_a_conversation(self, pick: Random, event: type[JoinFailed]) -> None:
        offer = self.any_offer(pick)
        if offer is not None:
            self.lobby.tell(event(reservation=offer.id))

    @rule(agent=agents, event=st.sampled_from(DOINGS))
    def an_agent_does_something(self, agent: AgentId, event: type[AgentGotReady]) -> None:
        self.lobby.tell(event(agent=agent))

    @rule(agent=agents, presence=st.sampled_from(FORCED))
    def a_supervisor_forces_an_agent(self, agent: AgentId, presence: PresenceTrigger) -> None:
        self.lobby.tell(AgentForced(agent=agent, presence=presence, reason="order", by="lead"))

    @rule(agent=agents, ready=st.sampled_from((True, True, False)))
    def an_agent_comes(self, agent: AgentId, ready: bool) -> None:
        self.lobby.tell(AgentLoggedIn(agent=agent, ready=ready))

    @rule(seconds=st.sampled_from((0.0, 1.0, 6.0, 20.0, 60.0)))
    def time_passes(self, seconds: float) -> None:
        until = self.floor.now + seconds
        while due := [timer for timer in self.floor.router.timers() if timer.at <= until]:
            timer = min(due, key=lambda timer: (timer.at, timer.generation))
            self.floor.now = max(self.floor.now, timer.at)
            self.lobby.tell(TimerExpired(key=timer.key, generation=timer.generation))
        self.floor.now = until

    @rule(given=st.sampled_from(ROSTERS))
    def the_roster_changes(self, given: RosterChanged) -> None:
        self.lobby.tell(given)

    @rule(pick=picks)
    def the_engine_restarts(self, pick: Random) -> None:
        """It comes back with its state, or with a part of the calls that it served."""
        self.floor.restart()
        self.lobby.tell(EngineRestarted())
        for visit in self.floor.router.visits():
            if not visit.claimed and pick.random() < 0.7:
                self.claim(visit)

    def claim(self, visit: Visit) -> None:
        talks = {offer.id: offer for offer in self.floor.router.offers()}
        talk = talks.get(visit.reservation) if visit.reservation else None
        if visit.state in (ContactState.CONNECTED, ContactState.ON_HOLD) and talk is not None:
            self.lobby.tell(
                ConversationAdopted(
                    contact=visit.contact,
                    reservation=talk.id,
                    agent=talk.agent,
                    since=self.floor.now,
                )
            )
        else:
            self.lobby.tell(
                ContactQueued(
                    contact=visit.contact, queue=visit.queue, enqueued_at=visit.enqueued_at
                )
            )

    def any_visit(self, pick: Random, state: ContactState | None = None) -> Visit | None:
        """Pick a contact, of those in ``state`` if there are any."""
        there = self.floor.router.visits()
        preferred = [visit for visit in there if visit.state is state]
        return pick.choice(preferred or there) if there else None

    def any_offer(self, pick: Random, outcome: str = "") -> Reservation | None:
        """Pick an offer, of those with ``outcome`` if there are any."""
        there = self.floor.router.offers()
        preferred = [offer for offer in there if offer.outcome == outcome]
        return pick.choice(preferred or there) if there else None

    @invariant()
    def all_is_well(self) -> None:
        self.lobby.all_is_well()
        waits_are_honest(self.floor, self.floor.estimates)

    def teardown(self) -> None:
        if not hasattr(self, "floor"):
            return
        for _ in range(4):
            self.time_passes(60.0)
            self.lobby.all_is_well()
        again = Router()
        for event, at in self.floor.past:
            again.handle(event, at)
        assert again.snapshot() == self.floor.router.snapshot(), "a replay is the live state"


TestWaiters = Waiters.TestCase
TestWaiters.settings = settings(max_examples=80, stateful_step_count=50, deadline=None)
