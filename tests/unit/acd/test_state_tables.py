from collections.abc import Iterable

import pytest

from acd.agent_states import (
    DEVICE,
    PRESENCE,
    WORK,
    Device,
    DeviceTrigger,
    Presence,
    PresenceTrigger,
    Work,
    WorkTrigger,
)
from acd.contact_states import CONTACT, OFFER, PENDING, ContactState, ContactTrigger
from acd.errors import ImpossibleMove
from acd.machines import LATE, Machine
from acd.model import OfferOutcome

pytestmark = pytest.mark.unit

TABLES = [
    (PRESENCE, Presence, PresenceTrigger),
    (WORK, Work, WorkTrigger),
    (DEVICE, Device, DeviceTrigger),
    (CONTACT, ContactState, ContactTrigger),
    (OFFER, [PENDING, *(outcome.value for outcome in OfferOutcome)], OfferOutcome),
]

# The third set of each table: what the program, while it is right, never asks for. It is written
# out here a second time, so that a pair moves between the sets only on purpose.
IMPOSSIBLE = {
    "presence": set(),
    "device": set(),
    "offer": set(),
    "work": {
        *((Work.IDLE, t) for t in ("ring", "answer", "let-go", "miss-out", "hold", "resume")),
        *((Work.IDLE, t) for t in ("wrap-up", "finish")),
        *((Work.RESERVED, t) for t in ("reserve", "hold", "resume", "wrap-up", "finish")),
        (Work.RESERVED, "adopt"),
        *((Work.RINGING, t) for t in ("reserve", "hold", "resume", "wrap-up", "finish")),
        (Work.RINGING, "adopt"),
        *((Work.TALKING, t) for t in ("reserve", "ring", "answer", "miss-out", "adopt")),
        *((Work.HOLD, t) for t in ("reserve", "ring", "answer", "let-go", "miss-out", "adopt")),
        *(
            (state, t)
            for state in (Work.ACW, Work.NOT_RESPONDING, Work.EXTERNAL)
            for t in ("reserve", "ring", "answer", "let-go", "miss-out")
        ),
        *(
            (state, t)
            for state in (Work.ACW, Work.NOT_RESPONDING, Work.EXTERNAL)
            for t in ("hold", "resume", "finish")
        ),
        *((state, "wrap-up") for state in (Work.ACW, Work.NOT_RESPONDING)),
    },
    "contact": {
        *(
            (ContactState.QUEUED, t)
            for t in ("offer-end", "answer", "join", "join-fail", "hold", "resume", "agent-leave")
        ),
        (ContactState.OFFERED, "offer"),
        *((ContactState.OFFERED, t) for t in ("agent-leave", "turn-away", "ask-again", "adopt")),
        *((ContactState.CONNECTING, t) for t in ("offer", "offer-end", "answer")),
        *((ContactState.CONNECTED, t) for t in ("offer", "offer-end", "answer")),
        *((ContactState.ON_HOLD, t) for t in ("offer", "offer-end", "answer")),
        *((s, "ring-on") for s in set(ContactState) - {ContactState.CONNECTING, ContactState.LEFT}),
    },
}


@pytest.mark.parametrize(
    ("machine", "states", "triggers"), TABLES, ids=lambda v: getattr(v, "name", "")
)
def test_every_pair_of_state_and_trigger_is_taken_late_or_impossible(
    machine: Machine[object, object], states: Iterable[object], triggers: Iterable[object]
) -> None:
    decided: dict[str, set[tuple[object, object]]] = {"taken": set(), "late": set(), "not": set()}
    for state in states:
        for trigger in triggers:
            try:
                kind = "late" if machine.move(state, trigger) is LATE else "taken"
            except ImpossibleMove:
                kind = "not"
            decided[kind].add((state, trigger))
    assert decided["not"] == IMPOSSIBLE[machine.name]


@pytest.mark.parametrize(
    ("machine", "states", "triggers"), TABLES, ids=lambda v: getattr(v, "name", "")
)
def test_no_pair_is_both_taken_and_late_and_no_move_leads_out_of_the_table(
    machine: Machine[object, object], states: Iterable[object], triggers: Iterable[object]
) -> None:
    known_states, known_triggers = set(states), set(triggers)
    assert set(machine.late) | set(machine.taken) == known_states
    for state, moves in machine.taken.items():
        assert set(moves).isdisjoint(machine.late.get(state, frozenset()))
        assert set(moves) <= known_triggers
        assert set(moves.values()) <= known_states
    for triggers_late in machine.late.values():
        assert triggers_late <= known_triggers


@pytest.mark.parametrize(
    ("machine", "states", "triggers"), TABLES[:4], ids=lambda v: getattr(v, "name", "")
)
def test_every_state_can_be_reached_from_the_first_and_only_left_is_final(
    machine: Machine[object, object], states: Iterable[object], triggers: Iterable[object]
) -> None:
    ordered = list(states)
    reached, frontier = {ordered[0]}, [ordered[0]]
    while frontier:
        for following in machine.taken.get(frontier.pop(), {}).values():
            if following not in reached:
                reached.add(following)
                frontier.append(following)
    assert reached == set(ordered)
    final = {state for state in ordered if not machine.taken.get(state)}
    assert final <= {ContactState.LEFT}


def test_an_offer_has_one_outcome_and_whatever_follows_is_late() -> None:
    for outcome in OfferOutcome:
        assert OFFER.move(PENDING, outcome) == outcome
        for later in OfferOutcome:
            assert OFFER.move(outcome.value, later) is LATE
