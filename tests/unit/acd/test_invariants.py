from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from acd.agent_states import Presence, PresenceTrigger
from acd.commands import (
    Command,
    ConnectContact,
    HangUpAgent,
)
from acd.contact_states import ContactState
from acd.events import (
    AgentForced,
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
    WrapUpExtended,
)
from acd.model import (
    AgentId,
    ContactId,
    LeaveCause,
    OfferOutcome,
    Pick,
    Queue,
    QueueName,
    Step,
    personal_queue,
)
from acd.requirements import ANYBODY, Requirement, SkillName, parse_requirement
from acd.router import Router
from acd.state import Reservation
from tests.unit.acd.floor import GENERAL, TRADING, Floor, roster
from tests.unit.acd.watch import FORCED, Watch

pytestmark = pytest.mark.unit

AGENTS = ("8001", "8002", "8003", "8004")
SKILLS = {
    "8001": {"stocks": 3, "en": 1},
    "8002": {"stocks": 1, "en": 3},
    "8003": {"stocks": 3},
    "8004": {"en": 2},
}
STEPS = (
    Step(after_s=0, needs=parse_requirement("stocks >= 3")),
    Step(after_s=5, needs=parse_requirement("stocks or en >= 3")),
    Step(after_s=20, needs=ANYBODY),
)
ROSTERS: tuple[RosterChanged, ...] = (
    roster(
        {"8001": ("general", "trading"), "8002": ("general",), "8003": ("trading",), "8004": ()},
        (Queue(name=GENERAL), Queue(name=TRADING, wrap_up_s=0)),
    ),
    roster(
        {"8001": ("general",), "8002": ("general", "trading"), "8003": ("general", "trading")},
        (Queue(name=GENERAL, wrap_up_s=5), Queue(name=TRADING, waits_unstaffed=True)),
    ),
    roster(
        dict.fromkeys(AGENTS, ("general", "trading")),
        (
            Queue(name=GENERAL, pick=Pick.MOST_SKILLED, pick_skill=SkillName("stocks")),
            Queue(name=TRADING, pick=Pick.LEAST_OCCUPIED, steps=STEPS),
        ),
        SKILLS,
    ),
    roster(
        dict.fromkeys(AGENTS, ("general", "trading")),
        (
            Queue(name=GENERAL, pick=Pick.RING_ALL, wrap_up_s=5),
            Queue(name=TRADING, pick=Pick.ROUND_ROBIN, waits_unstaffed=True),
        ),
        {"8001": {"en": 1}, "8002": {"en": 1, "stocks": 2}},
    ),
    roster(
        {"8001": ("general", "trading"), "8002": ("general",), "8003": ("trading", "general")},
        (
            Queue(name=GENERAL, pick=Pick.FEWEST_CALLS, steps=STEPS, steps_replace=True),
            Queue(name=TRADING, pick=Pick.RING_ALL, steps=STEPS),
        ),
        SKILLS,
    ),
)
NEEDS = tuple(map(parse_requirement, ("", "", "", "en", "stocks >= 2", "en and not stocks")))
PREFERENCES = (
    {},
    {},
    {"prefers": (AgentId("8002"),), "prefers_for_s": 8.0},
    {"prefers": (AgentId("8001"), AgentId("8003")), "prefers_for_s": 8.0},
    {"prefers_needs": parse_requirement("stocks"), "prefers_for_s": 3.0},
    {
        "prefers": (AgentId("8004"),),
        "prefers_needs": parse_requirement("en >= 2"),
        "prefers_for_s": 8.0,
    },
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

    @initialize(configured=st.sampled_from(ROSTERS))
    def open_the_floor(self, configured: RosterChanged) -> None:
        self.floor = Floor(configured)
        self.watch = Watch(self.floor)
        self.arrivals = 0

    # What can happen.

    @rule(
        queue=st.sampled_from(QUEUES),
        head_start_s=st.sampled_from((0.0, 0.0, 30.0)),
        needs=st.sampled_from(NEEDS),
        preference=st.sampled_from(PREFERENCES),
    )
    def a_caller_asks(
        self,
        queue: QueueName,
        head_start_s: float,
        needs: Requirement,
        preference: Mapping[str, Any],
    ) -> None:
        self.arrivals += 1
        contact = ContactId(f"c{self.arrivals}")
        self.watch.entered.add(contact)
        self.tell(
            ContactQueued(
                contact=contact,
                queue=queue,
                enqueued_at=self.floor.now,
                head_start_s=head_start_s,
                needs=needs,
                **preference,
            )
        )

    @rule(pick=st.randoms(use_true_random=False), cause=st.sampled_from(LeaveCause))
    def a_caller_leaves(self, pick: Random, cause: LeaveCause) -> None:
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

    @rule(agent=agents, presence=st.sampled_from(tuple(FORCED)))
    def a_supervisor_forces_an_agent(self, agent: AgentId, presence: PresenceTrigger) -> None:
        self.tell(AgentForced(agent=agent, presence=presence, reason="order", by="9001"))

    @rule(agent=agents)
    def wrap_up_is_extended(self, agent: AgentId) -> None:
        self.tell(WrapUpExtended(agent=agent, extra_s=7))

    @rule(agent=agents, event=st.sampled_from(PHONES))
    def a_telephone_is_heard_of(self, agent: AgentId, event: type[PhoneFreed]) -> None:
        self.tell(event(agent=agent))

    @rule(pick=st.randoms(use_true_random=False), rings=st.booleans(), joins=st.booleans())
    def an_agent_answers(self, pick: Random, rings: bool, joins: bool) -> None:
        offer = self.any_offer(pick)
        if offer is None:
            return
        if rings:
            self.tell(OfferRang(reservation=offer.id))
        self.tell(OfferAnswered(reservation=offer.id))
        if joins:
            self.tell(ContactJoined(reservation=offer.id))

    @rule(pick=st.randoms(use_true_random=False), outcome=st.sampled_from(REFUSALS))
    def an_agent_refuses(self, pick: Random, outcome: OfferOutcome) -> None:
        offer = self.any_offer(pick)
        if offer is not None:
            self.tell(OfferRefused(reservation=offer.id, outcome=outcome))

    @rule(pick=st.randoms(use_true_random=False), event=st.sampled_from(TALKS))
    def something_is_told_of_a_conversation(self, pick: Random, event: type[ContactJoined]) -> None:
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
    @precondition(lambda self: bool(self.watch.old_reports))
    def an_old_report_comes_once_more(self, pick: Random) -> None:
        report = pick.choice(self.watch.old_reports)
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
        self.watch.intents = {
            agent: intent if agent in known else Presence.LOGGED_OUT
            for agent, intent in self.watch.intents.items()
        }
        self.tell(configured)

    @rule(pick=st.randoms(use_true_random=False))
    def the_engine_restarts(self, pick: Random) -> None:
        past = self.floor.router.snapshot()
        self.floor.router = Router()
        for event in past:
            assert self.floor.router.handle(event, self.floor.now) == []
        assert self.floor.router.snapshot() == past
        self.tell(EngineRestarted())
        for visit in self.floor.router.visits():
            match pick.choice(("claims", "claims", "is gone")):
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

    def any_contact(self, pick: Random) -> ContactId | None:
        there = [visit.contact for visit in self.floor.router.visits()]
        return pick.choice(there) if there else None

    def any_offer(self, pick: Random) -> Reservation | None:
        there = self.floor.router.offers()
        return pick.choice(there) if there else None

    def tell(self, event: Event) -> list[Command]:
        return self.watch.tell(event)

    @invariant()
    def all_is_well(self) -> None:
        self.watch.all_is_well()

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
