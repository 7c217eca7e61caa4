"""How far a call had come when the engine died, read from its journal: pure folds over facts."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TypeVar

from acd.model import ContactId, ReservationId
from acd.trunk_groups import LineClass
from ivrengine.agents.ports import TalkResumed
from ivrengine.calls.checkpoints import checkpoint_from_json
from ivrengine.calls.facts import (
    CallAdmitted,
    CallAnswered,
    CallEnded,
    CallerIdentified,
    Fact,
    LanguageChosen,
    NodeReached,
    PersonJoined,
    PersonLeft,
    PersonSought,
    SeekGivenUp,
    Timeline,
)
from ivrengine.calls.performer import ResumedVisit
from ivrengine.flow.effects import Checkpoint
from ivrengine.services.callers import CallerProfile
from ivrengine.telephony import LegId
from ivrengine.values import AgentNumber, Language

FactT = TypeVar("FactT", bound=Fact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """Where a call goes on: at a checkpoint, and in a visit when there was one."""

    language: Language
    checkpoint: Checkpoint | None
    visit: ResumedVisit | None
    met_person: bool

    @property
    def stage(self) -> str:
        """The word of the timeline for where the call goes on."""
        if self.visit is None:
            return "menus"
        return "waiting" if self.visit.joined is None else "talking"


def admission(timeline: Timeline) -> CallAdmitted | None:
    """Return the fact that began the call, None when its beginning is lost."""
    return _last(timeline, CallAdmitted)


def was_answered(timeline: Timeline) -> bool:
    """Tell whether the caller had been answered."""
    return _last(timeline, CallAnswered) is not None


def proved_profile(timeline: Timeline) -> CallerProfile | None:
    """Return who the caller had proved to be, None when there was no proof."""
    proof = _last(timeline, CallerIdentified)
    if proof is None:
        return None
    return CallerProfile(
        caller_class=line_class(proof.caller_class),
        customer=proof.customer,
        branch=proof.branch,
        dialect=proof.dialect,
    )


def line_class(word: str) -> LineClass:
    """Return the class of which a fact tells."""
    try:
        return LineClass(word)
    except ValueError:
        # Another version of this program knew a class that there is not any more.
        return LineClass.ORDINARY


def resumption(timeline: Timeline) -> Resumption:
    """Return where the call of ``timeline`` goes on."""
    chosen = _last(timeline, LanguageChosen)
    return Resumption(
        language=Language(chosen.language) if chosen else Language.MANDARIN,
        checkpoint=_checkpoint(timeline),
        visit=_visit(timeline),
        met_person=_last(timeline, PersonJoined) is not None,
    )


def without_agent(found: Resumption, legs: Collection[LegId]) -> Resumption:
    """Return ``found`` with its conversation over when the agent's leg is not among ``legs``."""
    visit = found.visit
    if visit is None or visit.joined is None or visit.talk.agent_leg in legs:
        return found
    return replace(found, visit=replace(visit, agent_left=True))


def _checkpoint(timeline: Timeline) -> Checkpoint | None:
    reached = _last(timeline, NodeReached)
    if reached is None:
        return None
    try:
        return checkpoint_from_json(reached.checkpoint)
    except ValueError:
        return None


def _visit(timeline: Timeline) -> ResumedVisit | None:
    sought: PersonSought | None = None
    joined: PersonJoined | None = None
    for fact in timeline.facts:
        match fact:
            case PersonSought():
                sought, joined = fact, None
            case PersonJoined():
                joined = fact
            case PersonLeft() | SeekGivenUp() | CallEnded():
                sought = joined = None
            case _:
                pass
    if sought is None:
        return None
    return ResumedVisit(queue=sought.queue, talk=_talk(sought, joined), joined=joined)


def _talk(sought: PersonSought, joined: PersonJoined | None) -> TalkResumed:
    return TalkResumed(
        contact=ContactId(sought.contact),
        reservation=ReservationId(joined.reservation if joined else ""),
        agent=AgentNumber(joined.agent if joined else sought.agent),
        agent_leg=LegId(joined.agent_leg if joined else ""),
        since=sought.since,
    )


def _last(timeline: Timeline, kind: type[FactT]) -> FactT | None:
    return next((fact for fact in reversed(timeline.facts) if isinstance(fact, kind)), None)
