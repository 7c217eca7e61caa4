"""What consoles, metrics and the API show of agents and queues: frozen pictures of one moment."""

from dataclasses import dataclass

from acd.agent_states import Device, Presence, Work
from acd.contact_states import ContactState
from acd.model import QueueName
from acd.router import Router
from acd.state import Desk
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


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """One queue; the counts are of this moment, the longest wait in seconds, 0.0 when empty.

    ``waiting`` counts callers who have no agent yet, rung for or not; ``talking`` counts this
    queue's conversations, and ``ready`` the agents who could take a caller now.
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


def agent_view(desk: Desk, router: Router, roster: Roster) -> AgentView:
    """Draw one agent, who must be on the roster."""
    number = AgentNumber(desk.agent)
    name = roster.agents[number].name
    served = next((o.contact for o in router.offers() if o.id == desk.reservation), "")
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
        contact=served,
    )


def queue_view(queue: QueueSettings, router: Router, now: float) -> QueueView:
    """Draw one queue at ``now``."""
    name = QueueName(queue.name)
    members = [desk for desk in router.desks() if name in desk.queues]
    here = [visit for visit in router.visits() if visit.queue == name]
    waiting = [visit for visit in here if visit.joined_at is None]
    return QueueView(
        name=name,
        title_zh=queue.title.zh,
        title_en=queue.title.en,
        waiting=len(waiting),
        longest_wait_s=max((now - visit.enqueued_at for visit in waiting), default=0.0),
        members=len(members),
        logged_in=sum(desk.logged_in for desk in members),
        ready=sum(desk.offerable for desk in members),
        talking=sum(
            visit.state in (ContactState.CONNECTED, ContactState.ON_HOLD) for visit in here
        ),
    )
