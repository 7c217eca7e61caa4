"""What consoles, metrics and the API show of agents and queues: frozen pictures of one moment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from acd.agent_states import Device, Presence, Work
from acd.contact_states import ContactState
from acd.estimator import Estimator
from acd.kpis.agent_report import AgentReport
from acd.kpis.queue_report import QueueReport
from acd.model import AgentId, ContactId, QueueName, ReservationId
from acd.router import Router
from acd.state import Desk, Visit
from ivrengine.agents.figures import DayFigures
from ivrengine.agents.queue_settings import QueueSettings
from ivrengine.agents.roster import Roster
from ivrengine.values import AgentNumber

AGENT_STATES = (
    "logged_out",
    "ready",
    "not_ready",
    "ringing",
    "talking",
    "wrap_up",
    "not_responding",
    "outside_call",
    "unreachable",
    "cooling_off",
)
"""The words for people, of which each agent always shows one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentView:
    """One agent; ``state`` is the one word for people, drawn from the three machines.

    ``state`` is one of :data:`AGENT_STATES`. ``pending`` is what the agent asked for during a call,
    empty when nothing. Times are epoch seconds; ``contact`` is empty while the agent serves nobody.
    ``forced_by`` names the supervisor who put the agent into its presence. ``occupancy_today`` runs
    from 0 to 1 and is None for who was not there today. ``overlong`` is what the agent has been
    doing for too long: ring, talk, hold, wrap_up.
    """

    number: AgentNumber
    name_zh: str
    name_en: str
    state: str
    presence: Presence
    reason: str
    pending: str
    work: Work
    device: Device
    presence_since: float
    work_since: float
    queues: tuple[str, ...]
    contact: str
    skills: tuple[tuple[str, int], ...] = ()
    forced_by: str = ""
    handled_today: int = 0
    occupancy_today: float | None = None
    overlong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """One queue; the counts are of this moment, the longest wait in seconds, 0.0 when empty.

    ``waiting`` counts callers who have no agent yet, rung for or not; ``talking`` counts this
    queue's conversations, ``ready`` the agents who could take a caller now and ``wrapping_up``
    those of the queue's agents who are in wrap-up. ``expected_wait_s`` is what a caller would wait
    who came now, None when nobody can tell. Shares run from 0 to 1, None without callers.
    """

    name: str
    title_zh: str
    title_en: str
    waiting: int
    longest_wait_s: float
    members: int
    logged_in: int
    ready: int
    talking: int
    wrapping_up: int = 0
    expected_wait_s: float | None = None
    entered_today: int = 0
    answered_today: int = 0
    abandoned_today: int = 0
    service_level_today: float | None = None
    abandon_rate_today: float | None = None


def state_of(desk: Desk) -> str:
    """Return the one word for people for what an agent does."""
    match desk.work:
        case Work.TALKING | Work.HOLD:
            return "talking"
        case Work.RESERVED | Work.RINGING:
            return "ringing"
        case Work.EXTERNAL:
            return "outside_call"
        case Work.ACW | Work.NOT_RESPONDING | Work.IDLE:
            return _state_at_rest(desk)


def _state_at_rest(desk: Desk) -> str:
    if not desk.logged_in:
        return "logged_out"
    if desk.work is Work.ACW:
        return "wrap_up"
    if desk.presence is Presence.AUX:
        return "not_ready"
    if desk.work is Work.NOT_RESPONDING:
        return "not_responding"
    if desk.device is Device.UNREACHABLE:
        return "unreachable"
    if desk.device is Device.BUSY_ELSEWHERE:
        return "outside_call"
    return "cooling_off" if desk.cooling else "ready"


def agent_views(
    numbers: Iterable[AgentNumber], router: Router, roster: Roster, today: DayFigures
) -> Sequence[AgentView]:
    """Draw the agents of these numbers; who is unknown to router or roster is left out."""
    served = {offer.id: offer.contact for offer in router.offers()}
    desks = ((number, router.desk(AgentId(number))) for number in numbers)
    return [
        _agent_view(desk, roster, served, today.agents.get(number))
        for number, desk in desks
        if desk is not None and number in roster.agents
    ]


