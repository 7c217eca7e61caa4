from collections import Counter

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from acd.agent_states import ENGAGED, Presence, Work
from acd.commands import (
    Command,
    ConnectContact,
    CountLate,
    EndVisit,
    HangUpAgent,
    NoteMove,
    RingAgent,
)
from acd.contact_states import PENDING, ContactState
from acd.events import (
    AgentGotNotReady,
    AgentGotReady,
    AgentHungUp,
    AgentLoggedIn,
    AgentLoggedOut,
    ContactHeld,
    ContactJoined,
    ContactLeft,
    ContactQueued,
    ContactRetrieved,
    ConversationAdopted,
    EngineRestarted,
    Event,
    JoinFailed,
    OfferAnswered,
    OfferEvent,
    OfferRang,
    OfferRefused,
    OutsideCallBegan,
    OutsideCallEnded,
    PhoneAppeared,
    PhoneFreed,
    PhoneSeized,
    PhoneVanished,
    RosterChanged,
    TimerExpired,
    WrapUpEnded,
)
from acd.model import (
    AgentId,
    ContactId,
    Disposition,
    LeaveCause,
    OfferOutcome,
    Place,
    Queue,
    QueueName,
    TimerKind,
    personal_queue,
)
from acd.router import Router
from acd.state import Reservation
from tests.unit.acd.floor import GENERAL, TRADING, Floor, roster
from tests.unit.acd.oracle import may_be_offered, may_be_offered_to, offers_due

pytestmark = pytest.mark.unit

AGENTS = ("8001", "8002", "8003", "8004")
ROSTERS: tuple[RosterChanged, ...] = (
    roster(
        {"8001": ("general", "trading"), "8002": ("general",), "8003": ("trading",), "8004": ()},
        (Queue(name=GENERAL), Queue(name=TRADING, wrap_up_s=0)),
    ),
    roster(
        {"8001": ("general",), "8002": ("general", "trading"), "8003": ("general", "trading")},
        (Queue(name=GENERAL, wrap_up_s=5), Queue(name=TRADING, waits_unstaffed=True)),
    ),
)
QUEUES = (GENERAL, TRADING, personal_queue(AgentId("8001")), QueueName("unknown"))
REFUSALS = (
    OfferOutcome.REJECTED,
    OfferOutcome.BUSY,
    OfferOutcome.TIMEOUT,
    OfferOutcome.UNREACHABLE,
    OfferOutcome.FAILED,
)
WISHES = (AgentGotReady, AgentLoggedOut, AgentLoggedIn)
PHONES = (PhoneAppeared, PhoneVanished, PhoneSeized, PhoneFreed)
OWN_CALLS = (OutsideCallBegan, OutsideCallEnded, WrapUpEnded)
TALKS = (ContactHeld, ContactRetrieved, ContactJoined, JoinFailed, AgentHungUp)
agents = st.sampled_from(AGENTS).map(AgentId)


