"""How far a call had come when the engine died, read from its journal: pure folds over facts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from acd.model import ContactId, ReservationId
from acd.trunk_groups import LineClass
from ivrengine.agents.ports import TalkResumed, WithdrawCause
from ivrengine.calls.checkpoints import checkpoint_from_json
from ivrengine.calls.fact import Fact
from ivrengine.calls.facts import (
    CallAdmitted,
    CallAnswered,
    CallEnded,
    CallerIdentified,
    CallResumed,
    EntryMade,
    LanguageChosen,
    NodeReached,
    PersonJoined,
    PersonLeft,
    PersonSought,
    PromptHeard,
    SeekGivenUp,
    Timeline,
    WaitAnnounced,
)
from ivrengine.calls.kept_places import KeptPlace
from ivrengine.calls.promises import Promise
from ivrengine.calls.talk_facts import (
    OutsideJoined,
    OutsideLeft,
    PersonTransferred,
    RecordingOrdered,
    TalkTurned,
)
from ivrengine.calls.visit_resumed import ResumedVisit, resumed_partner, resumed_third
from ivrengine.flow.effects import Checkpoint
from ivrengine.services.callers import CallerProfile
from ivrengine.telephony import LegId
from ivrengine.values import AgentNumber, Language

FactT = TypeVar("FactT", bound=Fact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """Where a call goes on: at a checkpoint, and in a visit when there was one.

    ``is_undecided`` tells that nothing was keyed at the checkpoint, as far as is known: only whole
    entries are. ``kept`` are the places that the caller had left for the menus, ``promise`` is what
    the caller was told last of the wait that goes on.
    """

    language: Language
    checkpoint: Checkpoint | None
    visit: ResumedVisit | None
    met_person: bool
    is_undecided: bool = False
    kept: Sequence[KeptPlace] = ()
    promise: Promise | None = None

    @property
    def stage(self) -> str:
        """The word of the timeline for where the call goes on."""
        if self.visit is None:
            return "menus"
        return "talking" if self.visit.is_talk else "waiting"


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
        is_undecided=_is_undecided(timeline),
        kept=_kept(timeline),
        promise=_promise(timeline),
    )


def without_gone(found: Resumption, legs: Collection[LegId]) -> Resumption:
    """Return ``found`` with those gone from its conversation whose leg is not among ``legs``."""
    visit = found.visit
    if visit is None or not visit.is_talk:
        return found
    partner, third = resumed_partner(visit), resumed_third(visit)
    visit = replace(
        visit,
        agent_left=partner.leg not in legs,
        third_left=third is not None and third.leg not in legs,
    )
    return replace(found, visit=visit)


def _kept(timeline: Timeline) -> Sequence[KeptPlace]:
    """Return the places that the caller left by a key and did not come back to."""
    kept: dict[tuple[str, str], KeptPlace] = {}
    sought: PersonSought | None = None
    for fact in timeline.facts:
        match fact:
            case PersonSought(queue=queue, agent=agent):
                sought = fact
                kept.pop((queue, agent), None)
            case SeekGivenUp(outcome=WithdrawCause.KEY) if sought is not None:
                line = (sought.queue, sought.agent)
                kept[line] = KeptPlace(
                    queue=sought.queue, agent=sought.agent, since=sought.since, left_at=fact.at
                )
            case _:
                pass
    return tuple(kept.values())


def _promise(timeline: Timeline) -> Promise | None:
    told, sought = _last(timeline, WaitAnnounced), _last(timeline, PersonSought)
    if told is None or sought is None or told.contact != sought.contact:
        return None
    return Promise(within_s=int(told.expected_s), told_after_s=told.waited_s)


def _checkpoint(timeline: Timeline) -> Checkpoint | None:
    reached = _last(timeline, NodeReached)
    if reached is None:
        return None
    try:
        return checkpoint_from_json(reached.checkpoint)
    except ValueError:
        return None


def _is_undecided(timeline: Timeline) -> bool:
    for fact in reversed(timeline.facts):
        match fact:
            case NodeReached():
                return True
            case PromptHeard() | CallResumed() | EntryMade(keys=""):
                pass
            case _:
                return False
    return False


@dataclass(slots=True)
class _Visit:
    """What is known of the last visit, fact by fact."""

    sought: PersonSought | None = None
    joined: PersonJoined | None = None
    outside: OutsideJoined | None = None
    turned: TalkTurned | None = None
    recording_ordered: RecordingOrdered | None = None
    transferred: PersonTransferred | None = None
    bridge: str = ""

    def take(self, fact: Fact) -> None:
        """Take in the next fact."""
        match fact:
            case PersonSought():
                self.sought, self.joined, self.turned = fact, None, None
            case PersonJoined():
                self.joined, self.bridge = fact, fact.bridge
            case TalkTurned():
                self.turned = fact
            case RecordingOrdered():
                self.recording_ordered = fact
            case PersonTransferred():
                self.transferred = fact
            case OutsideJoined():
                self.outside, self.bridge = fact, fact.bridge
            case PersonLeft() | SeekGivenUp() | OutsideLeft():
                self.sought = self.joined = self.outside = self.turned = None
            case NodeReached() if self.sought is None and self.outside is None:
                # The flow has gone on, so nothing is left of an earlier transfer.
                self.transferred = None
            case CallEnded():
                self.sought = self.joined = self.outside = self.turned = self.transferred = None
            case _:
                pass


def _visit(timeline: Timeline) -> ResumedVisit | None:
    last = _Visit()
    for fact in timeline.facts:
        last.take(fact)
    sought, transferred = last.sought, last.transferred
    if sought is None and last.outside is None and transferred is None:
        return None
    queue = sought.queue if sought else transferred.queue if transferred else ""
    return ResumedVisit(
        queue=queue,
        talk=_talk(sought, last.joined, transferred),
        joined=last.joined,
        outside=last.outside,
        turned=last.turned,
        recording_ordered=last.recording_ordered,
        transferred=transferred,
        is_sought=sought is not None,
        last_bridge=last.bridge,
    )


def _talk(
    sought: PersonSought | None, joined: PersonJoined | None, transferred: PersonTransferred | None
) -> TalkResumed:
    since = sought.since if sought else transferred.since if transferred else 0.0
    return TalkResumed(
        contact=ContactId(sought.contact if sought else ""),
        reservation=ReservationId(joined.reservation if joined else ""),
        agent=AgentNumber(joined.agent if joined else sought.agent if sought else ""),
        agent_leg=LegId(joined.agent_leg if joined else ""),
        since=since,
    )


def _last(timeline: Timeline, kind: type[FactT]) -> FactT | None:
    return next((fact for fact in reversed(timeline.facts) if isinstance(fact, kind)), None)
