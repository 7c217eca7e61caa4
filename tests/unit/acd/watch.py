"""What must hold on a floor of agents, whatever happens on it."""

from collections import Counter

from acd.agent_states import ENGAGED, Presence, PresenceTrigger, Work
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
    AgentForced,
    AgentGotNotReady,
    AgentGotReady,
    AgentHungUp,
    AgentLoggedIn,
    AgentLoggedOut,
    ContactJoined,
    ContactQueued,
    EngineRestarted,
    Event,
    JoinFailed,
    OfferAnswered,
    OfferEvent,
    OfferRang,
    OfferRefused,
    PhoneVanished,
    TimerExpired,
    WrapUpExtended,
)
from acd.model import (
    AgentId,
    ContactId,
    Disposition,
    Pick,
    Place,
    TimerKind,
)
from tests.unit.acd.floor import Floor
from tests.unit.acd.oracle import may_be_offered, may_be_offered_to, offers_due

FORCED = {
    PresenceTrigger.GET_READY: Presence.AVAILABLE,
    PresenceTrigger.GO_NOT_READY: Presence.AUX,
    PresenceTrigger.LOG_OUT: Presence.LOGGED_OUT,
}


class Watch:
    """Tells events to a floor, and knows enough of the past to say what must hold after each."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.outcomes: Counter[str] = Counter()
        self.entered: set[ContactId] = set()
        self.ended: Counter[ContactId] = Counter()
        self.places: dict[ContactId, Place] = {}
        self.intents: dict[AgentId, Presence] = {}
        self.wrap_up_until: dict[AgentId, float] = {}
        self.old_reports: list[OfferEvent] = []

    def tell(self, event: Event) -> list[Command]:
        pending = {o.id for o in self.floor.router.offers() if o.outcome == PENDING}
        turns = {desk.agent: desk.turn for desk in self.floor.router.desks()}
        wrap_ups = self.wrap_ups()
        said = self.floor.tell(event)
        self.remember_intent(event, said)
        if isinstance(event, WrapUpExtended) and not any(isinstance(c, CountLate) for c in said):
            self.wrap_up_until[event.agent] += event.extra_s
        self.remember_moves(said, wrap_ups)
        self.check_offers(said, turns)
        for command in said:
            if isinstance(command, ConnectContact):
                assert command.reservation in pending, "only an offer that was open is connected"
                assert isinstance(event, OfferAnswered)
        self.check_who_ended(event, said)
        self.check_told_twice(event)
        return said

    def check_offers(self, said: list[Command], turns: dict[AgentId, int]) -> None:
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
            {v.queue: queue for v in router.visits() if (queue := router.queue(v.queue))},
            now=self.floor.now,
            turns=turns,
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
        if isinstance(event, EngineRestarted | WrapUpExtended):
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
            case AgentForced():
                self.intents[event.agent] = FORCED[event.presence]
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

    def an_offer_stands_between_one_contact_and_one_agent(self) -> None:
        offers = self.floor.router.offers()
        accepted = [offer.contact for offer in offers if offer.outcome != PENDING]
        assert len(set(accepted)) == len(accepted)
        alone = [offer.contact for offer in offers if not self.rings_all(offer.contact)]
        assert len(set(alone)) == len(alone)
        assert len({offer.agent for offer in offers}) == len(offers)
        engaged = {
            (desk.agent, desk.reservation)
            for desk in self.floor.router.desks()
            if desk.work in ENGAGED
        }
        assert engaged == {(offer.agent, offer.id) for offer in offers}
        served = {
            (visit.contact, id_)
            for visit in self.floor.router.visits()
            if visit.state is not ContactState.QUEUED
            for id_ in (visit.reservation, *visit.rivals)
        }
        assert served == {(offer.contact, offer.id) for offer in offers}

    def rings_all(self, contact: ContactId) -> bool:
        queue = self.floor.router.queue(self.floor.visit(contact).queue)
        return bool(self.floor.visit(contact).rivals) or (
            queue is not None and queue.pick is Pick.RING_ALL
        )

    def a_conversation_has_one_agent(self) -> None:
        for visit in self.floor.router.visits():
            if visit.state in (ContactState.CONNECTED, ContactState.ON_HOLD):
                assert not visit.rivals

    def who_wraps_up_does_so_until_the_time_is_over_or_it_is_ended(self) -> None:
        wrapping = {d.agent for d in self.floor.router.desks() if d.work is Work.ACW}
        assert wrapping == set(self.wrap_up_until)
        assert all(self.floor.now <= until for until in self.wrap_up_until.values())

    def no_offer_is_open_beyond_its_deadline(self) -> None:
        for offer in self.floor.router.offers():
            if offer.outcome == PENDING:
                assert self.floor.now <= offer.offered_at + 20.0

    def every_offer_has_one_outcome(self) -> None:
        assert all(times == 1 for times in self.outcomes.values())
        open_now = {o.id for o in self.floor.router.offers() if o.outcome == PENDING}
        assert open_now.isdisjoint(self.outcomes)
        offered = {command.reservation for command in self.floor.all(RingAgent)}
        assert offered == open_now | self.outcomes.keys()

    def whoever_entered_is_there_or_left_once(self) -> None:
        there = {visit.contact for visit in self.floor.router.visits()}
        assert there.isdisjoint(self.ended)
        assert there | self.ended.keys() == self.entered
        assert all(times == 1 for times in self.ended.values())

    def nobody_loses_the_place(self) -> None:
        for visit in self.floor.router.visits():
            assert self.places.setdefault(visit.contact, visit.place) == visit.place

    def presence_is_what_the_agent_last_wanted(self) -> None:
        for desk in self.floor.router.desks():
            wanted = self.intents.get(desk.agent, Presence.LOGGED_OUT)
            if desk.pending is None:
                assert desk.presence is wanted
            else:
                assert desk.work in ENGAGED

    def all_is_well(self) -> None:
        """Check everything that must hold at any time."""
        self.an_offer_stands_between_one_contact_and_one_agent()
        self.a_conversation_has_one_agent()
        self.who_wraps_up_does_so_until_the_time_is_over_or_it_is_ended()
        self.no_offer_is_open_beyond_its_deadline()
        self.every_offer_has_one_outcome()
        self.whoever_entered_is_there_or_left_once()
        self.nobody_loses_the_place()
        self.presence_is_what_the_agent_last_wanted()