class Distribution(RuleBasedStateMachine):
    """Everything that can happen to a floor, in any order; what must hold is checked throughout."""

    @initialize()
    def open_the_floor(self) -> None:
        self.floor = Floor(ROSTERS[0])
        self.outcomes: Counter[str] = Counter()
        self.entered: set[ContactId] = set()
        self.ended: Counter[ContactId] = Counter()
        self.places: dict[ContactId, Place] = {}
        self.intents: dict[AgentId, Presence] = {}
        self.wrap_up_until: dict[AgentId, float] = {}
        self.old_reports: list[OfferEvent] = []
        self.arrivals = 0

    # What can happen.

    @rule(queue=st.sampled_from(QUEUES), head_start_s=st.sampled_from((0.0, 0.0, 30.0)))
    def a_caller_asks(self, queue: QueueName, head_start_s: float) -> None:
        self.arrivals += 1
        contact = ContactId(f"c{self.arrivals}")
        self.entered.add(contact)
        self.tell(
            ContactQueued(
                contact=contact,
                queue=queue,
                enqueued_at=self.floor.now,
                head_start_s=head_start_s,
            )
        )

    @rule(pick=st.randoms(use_true_random=False), cause=st.sampled_from(LeaveCause))
    def a_caller_leaves(self, pick: object, cause: LeaveCause) -> None:
        contact = self.any_contact(pick)
        if contact is not None:
            self.tell(ContactLeft(contact=contact, cause=cause))

    @rule(agent=agents, wish=st.sampled_from(WISHES))
    def an_agent_wishes(self, agent: AgentId, wish: type[AgentGotReady]) -> None:
        self.tell(wish(agent=agent))

    @rule(agent=agents)
    def an_agent_logs_in_ready(self, agent: AgentId) -> None:
        self.tell(AgentLoggedIn(agent=agent, ready=True))

    @rule(agent=agents, reason=st.sampled_from(("meal", "training")))
    def an_agent_gets_not_ready(self, agent: AgentId, reason: str) -> None:
        self.tell(AgentGotNotReady(agent=agent, reason=reason))

    @rule(agent=agents, event=st.sampled_from(OWN_CALLS))
    def an_agent_does_something_else(self, agent: AgentId, event: type[WrapUpEnded]) -> None:
        self.tell(event(agent=agent))

    @rule(agent=agents, event=st.sampled_from(PHONES))
    def a_telephone_is_heard_of(self, agent: AgentId, event: type[PhoneFreed]) -> None:
        self.tell(event(agent=agent))

    @rule(pick=st.randoms(use_true_random=False), rings=st.booleans(), joins=st.booleans())
    def an_agent_answers(self, pick: object, rings: bool, joins: bool) -> None:
        offer = self.any_offer(pick)
        if offer is None:
            return
        if rings:
            self.tell(OfferRang(reservation=offer.id))
        self.tell(OfferAnswered(reservation=offer.id))
        if joins:
            self.tell(ContactJoined(reservation=offer.id))

    @rule(pick=st.randoms(use_true_random=False), outcome=st.sampled_from(REFUSALS))
    def an_agent_refuses(self, pick: object, outcome: OfferOutcome) -> None:
        offer = self.any_offer(pick)
        if offer is not None:
            self.tell(OfferRefused(reservation=offer.id, outcome=outcome))

    @rule(pick=st.randoms(use_true_random=False), event=st.sampled_from(TALKS))
    def something_is_told_of_a_conversation(self, pick: object, event: type[ContactJoined]) -> None:
        offer = self.any_offer(pick)
        if offer is not None:
            self.tell(event(reservation=offer.id))

    @rule(seconds=st.sampled_from((0.0, 0.5, 3.0, 10.0, 40.0)))
    def time_passes(self, seconds: float) -> None:
        until = self.floor.now + seconds
        while due := [timer for timer in self.floor.router.timers() if timer.at <= until]:
            timer = min(due, key=lambda timer: (timer.at, timer.generation))
            self.floor.now = max(self.floor.now, timer.at)
            self.tell(TimerExpired(key=timer.key, generation=timer.generation))
        self.floor.now = until

    @rule(pick=st.randoms(use_true_random=False))
    @precondition(lambda self: self.old_reports)
    def an_old_report_comes_once_more(self, pick: object) -> None:
        report = pick.choice(self.old_reports)  # type: ignore[attr-defined]
        if any(offer.id == report.reservation for offer in self.floor.router.offers()):
            return
        before = self.floor.router.snapshot()
        said = self.tell(report)
        assert self.floor.router.snapshot() == before
        assert not any(isinstance(command, ConnectContact) for command in said)
        hung_up = HangUpAgent(reservation=report.reservation) in said
        assert hung_up == isinstance(report, OfferAnswered)

    @rule(configured=st.sampled_from(ROSTERS))
    def the_roster_changes(self, configured: RosterChanged) -> None:
        known = {agent.id for agent in configured.agents}
        self.intents = {
            agent: intent if agent in known else Presence.LOGGED_OUT
            for agent, intent in self.intents.items()
        }
        self.tell(configured)

    @rule(pick=st.randoms(use_true_random=False))
    def the_engine_restarts(self, pick: object) -> None:
        past = self.floor.router.snapshot()
        self.floor.router = Router()
        for event in past:
            assert self.floor.router.handle(event, self.floor.now) == []
        assert self.floor.router.snapshot() == past
        self.tell(EngineRestarted())
        for visit in self.floor.router.visits():
            match pick.choice(("claims", "claims", "is gone")):  # type: ignore[attr-defined]
                case "claims":
                    self.claim(visit.contact)
                case _:
                    continue

    def claim(self, contact: ContactId) -> None:
        visit = self.floor.visit(contact)
        talks = (o for o in self.floor.router.offers() if o.id == visit.reservation)
        talk = next(talks, None)
        if visit.state in (ContactState.CONNECTED, ContactState.ON_HOLD) and talk is not None:
            self.tell(
                ConversationAdopted(
                    contact=contact,
                    reservation=talk.id,
                    agent=talk.agent,
                    since=self.floor.now,
                )
            )
        else:
            self.tell(
                ContactQueued(contact=contact, queue=visit.queue, enqueued_at=visit.enqueued_at)
            )

    # How it is told, and what has to follow from one event.

    def any_contact(self, pick: object) -> ContactId | None:
        there = [visit.contact for visit in self.floor.router.visits()]
        return pick.choice(there) if there else None  # type: ignore[attr-defined, no-any-return]

    def any_offer(self, pick: object) -> Reservation | None:
        there = self.floor.router.offers()
        return pick.choice(there) if there else None  # type: ignore[attr-defined, no-any-return]

    def tell(self, event: Event) -> list[Command]:
        pending = {o.id for o in self.floor.router.offers() if o.outcome == PENDING}
        wrap_ups = self.wrap_ups()
        said = self.floor.tell(event)
        self.remember_intent(event, said)
        self.remember_moves(said, wrap_ups)
        self.check_offers(said)
        for command in said:
            if isinstance(command, ConnectContact):
                assert command.reservation in pending, "only an offer that was open is connected"
                assert isinstance(event, OfferAnswered)
        self.check_who_ended(event, said)
        self.check_told_twice(event)
        return said

    def check_offers(self, said: list[Command]) -> None:
        """The offers of one event are those that the naive matcher makes of the same floor."""
        rung = [(c.contact, c.agent) for c in said if isinstance(c, RingAgent)]
        contacts, at = {contact for contact, _ in rung}, {agent for _, agent in rung}
        router = self.floor.router
        for contact, agent in rung:
            visit, desk = self.floor.visit(contact), self.floor.desk(agent)
            assert visit.state is ContactState.OFFERED
            assert not visit.excludes(agent)
            assert visit.queue in desk.queues
            assert (desk.presence, desk.pending, desk.cooling) == (
                Presence.AVAILABLE,
                None,
                False,
            )
        due = offers_due(
            [v for v in router.visits() if v.contact in contacts or may_be_offered(v)],
            [d for d in router.desks() if d.agent in at or may_be_offered_to(d)],
        )
        assert rung == due

    def check_who_ended(self, event: Event, said: list[Command]) -> None:
        """What befalls an agent's leg never ends a visit, except after a conversation."""
        ended = {c.disposition for c in said if isinstance(c, EndVisit)}
        match event:
            case OfferRefused() | OfferRang() | OfferAnswered() | JoinFailed() | PhoneVanished():
                assert ended <= {Disposition.NOBODY, Disposition.HANDLED}
            case TimerExpired() if event.key.kind is not TimerKind.CLAIM:
                assert ended <= {Disposition.NOBODY}
            case _:
                pass

    def check_told_twice(self, event: Event) -> None:
        """An event that is told twice changes nothing the second time."""
        if isinstance(event, EngineRestarted):
            return
        before = self.floor.router.snapshot()
        said = self.floor.router.handle(event, self.floor.now)
        assert self.floor.router.snapshot() == before
        entered = isinstance(event, ContactQueued) and event.contact not in {
            visit.contact for visit in self.floor.router.visits()
        }
        allowed = CountLate | HangUpAgent | (EndVisit if entered else CountLate)
        assert all(isinstance(command, allowed) for command in said)
        if isinstance(
            event,
            OfferRang | OfferAnswered | OfferRefused | ContactJoined | JoinFailed | AgentHungUp,
        ):
            self.old_reports.append(event)

    def remember_intent(self, event: Event, said: list[Command]) -> None:
        if any(isinstance(c, CountLate) and c.machine in ("presence", "agent") for c in said):
            if isinstance(event, AgentLoggedIn) and event.ready and event.agent in self.known():
                self.intents[event.agent] = Presence.AVAILABLE
            return
        match event:
            case AgentLoggedIn():
                pending_go = self.intents.get(event.agent) is Presence.LOGGED_OUT
                if event.ready:
                    self.intents[event.agent] = Presence.AVAILABLE
                elif pending_go:
                    self.intents[event.agent] = self.floor.desk(event.agent).presence
                else:
                    self.intents.setdefault(event.agent, Presence.AUX)
            case AgentGotReady():
                self.intents[event.agent] = Presence.AVAILABLE
            case AgentGotNotReady():
                self.intents[event.agent] = Presence.AUX
            case AgentLoggedOut():
                self.intents[event.agent] = Presence.LOGGED_OUT
            case _:
                pass

    def known(self) -> set[AgentId]:
        return {desk.agent for desk in self.floor.router.desks()}

    def wrap_ups(self) -> dict[AgentId, float]:
        """What each engaged agent's wrap-up will last, by the rules of the contact's queue."""
        lasts = {}
        for offer in self.floor.router.offers():
            queue = self.floor.router.queue(self.floor.visit(offer.contact).queue)
            lasts[offer.agent] = queue.wrap_up_s if queue else 20.0
        return lasts

    def remember_moves(self, said: list[Command], wrap_ups: dict[AgentId, float]) -> None:
        for command in said:
            match command:
                case NoteMove(machine="offer"):
                    assert command.before == PENDING
                    self.outcomes[command.subject] += 1
                case NoteMove(machine="work", after="acw"):
                    agent = AgentId(command.subject)
                    self.wrap_up_until[agent] = self.floor.now + wrap_ups[agent]
                case NoteMove(machine="work", before="acw"):
                    self.wrap_up_until.pop(AgentId(command.subject), None)
                case EndVisit():
                    self.ended[command.contact] += 1
                case _:
                    pass

    # What holds at any time.

    @invariant()
    def an_offer_stands_between_one_contact_and_one_agent(self) -> None:
        offers = self.floor.router.offers()
        assert len({offer.contact for offer in offers}) == len(offers)
        assert len({offer.agent for offer in offers}) == len(offers)
        engaged = {
            (desk.agent, desk.reservation)
            for desk in self.floor.router.desks()
            if desk.work in ENGAGED
        }
        assert engaged == {(offer.agent, offer.id) for offer in offers}
        served = {
            (visit.contact, visit.reservation)
            for visit in self.floor.router.visits()
            if visit.state is not ContactState.QUEUED
        }
        assert served == {(offer.contact, offer.id) for offer in offers}

    @invariant()
    def who_wraps_up_does_so_until_the_time_is_over_or_it_is_ended(self) -> None:
        wrapping = {d.agent for d in self.floor.router.desks() if d.work is Work.ACW}
        assert wrapping == set(self.wrap_up_until)
        assert all(self.floor.now <= until for until in self.wrap_up_until.values())

    @invariant()
    def no_offer_is_open_beyond_its_deadline(self) -> None:
        for offer in self.floor.router.offers():
            if offer.outcome == PENDING:
                assert self.floor.now <= offer.offered_at + 20.0

    @invariant()
    def every_offer_has_one_outcome(self) -> None:
        assert all(times == 1 for times in self.outcomes.values())
        open_now = {o.id for o in self.floor.router.offers() if o.outcome == PENDING}
        assert open_now.isdisjoint(self.outcomes)
        offered = {command.reservation for command in self.floor.all(RingAgent)}
        assert offered == open_now | self.outcomes.keys()

    @invariant()
    def whoever_entered_is_there_or_left_once(self) -> None:
        there = {visit.contact for visit in self.floor.router.visits()}
        assert there.isdisjoint(self.ended)
        assert there | self.ended.keys() == self.entered
        assert all(times == 1 for times in self.ended.values())

    @invariant()
    def nobody_loses_the_place(self) -> None:
        for visit in self.floor.router.visits():
            assert self.places.setdefault(visit.contact, visit.place) == visit.place

    @invariant()
    def presence_is_what_the_agent_last_wanted(self) -> None:
        for desk in self.floor.router.desks():
            wanted = self.intents.get(desk.agent, Presence.LOGGED_OUT)
            if desk.pending is None:
                assert desk.presence is wanted
            else:
                assert desk.work in ENGAGED

    def teardown(self) -> None:
        if not hasattr(self, "floor"):
            return
        for _ in range(3):
            self.time_passes(40.0)
        again = Router()
        for event, at in self.floor.past:
            again.handle(event, at)
        assert again.snapshot() == self.floor.router.snapshot(), "a replay is the live state"


TestDistribution = Distribution.TestCase
TestDistribution.settings = settings(max_examples=60, stateful_step_count=50, deadline=None)
