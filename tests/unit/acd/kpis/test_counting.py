"""Whatever happens on a floor, the counts are complete, add up, and can be kept and taken up."""

from collections import Counter
from math import inf
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pydantic import TypeAdapter

from acd.agent_states import Presence, PresenceTrigger, Work
from acd.commands import Command
from acd.contact_states import ContactState
from acd.estimates import Estimates, EstimatesState
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
    ContactHeld,
    ContactJoined,
    ContactLeft,
    ContactMoved,
    ContactQueued,
    ContactRetrieved,
    EngineRestarted,
    Event,
    JoinFailed,
    OfferAnswered,
    OfferRang,
    OfferRefused,
    OutsideCallBegan,
    OutsideCallEnded,
    PhoneAppeared,
    PhoneVanished,
    WrapUpEnded,
)
from acd.followed import BUSY, Activity, FloorState, FollowedAgent, Listener
from acd.following import Following
from acd.kpis.kpis import Kpis, KpiState
from acd.kpis.rules import KpiRules
from acd.kpis.tallies import QueueTally, Tally, microseconds, total
from acd.model import (
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
)
from acd.state import Desk, Reservation
from tests.unit.acd.floor import GENERAL, TRADING, Floor, roster

pytestmark = pytest.mark.unit

AGENTS = ("8001", "8002", "8003")
EVERYBODY = QueueName("everybody")
OVERFLOWS = (
    OverflowRule(cause=OverflowCause.SIZE, limit=2, to=GENERAL),
    OverflowRule(cause=OverflowCause.WAIT, limit=30, to=TRADING),
)
QUEUES = (
    Queue(name=GENERAL, wrap_up_s=20, callback=CallbackRules(attempts=2, retry_after_s=20)),
    Queue(name=TRADING, waits_unstaffed=True, callback=CallbackRules(attempts=1)),
    Queue(name=EVERYBODY, wrap_up_s=5, pick=Pick.RING_ALL, overflow=OVERFLOWS),
)
NAMES = (GENERAL, TRADING, EVERYBODY)
MINUTES, DAYS = KpiRules(interval_s=60), KpiRules(interval_s=86400)
REFUSALS = (OfferOutcome.REJECTED, OfferOutcome.TIMEOUT, OfferOutcome.FAILED)
WISHES = (AgentGotReady, AgentLoggedIn, AgentLoggedOut, WrapUpEnded)
JOINED = (ContactState.CONNECTED, ContactState.ON_HOLD)
OUTSIDE = (OutsideCallBegan, OutsideCallEnded, PhoneAppeared, PhoneVanished)
TALKS = (ContactHeld, ContactRetrieved, AgentHungUp, JoinFailed)
agents = st.sampled_from(AGENTS).map(AgentId)
picks = st.randoms(use_true_random=False)


def does(desk: Desk) -> Activity:
    """Say what an agent does, straight from the router's own record."""
    seen = FollowedAgent(
        agent=desk.agent, presence=desk.presence, work=desk.work, device=desk.device
    )
    return seen.now_does()


class WatchedFloor(Floor):
    """Counted by minutes and by days; every agent is watched with a stopwatch besides."""

    def __init__(self) -> None:
        self.by_minute, self.by_day = Kpis(MINUTES), Kpis(DAYS)
        self.estimates = Estimates()
        self.following = Following(self.listeners())
        self.stopwatch: Counter[tuple[AgentId, Activity]] = Counter()
        self.watched_to: float | None = None
        super().__init__(roster(dict.fromkeys(AGENTS, NAMES), QUEUES))

    def listeners(self) -> list[Listener]:
        return [*self.by_minute.listeners, *self.by_day.listeners, self.estimates]

    def tell(self, event: Event) -> list[Command]:
        self.watch_agents()
        said = super().tell(event)
        self.following.take(event, said, self.now)
        return said

    def watch_agents(self) -> None:
        since = self.now if self.watched_to is None else self.watched_to
        passed_us = microseconds(self.now) - microseconds(since)
        self.watched_to = self.now
        for desk in self.router.desks():
            self.stopwatch[desk.agent, does(desk)] += passed_us