def _agent_view(
    desk: Desk,
    roster: Roster,
    served: Mapping[ReservationId, ContactId],
    report: AgentReport | None,
) -> AgentView:
    number = AgentNumber(desk.agent)
    name = roster.agents[number].name
    contact = None if desk.reservation is None else served.get(desk.reservation)
    return AgentView(
        number=number,
        name_zh=name.zh,
        name_en=name.en,
        state=state_of(desk),
        presence=desk.presence,
        reason=desk.reason,
        pending="" if desk.pending is None else desk.pending.trigger,
        work=desk.work,
        device=desk.device,
        presence_since=desk.presence_since,
        work_since=desk.work_since,
        queues=tuple(sorted(roster.queues_of(number))),
        contact=contact or "",
        skills=tuple(sorted(desk.skills)),
        forced_by=desk.forced_by,
        handled_today=0 if report is None else report.calls.handled,
        occupancy_today=None if report is None else report.load.occupancy,
    )


def states(router: Router, roster: Roster) -> Iterator[str]:
    """Give the one word for what each agent of the roster does, in any order."""
    return (state_of(desk) for desk in router.desks() if AgentNumber(desk.agent) in roster.agents)


def waiting(router: Router, roster: Roster) -> Mapping[str, int]:
    """Count the callers of each queue who have no agent yet."""
    counts = dict.fromkeys(roster.queues, 0)
    for visit in router.visits():
        if visit.joined_at is None and visit.queue in counts:
            counts[visit.queue] += 1
    return counts


@dataclass(slots=True)
class _Counts:
    """What is counted of one queue in one pass over all agents and callers."""

    members: int = 0
    logged_in: int = 0
    ready: int = 0
    wrapping_up: int = 0
    talking: int = 0
    waiting: int = 0
    first_at: float = inf

    def add_agent(self, desk: Desk) -> None:
        self.members += 1
        self.logged_in += desk.logged_in
        self.ready += desk.offerable
        self.wrapping_up += desk.logged_in and desk.work is Work.ACW

    def add_visit(self, visit: Visit) -> None:
        self.talking += visit.state in (ContactState.CONNECTED, ContactState.ON_HOLD)
        if visit.joined_at is None:
            self.waiting += 1
            self.first_at = min(self.first_at, visit.enqueued_at)


def queue_views(
    router: Router, roster: Roster, estimator: Estimator, *, today: DayFigures, now: float
) -> Sequence[QueueView]:
    """Draw every queue at ``now``."""
    counts = {QueueName(name): _Counts() for name in roster.queues}
    for desk in router.desks():
        for name in desk.queues & counts.keys():
            counts[name].add_agent(desk)
    for visit in router.visits():
        if visit.queue in counts:
            counts[visit.queue].add_visit(visit)
    views = []
    for name, counted in counts.items():
        longest_wait_s = now - counted.first_at if counted.waiting else 0.0
        expected_wait_s = estimator.expected_wait_s(name, counted.waiting)
        view = _queue_view(roster.queues[name], counted, today.queues.get(name))
        views.append(replace(view, longest_wait_s=longest_wait_s, expected_wait_s=expected_wait_s))
    return views


def _queue_view(queue: QueueSettings, counts: _Counts, report: QueueReport | None) -> QueueView:
    return QueueView(
        name=queue.name,
        title_zh=queue.title.zh,
        title_en=queue.title.en,
        waiting=counts.waiting,
        longest_wait_s=0.0,
        members=counts.members,
        logged_in=counts.logged_in,
        ready=counts.ready,
        talking=counts.talking,
        wrapping_up=counts.wrapping_up,
        entered_today=0 if report is None else report.visits.entered,
        answered_today=0 if report is None else report.visits.answered,
        abandoned_today=0 if report is None else report.visits.abandoned,
        service_level_today=None if report is None else report.service.service_level,
        abandon_rate_today=None if report is None else report.visits.abandon_rate,
    )
