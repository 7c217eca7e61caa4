"""The indexes find what looking at everybody would find, whoever came and went before."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.agent_states import Presence
from acd.live_desk import LiveDesk
from acd.matching import Matching
from acd.model import (
    AgentId,
    ContactId,
    Pick,
    Place,
    Queue,
    QueueName,
    Skill,
    Step,
    personal_queue,
)
from acd.requirements import ANYBODY, SkillName, parse_requirement
from acd.state import Desk, Visit
from tests.unit.acd.oracle import order, suits

pytestmark = pytest.mark.unit

WINDOW_S, NOW = 1800.0, 5000.0
AGENTS = tuple(AgentId(f"800{n}") for n in range(6))
CONTACTS = tuple(ContactId(f"c{n}") for n in range(8))
NAMES = tuple(QueueName(name) for name in ("a", "b", "c"))
NEEDS = tuple(map(parse_requirement, ("anybody", "anybody", "x", "x >= 3", "y or x >= 2", "not y")))

needs = st.sampled_from(NEEDS)
times = st.integers(0, 40).map(lambda n: n * 100.0)
queues = st.fixed_dictionaries(
    {
        name: st.builds(
            lambda pick, steps, replaces, name=name: Queue(
                name=name,
                pick=pick,
                pick_skill=SkillName("x"),
                steps=tuple(Step(after_s=n * 10.0, needs=need) for n, need in enumerate(steps)),
                steps_replace=replaces,
            ),
            st.sampled_from(Pick),
            st.lists(needs, max_size=3),
            st.booleans(),
        )
        for name in NAMES
    }
)
skills = st.sampled_from(
    (
        (),
        (Skill(SkillName("x"), 1),),
        (Skill(SkillName("x"), 3), Skill(SkillName("y"), 1)),
        (Skill(SkillName("y"), 2),),
    )
)
visits = st.builds(
    Visit,
    contact=st.sampled_from(CONTACTS),
    queue=st.sampled_from((*NAMES, personal_queue(AGENTS[0]))),
    place=st.builds(Place, st.integers(0, 1), times, st.just(0)),
    enqueued_at=st.just(0.0),
    needs=st.just(ANYBODY) | needs,
    step=st.just(0) | st.integers(0, 2),
    prefers=st.lists(st.sampled_from(AGENTS), max_size=4, unique=True).map(tuple),
    prefers_needs=st.just(ANYBODY) | needs,
    prefers_until=st.none() | st.none() | st.just(9000.0),
    excluded=st.just(())
    | st.lists(st.sampled_from(AGENTS), max_size=2, unique=True).map(
        lambda agents: tuple((agent, 9000.0) for agent in agents)
    ),
)


def desk_of(agents: st.SearchStrategy[AgentId]) -> st.SearchStrategy[Desk]:
    return st.builds(
        lambda agent, served, **fields: Desk(
            agent=agent,
            queues=frozenset(served) | {personal_queue(agent)},
            presence=Presence.AVAILABLE,
            **fields,
        ),
        agent=agents,
        served=st.just(NAMES) | st.sets(st.sampled_from(NAMES)),
        skills=skills,
        idle_since=times,
        calls=st.integers(0, 3),
        turn=st.integers(0, 5),
        load_s=st.sampled_from((0.0, 0.0, 50.0, 60.0, 400.0)),
        load_at=times,
    )


desks = desk_of(st.sampled_from(AGENTS))
staff = st.tuples(*(desk_of(st.just(agent)) for agent in AGENTS))
changes = st.lists(
    st.tuples(st.just("stands"), visits)
    | st.tuples(st.just("is closed"), visits)
    | st.tuples(st.just("leaves"), st.sampled_from(CONTACTS))
    | st.tuples(st.just("is free"), desks)
    | st.tuples(st.just("is busy"), st.sampled_from(AGENTS))
    | st.tuples(st.just("rules"), queues),
    min_size=5,
    max_size=40,
)


class Indexed:
    """The indexes, and beside them plain lists of who stands and sits in them."""

    def __init__(self, rules: dict[QueueName, Queue]) -> None:
        self.matching = Matching()
        self.rules = rules
        self.matching.configure(rules)
        self.waiting: dict[ContactId, Visit] = {}
        self.open: set[ContactId] = set()
        self.free: dict[AgentId, Desk] = {}

    def change(self, what: str, subject: Any) -> None:
        match what:
            case "stands" | "is closed":
                # The index relies on places being unlike, as numbers of arrival make them.
                place = subject.place._replace(seq=CONTACTS.index(subject.contact))
                self.stand(subject, place, is_open=what == "stands")
            case "leaves":
                self.waiting.pop(subject, None)
                self.open.discard(subject)
                self.matching.remove(subject)
            case "is free":
                self.free[subject.agent] = subject
                served = subject.queues - {personal_queue(subject.agent)}
                profile = self.matching.profile(served, subject.skills)
                self.matching.seat(subject.agent, LiveDesk(subject, profile).seat(WINDOW_S))
            case "is busy":
                self.free.pop(subject, None)
                self.matching.unseat(subject)
            case "rules":
                self.rules = subject
                self.matching.configure(subject)
            case _:
                raise AssertionError(what)

    def stand(self, asked: Visit, place: Place, *, is_open: bool) -> None:
        # What a contact needs and prefers is the same for as long as it waits.
        was = self.waiting.get(asked.contact, asked)
        visit = Visit(
            contact=asked.contact,
            queue=asked.queue,
            place=place,
            enqueued_at=0.0,
            needs=was.needs,
            step=asked.step,
            prefers=was.prefers,
            prefers_needs=was.prefers_needs,
            prefers_until=asked.prefers_until,
            excluded=asked.excluded,
        )
        self.waiting[visit.contact] = visit
        self.matching.place(visit, is_open=is_open)
        (self.open.add if is_open else self.open.discard)(visit.contact)

    def queue(self, visit: Visit) -> Queue:
        return self.rules.get(visit.queue, Queue(name=visit.queue))

    def able(self, visit: Visit) -> list[AgentId]:
        """Everybody who may be offered a contact, in the order of the queue's pick."""
        queue = self.queue(visit)
        able = [desk for desk in self.free.values() if suits(visit, desk, queue)]
        able.sort(key=lambda desk: order(desk, queue, NOW, {}))
        return [desk.agent for desk in able]