class Counting(RuleBasedStateMachine):
    """Everything that can happen to a floor whose figures are counted."""

    @initialize()
    def open_the_floor(self) -> None:
        self.floor = WatchedFloor()
        self.tell = self.floor.tell
        self.arrivals = 0

    # What can happen.

    @rule(queue=st.sampled_from(NAMES), number=st.sampled_from(("", "1", "2")))
    def a_caller_asks(self, queue: str, number: str) -> None:
        self.arrivals += 1
        self.tell(
            ContactQueued(
                contact=ContactId(f"c{self.arrivals}"),
                queue=queue,
                enqueued_at=self.floor.now,
                number=number,
            )
        )

    @rule(pick=picks, cause=st.sampled_from(LeaveCause))
    def a_caller_leaves(self, pick: Random, cause: LeaveCause) -> None:
        visits = self.floor.router.visits()
        if visits:
            self.tell(ContactLeft(contact=pick.choice(visits).contact, cause=cause))

    @rule(pick=picks, number=st.sampled_from(("1", "2")))
    def a_caller_wants_to_be_called_back(self, pick: Random, number: str) -> None:
        visits = self.floor.router.visits()
        if visits:
            self.arrivals += 1
            contact, callback = pick.choice(visits).contact, ContactId(f"back{self.arrivals}")
            self.tell(CallbackRequested(contact=contact, callback=callback, number=number))

    @rule(pick=picks)
    def a_customer_is_not_reached(self, pick: Random) -> None:
        offer = self.any_offer(pick)
        if offer is not None:
            self.tell(CallbackFailed(reservation=offer.id, cause="no-answer"))

    @rule(number=st.sampled_from(("1", "2")), queue=st.sampled_from(NAMES))
    def a_callback_is_not_wanted_any_more(self, number: str, queue: QueueName) -> None:
        self.tell(CallbackCanceled(number=number, queue=queue))

    @rule(pick=picks, queue=st.sampled_from(NAMES), agent=st.none() | agents)
    def a_supervisor_moves_a_caller(
        self, pick: Random, queue: QueueName, agent: AgentId | None
    ) -> None:
        visits = self.floor.router.visits()
        if visits:
            contact = pick.choice(visits).contact
            self.tell(ContactMoved(contact=contact, by="lee", queue=queue, agent=agent, band=0))

    @rule(agent=agents, presence=st.sampled_from(PresenceTrigger))
    def a_supervisor_forces_an_agent(self, agent: AgentId, presence: PresenceTrigger) -> None:
        self.tell(AgentForced(agent=agent, presence=presence, by="lee", reason="forced"))

    @rule(agent=agents, wish=st.sampled_from(WISHES))
    def an_agent_wishes(self, agent: AgentId, wish: type[AgentGotReady]) -> None:
        self.tell(wish(agent=agent))

    @rule(agent=agents)
    def an_agent_logs_in_ready(self, agent: AgentId) -> None:
        self.tell(AgentLoggedIn(agent=agent, ready=True))

    @rule(agent=agents, reason=st.sampled_from(("meal", "training")))
    def an_agent_gets_not_ready(self, agent: AgentId, reason: str) -> None:
        self.tell(AgentGotNotReady(agent=agent, reason=reason))

    @rule(agent=agents, event=st.sampled_from(OUTSIDE))
    def something_befalls_an_agent(self, agent: AgentId, event: type[PhoneVanished]) -> None:
        self.tell(event(agent=agent))

    @rule(pick=picks, joins=st.booleans())
    def an_agent_answers(self, pick: Random, joins: bool) -> None:
        offer = self.any_offer(pick)
        if offer is not None:
            self.tell(OfferRang(reservation=offer.id))
            self.tell(OfferAnswered(reservation=offer.id))
            if joins:
                self.tell(ContactJoined(reservation=offer.id))

    @rule(pick=picks, outcome=st.sampled_from(REFUSALS))
    def an_agent_refuses(self, pick: Random, outcome: OfferOutcome) -> None:
        offer = self.any_offer(pick)
        if offer is not None:
            self.tell(OfferRefused(reservation=offer.id, outcome=outcome))

    @rule(pick=picks, event=st.sampled_from(TALKS))
    def something_is_told_of_a_conversation(self, pick: Random, event: type[AgentHungUp]) -> None:
        offer = self.any_offer(pick)
        if offer is not None:
            self.tell(event(reservation=offer.id))

    @rule(seconds=st.sampled_from((0.1, 3.0, 10.0, 45.0, 200.0)))
    def time_passes(self, seconds: float) -> None:
        self.floor.wait(seconds)

    @rule()
    def the_last_event_comes_once_more(self) -> None:
        last, _ = self.floor.past[-1]
        if not isinstance(last, ContactQueued | EngineRestarted):
            self.tell(last)

    @rule(pick=picks)
    def the_engine_restarts(self, pick: Random) -> None:
        self.tell(EngineRestarted())
        for visit in self.floor.router.visits():
            if pick.random() < 0.7:
                self.tell(
                    ContactQueued(
                        contact=visit.contact, queue=visit.queue, enqueued_at=visit.enqueued_at
                    )
                )

    @rule()
    def the_counts_are_put_on_paper_and_taken_up(self) -> None:
        """Also through JSON, as whoever keeps them would."""
        floor = self.floor
        floor.by_minute = self.through_json(floor.by_minute, Kpis(MINUTES))
        floor.by_day = self.through_json(floor.by_day, Kpis(DAYS))
        followed = floor.following.snapshot()
        paper = TypeAdapter(FloorState)
        learnt, floor.estimates = floor.estimates.snapshot(), Estimates()
        learnt_paper = TypeAdapter(EstimatesState)
        learnt = learnt_paper.validate_json(learnt_paper.dump_json(learnt))
        floor.estimates.restore(learnt, followed.agents)
        floor.following = Following(floor.listeners())
        floor.following.restore(paper.validate_json(paper.dump_json(followed)))
        assert floor.following.snapshot() == followed

    def through_json(self, kpis: Kpis, blank: Kpis) -> Kpis:
        paper, state = TypeAdapter(KpiState), kpis.snapshot()
        blank.restore(paper.validate_json(paper.dump_json(state)))
        assert blank.snapshot() == state
        return blank

    def any_offer(self, pick: Random) -> Reservation | None:
        offers = self.floor.router.offers()
        return pick.choice(offers) if offers else None

    # What must hold.

    @invariant()
    def every_moment_of_an_agent_is_spent_on_one_thing(self) -> None:
        self.floor.watch_agents()
        for kpis in (self.floor.by_minute, self.floor.by_day):
            kpis.watch(NAMES, self.floor.now)
        counted: Counter[tuple[str, Activity]] = Counter()
        for tally in self.floor.by_minute.tallies().agents:
            for activity, time_us in tally.time_us.items():
                counted[tally.subject, activity] += time_us
            aux_us = sum(tally.aux_us.values())
            assert aux_us == tally.time_us.get(Activity.AUX, 0)
        for (agent, activity), passed_us in self.floor.stopwatch.items():
            if activity is not Activity.AWAY:
                assert counted[agent, activity] == passed_us
        aux_us = sum(
            time
            for tally in self.floor.by_minute.tallies().agents
            for time in tally.aux_us.values()
        )

    @invariant()
    def minutes_add_up_to_days(self) -> None:
        minutes, days = self.floor.by_minute.tallies(), self.floor.by_day.tallies()
        for kind in ("queues", "agents", "resolutions"):
            by_minute: tuple[Tally, ...] = getattr(minutes, kind)
            by_day: tuple[Tally, ...] = getattr(days, kind)
            for tally in by_day:
                parts = (part for part in by_minute if part.subject == tally.subject)
                summed = total(parts)
                assert summed is not None
                summed.begin_s, summed.end_s = tally.begin_s, tally.end_s
                assert summed == tally

    @invariant()
    def who_entered_is_counted_once_wherever_the_visit_stands(self) -> None:
        visits = self.floor.router.visits()
        for queue in NAMES:
            report = self.floor.by_day.queue_report(queue, 0, 86400)
            counts = report.visits
            here = [visit for visit in visits if visit.queue == queue]
            talking = sum(visit.state in JOINED for visit in here)
            waiting = sum(
                visit.state not in JOINED and not visit.contact.startswith("back") for visit in here
            )
            assert counts.still_waiting == waiting
            answered = counts.answered + report.callbacks.callbacks_answered
            assert report.handling.handled == answered - talking
            tallies = self.floor.by_day.tallies().queues
            going_on = sum(tally.going_on for tally in tallies if tally.subject == queue)
            assert waiting + talking <= going_on <= waiting + talking + len(AGENTS)

    @invariant()
    def waits_are_promised_while_somebody_is_there_to_serve(self) -> None:
        desks, visits = self.floor.router.desks(), self.floor.router.visits()
        at_work = [desk for desk in desks if desk.presence is Presence.AVAILABLE]
        serves = [d for d in at_work if does(d) in (*BUSY, Activity.IDLE, Activity.OUTSIDE)]
        for queue in NAMES:
            waits = [self.floor.estimates.expected_wait_s(queue, ahead) for ahead in (0, 1, 9)]
            if any(queue in desk.queues for desk in serves):
                promised = [wait_s for wait_s in waits if wait_s is not None]
                assert len(promised) == len(waits)
                assert 0 <= promised[0] <= promised[1] <= promised[2] < inf
            else:
                assert waits == [None] * 3
        pace = self.floor.estimates.snapshot().everywhere
        assert pace.busy == sum(does(desk) in BUSY for desk in desks)
        in_line = [v for v in visits if v.state not in JOINED and v.contact.startswith("c")]
        assert pace.waiting == len(in_line)

    @invariant()
    def who_is_followed_does_what_the_router_says(self) -> None:
        for desk in self.floor.router.desks():
            followed = self.floor.following.agents[desk.agent]
            assert followed.activity is does(desk)
            if desk.presence is Presence.AUX and desk.work is Work.IDLE:
                assert followed.reason == desk.reason
        lines = {visit.contact for visit in self.floor.router.visits()}
        assert self.floor.following.contacts.keys() <= lines
        offers = {o.id for o in self.floor.router.offers() if o.outcome == "pending"}
        assert self.floor.following.offers.keys() == offers


TestCounting = Counting.TestCase
TestCounting.settings = settings(max_examples=20, stateful_step_count=40)


def test_tallies_of_nothing_have_no_sum() -> None:
    assert total(list[QueueTally]()) is None
