"""Why a contact waits: where it stands, what it asks for, and why each agent is not offered it.

Values only, drawn from the state of the moment; nothing is decided here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from acd.agent_states import ENGAGED, Device, Presence, Work
from acd.contact_states import ContactState
from acd.model import AgentId, ContactId, Place, Queue, QueueName, TimerKind, owner_of
from acd.requirements import ANYBODY, AllOf, Requirement
from acd.state import Desk, Visit
from acd.timers import Timers

_CHANGES = (
    TimerKind.STEP,
    TimerKind.PROMOTE,
    TimerKind.PREFERENCE,
    TimerKind.OVERFLOW,
    TimerKind.EXCLUSION,
    TimerKind.CLAIM,
    TimerKind.CALLBACK_RETRY,
)


class WhyNot(StrEnum):
    """Why an agent is not offered a contact; the first that applies is given."""

    LOGGED_OUT = "logged-out"
    AUX = "aux"
    BUSY = "busy"
    WRAPPING_UP = "wrapping-up"
    NOT_RESPONDING = "not-responding"
    COOLING_OFF = "cooling-off"
    EXCLUDED = "excluded"
    """The agent refused or missed this contact a short while ago."""
    UNSKILLED = "unskilled"
    UNREACHABLE = "unreachable"
    NOT_PREFERRED = "not-preferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentVerdict:
    """One agent of the queue; ``reason`` None means that the agent could be offered the contact.

    ``missing`` is the text of what is required and not met, for UNSKILLED. ``until`` is when an
    exclusion ends.
    """

    agent: AgentId
    reason: WhyNot | None
    missing: str = ""
    until: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextChange:
    """What time will do next to the contact, and when."""

    kind: TimerKind
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One contact at one moment.

    ``position`` counts from 1 and is None when the contact is not in line. ``step`` counts from 0
    and is one of ``steps``, 0 of them when any member of the queue will do. ``requirement`` is what
    an agent has to meet now, preference aside; ``preference`` is empty when none holds.
    ``expected_wait_s`` is None when nobody can tell. A callback that is ``parked`` waits for its
    next attempt.
    """

    contact: ContactId
    queue: QueueName
    state: ContactState
    place: Place
    position: int | None
    enqueued_at: float
    step: int
    steps: int
    requirement: str
    preference: str
    agents: tuple[AgentVerdict, ...]
    offers: int
    expected_wait_s: float | None
    next_change: NextChange | None
    been: tuple[QueueName, ...]
    callback: bool
    attempts: int
    parked: bool


def explanation(
    visit: Visit,
    queue: Queue,
    desks: Iterable[Desk],
    *,
    position: int | None,
    expected_wait_s: float | None,
    next_change: NextChange | None,
) -> Explanation:
    """Explain ``visit``, whose queue has the rules of ``queue``."""
    return Explanation(
        contact=visit.contact,
        queue=visit.queue,
        state=visit.state,
        place=visit.place,
        position=position,
        enqueued_at=visit.enqueued_at,
        step=visit.step,
        steps=len(queue.steps),
        requirement=str(required(visit, queue)),
        preference=preference(visit),
        agents=verdicts(visit, queue, desks),
        offers=visit.offers,
        expected_wait_s=expected_wait_s,
        next_change=next_change,
        been=visit.entry.been,
        callback=visit.callback,
        attempts=visit.attempts,
        parked=visit.parked,
    )


def next_change(contact: ContactId, timers: Timers) -> NextChange | None:
    """Return what time will do next to ``contact``."""
    dues = [(timers.ends_at(kind, contact), kind) for kind in _CHANGES]
    at, kind = min((due for due in dues if due[0] is not None), default=(None, None))
    return None if at is None or kind is None else NextChange(kind=kind, at=at)


def required(visit: Visit, queue: Queue) -> Requirement:
    """Return what an agent has to meet for ``visit`` now, preference aside."""
    step = ANYBODY if owner_of(queue.name) is not None else queue.needs_at(visit.step)
    parts = tuple(part for part in (step, visit.needs) if part != ANYBODY)
    return parts[0] if len(parts) == 1 else AllOf(parts)


def preference(visit: Visit) -> str:
    """Return whom ``visit`` prefers, as a text; empty when no preference holds."""
    if visit.prefers_until is None:
        return ""
    by_skill = () if visit.prefers_needs == ANYBODY else (str(visit.prefers_needs),)
    return " or ".join((*visit.prefers, *by_skill))


def verdicts(visit: Visit, queue: Queue, desks: Iterable[Desk]) -> tuple[AgentVerdict, ...]:
    """Judge every agent of ``queue``, in the order of their ids."""
    needs = required(visit, queue)
    return tuple(
        _verdict(visit, desk, needs)
        for desk in sorted(desks, key=lambda desk: desk.agent)
        if queue.name in desk.queues or owner_of(queue.name) == desk.agent
    )


def _verdict(visit: Visit, desk: Desk, needs: Requirement) -> AgentVerdict:
    skills = {skill.name: skill.level for skill in desk.skills}
    at_rest = _not_at_rest(desk)
    if at_rest is not None:
        return AgentVerdict(agent=desk.agent, reason=at_rest)
    if visit.excludes(desk.agent):
        until = dict(visit.excluded)[desk.agent]
        return AgentVerdict(agent=desk.agent, reason=WhyNot.EXCLUDED, until=until)
    if not needs.met_by(skills):
        parts = needs.parts if isinstance(needs, AllOf) else (needs,)
        missing = " and ".join(str(part) for part in parts if not part.met_by(skills))
        return AgentVerdict(agent=desk.agent, reason=WhyNot.UNSKILLED, missing=missing)
    if desk.device is not Device.REACHABLE:
        busy = desk.device is Device.BUSY_ELSEWHERE
        reason = WhyNot.BUSY if busy else WhyNot.UNREACHABLE
        return AgentVerdict(agent=desk.agent, reason=reason)
    if visit.prefers_until is not None and desk.agent not in visit.prefers:
        liked = visit.prefers_needs != ANYBODY and visit.prefers_needs.met_by(skills)
        if not liked:
            return AgentVerdict(agent=desk.agent, reason=WhyNot.NOT_PREFERRED)
    return AgentVerdict(agent=desk.agent, reason=None)


def _not_at_rest(desk: Desk) -> WhyNot | None:
    """Return what keeps an agent from any contact, the telephone aside."""
    if not desk.logged_in:
        return WhyNot.LOGGED_OUT
    if desk.work in ENGAGED or desk.work is Work.EXTERNAL:
        return WhyNot.BUSY
    if desk.presence is Presence.AUX:
        return WhyNot.AUX
    if desk.work is Work.ACW:
        return WhyNot.WRAPPING_UP
    if desk.work is Work.NOT_RESPONDING:
        return WhyNot.NOT_RESPONDING
    return WhyNot.COOLING_OFF if desk.cooling else None
