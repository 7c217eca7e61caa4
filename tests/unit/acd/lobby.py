"""What must hold of those who wait, whatever happens to them."""

from collections import Counter

from acd.commands import Command, CountLate, EndVisit, HangUpAgent
from acd.contact_states import ContactState
from acd.events import (
    CallbackRequested,
    ContactMoved,
    ContactQueued,
    EngineRestarted,
    Event,
    RosterChanged,
)
from acd.model import ContactId, Disposition, TimerKind
from acd.state import Visit
from tests.unit.acd.floor import Floor
from tests.unit.acd.promises import Promises

_OF_CONTACTS = {
    TimerKind.STEP,
    TimerKind.PROMOTE,
    TimerKind.PREFERENCE,
    TimerKind.OVERFLOW,
    TimerKind.EXCLUSION,
    TimerKind.CLAIM,
    TimerKind.CALLBACK_RETRY,
}
_WAITING = (ContactState.QUEUED, ContactState.OFFERED)


class Lobby:
    """Tells events to a floor and checks, after each, what became of those who wait."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.entered: set[ContactId] = set()
        self.ended: Counter[ContactId] = Counter()
        self._promises = Promises(floor)

    def visits(self) -> dict[ContactId, Visit]:
        return {visit.contact: visit for visit in self.floor.router.visits()}

    def tell(self, event: Event) -> list[Command]:
        before, looked = self.visits(), self._promises.look(event)
        said = self.floor.tell(event)
        self._promises.check(event, looked, said)
        for command in said:
            if isinstance(command, EndVisit):
                self.ended[command.contact] += 1
        match event:
            case ContactQueued():
                self.entered.add(event.contact)
            case CallbackRequested() if event.callback in self.visits():
                self.entered.add(event.callback)
        self.nobody_falls_back(event, before)
        self.a_callback_takes_a_place(event, before, said)
        self.told_twice_is_told_once(event)
        return said

    def nobody_falls_back(self, event: Event, before: dict[ContactId, Visit]) -> None:
        """Only a supervisor, or other rules, give a contact a worse place than it had."""
        for contact, visit in self.visits().items():
            was = before.get(contact)
            if was is None:
                continue
            ordered = isinstance(event, ContactMoved) and event.contact == contact
            merged = isinstance(event, CallbackRequested) and visit.callback
            if not ordered and not merged:
                assert (visit.enqueued_at, visit.place.score, visit.place.seq) == (
                    was.enqueued_at,
                    was.place.score,
                    was.place.seq,
                )
            if merged:
                assert visit.place <= was.place
            stays = was.state in _WAITING and visit.state in _WAITING
            if stays and not ordered and not isinstance(event, RosterChanged):
                assert visit.place.band <= was.place.band
                assert visit.step >= was.step or visit.queue != was.queue
            if not ordered:
                assert visit.enqueued_at <= was.enqueued_at

    def a_callback_takes_a_place(
        self, event: Event, before: dict[ContactId, Visit], said: list[Command]
    ) -> None:
        if not isinstance(event, CallbackRequested):
            return
        registered = [
            command
            for command in said
            if isinstance(command, EndVisit)
            and command.disposition is Disposition.CALLBACK_REGISTERED
        ]
        if registered:
            was = before[event.contact]
            live = self.floor.router.callback(was.queue, event.number)
            assert live is not None
            assert live.place <= was.place
            assert event.contact not in self.visits()

    def told_twice_is_told_once(self, event: Event) -> None:
        if isinstance(event, EngineRestarted):
            return
        router = self.floor.router
        before = router.snapshot()
        said = router.handle(event, self.floor.now)
        assert router.snapshot() == before
        refused = isinstance(event, ContactQueued) and event.contact not in self.visits()
        allowed = CountLate | HangUpAgent | (EndVisit if refused else CountLate)
        assert all(isinstance(command, allowed) for command in said)

    # What holds at any time.

    def all_is_well(self) -> None:
        self.whoever_entered_is_there_or_left_once()
        self.nobody_waits_who_could_be_served()
        self.lines_are_in_order()
        self.a_number_is_called_back_once()
        self.timers_belong_to_somebody()

    def whoever_entered_is_there_or_left_once(self) -> None:
        there = self.visits().keys()
        assert there.isdisjoint(self.ended)
        assert there | self.ended.keys() == self.entered
        assert all(times == 1 for times in self.ended.values())

    def nobody_waits_who_could_be_served(self) -> None:
        for visit in self.floor.router.visits():
            if visit.state is ContactState.QUEUED and visit.claimed and not visit.parked:
                explanation = self.floor.router.explain(visit.contact)
                assert explanation is not None
                assert all(verdict.reason is not None for verdict in explanation.agents)

    def lines_are_in_order(self) -> None:
        waiting = [v for v in self.floor.router.visits() if v.state in _WAITING]
        for queue in {visit.queue for visit in waiting}:
            ordered = sorted((v.place, v.contact) for v in waiting if v.queue == queue)
            assert self.floor.router.line(queue) == tuple(contact for _, contact in ordered)

    def a_number_is_called_back_once(self) -> None:
        to_be_made = [
            (visit.queue, visit.number)
            for visit in self.floor.router.visits()
            if visit.callback and visit.joined_at is None
        ]
        assert len(set(to_be_made)) == len(to_be_made)
        for queue, number in to_be_made:
            assert self.floor.router.callback(queue, number) is not None

    def timers_belong_to_somebody(self) -> None:
        visits = self.visits()
        for timer in self.floor.router.timers():
            if timer.key.kind in _OF_CONTACTS:
                assert timer.key.subject in visits
        for visit in visits.values():
            retry = {
                t.key.kind for t in self.floor.router.timers() if t.key.subject == visit.contact
            }
            assert not visit.parked or TimerKind.CALLBACK_RETRY in retry
            assert visit.claimed or TimerKind.CLAIM in retry
