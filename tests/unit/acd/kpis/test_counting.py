"""Whatever happens on a floor, the counts are complete, add up, and can be kept and taken up."""

from collections import Counter
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pydantic import TypeAdapter

from acd.agent_states import Presence, Work
from acd.commands import Command
from acd.contact_states import ContactState
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
from acd.followed import Activity, FloorState, FollowedAgent
from acd.following import Following
from acd.kpis.kpis import Kpis, KpiState
from acd.kpis.rules import KpiRules
from acd.kpis.tallies import QueueTally, Tally, microseconds, total
from acd.model import AgentId, ContactId, LeaveCause, OfferOutcome, Queue
from acd.state import Desk, Reservation
from tests.unit.acd.floor import GENERAL, TRADING, Floor, roster

pytestmark = pytest.mark.unit

AGENTS = ("8001", "8002", "8003")
QUEUES = (Queue(name=GENERAL, wrap_up_s=20), Queue(name=TRADING, waits_unstaffed=True))
MINUTES, DAYS = KpiRules(interval_s=60), KpiRules(interval_s=86400)
REFUSALS = (OfferOutcome.REJECTED, OfferOutcome.TIMEOUT, OfferOutcome.FAILED)
WISHES = (AgentGotReady, AgentLoggedIn, AgentLoggedOut, WrapUpEnded)
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
        self.following = Following((*self.by_minute.listeners, *self.by_day.listeners))
        self.stopwatch: Counter[tuple[AgentId, Activity]] = Counter()
        self.watched_to: float | None = None
        super().__init__(roster(dict.fromkeys(AGENTS, (GENERAL, TRADING)), QUEUES))

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

    @rule(queue=st.sampled_from((GENERAL, TRADING)), number=st.sampled_from(("", "1", "2")))
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
        floor.following = Following((*floor.by_minute.listeners, *floor.by_day.listeners))
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
            kpis.watch((GENERAL, TRADING), self.floor.now)
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
        for queue in (GENERAL, TRADING):
            report = self.floor.by_day.queue_report(queue, 0, 86400)
            counts = report.visits
            waiting = [
                v
                for v in visits
                if v.queue == queue
                and v.state not in (ContactState.CONNECTED, ContactState.ON_HOLD)
            ]
            talking = len([v for v in visits if v.queue == queue]) - len(waiting)
            assert counts.still_waiting == len(waiting)
            assert report.handling.handled == counts.answered - talking
            wrapping = self.floor.by_day.tallies().queues
            going_on = sum(t.going_on for t in wrapping if t.subject == queue)
            assert len(waiting) + talking <= going_on <= len(waiting) + talking + len(AGENTS)

    @invariant()
    def who_is_followed_does_what_the_router_says(self) -> None:
        for desk in self.floor.router.desks():
            followed = self.floor.following.agents[desk.agent]
            assert followed.activity is does(desk)
            if desk.presence is Presence.AUX and desk.work is Work.IDLE:
                assert followed.reason == desk.reason
        offers = {o.id for o in self.floor.router.offers() if o.outcome == "pending"}
        assert self.floor.following.offers.keys() == offers


TestCounting = Counting.TestCase
TestCounting.settings = settings(max_examples=30, stateful_step_count=40)


def test_tallies_of_nothing_have_no_sum() -> None:
    assert total(list[QueueTally]()) is None