@settings(max_examples=500, deadline=None)
@given(queues, staff, changes)
def test_every_contact_finds_its_first_choice_and_every_agent_the_foremost(
    rules: dict[QueueName, Queue], free: tuple[Desk, ...], happens: list[tuple[str, Any]]
) -> None:
    indexed = Indexed(rules)
    for desk in free:
        indexed.change("is free", desk)
    matching = indexed.matching
    for what, subject in happens:
        indexed.change(what, subject)
    for name in (*NAMES, personal_queue(AGENTS[0])):
        here = [visit for visit in indexed.waiting.values() if visit.queue == name]
        here.sort(key=lambda visit: visit.place)
        assert list(matching.line(name)) == [visit.contact for visit in here]
        assert [matching.position(visit.contact) for visit in here] == [
            n for n, _ in enumerate(here, 1)
        ]
    able = {contact: indexed.able(visit) for contact, visit in indexed.waiting.items()}
    for contact, visit in indexed.waiting.items():
        assert matching.is_open(contact) == (contact in indexed.open)
        first = matching.best_agent(contact, visit.excludes)
        assert first == (able[contact][0] if able[contact] else None)
        if matching.rings_all(contact):
            assert list(matching.all_agents(contact, visit.excludes)) == able[contact]
    for agent in indexed.free:
        offered = [indexed.waiting[c] for c in indexed.open if agent in able[c]]
        foremost = min(offered, key=lambda visit: visit.place, default=None)
        found = matching.best_contact(
            agent, lambda contact, agent=agent: indexed.waiting[contact].excludes(agent)
        )
        assert (found and found.contact) == (foremost and foremost.contact)


def test_profiles_that_nobody_has_any_more_are_forgotten() -> None:
    matching = Matching()
    one = matching.profile(frozenset({NAMES[0]}), ())
    other = matching.profile(frozenset({NAMES[1]}), ())
    matching.keep_profiles([one])
    assert matching.profile(frozenset({NAMES[0]}), ()) is one
    assert matching.profile(frozenset({NAMES[1]}), ()) is not other


def test_placing_tells_whether_a_contact_looks_for_an_agent_anew() -> None:
    matching = Matching()
    visit = Visit(contact=CONTACTS[0], queue=NAMES[0], place=Place(1, 0.0, 1), enqueued_at=0.0)
    assert matching.place(visit, is_open=True)
    assert not matching.place(visit, is_open=True)
    assert not matching.place(visit, is_open=False)
    assert matching.place(visit, is_open=True)
    later = Visit(
        contact=CONTACTS[0], queue=NAMES[0], place=Place(1, 0.0, 1), enqueued_at=0.0, step=1
    )
    assert matching.place(later, is_open=True), "others may serve it at its next step"
    assert later.needs == ANYBODY
