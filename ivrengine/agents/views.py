"""What consoles, metrics and the API show of agents and queues: frozen pictures of one moment."""

from dataclasses import dataclass

from acd.agent_states import Device, Presence, Work
from ivrengine.values import AgentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentView:
    """One agent; ``state`` is the one word for people, drawn from the three machines.

    ``state`` is one of ``logged_out``, ``ready``, ``not_ready``, ``ringing``, ``talking``,
    ``wrap_up``, ``not_responding``, ``outside_call``, ``unreachable``, ``cooling_off``. Times are
    epoch seconds; ``contact`` is empty while the agent serves nobody.
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
    """One queue; the counts are of this moment, the longest wait in seconds, 0.0 when empty."""

    name: str
    waiting: int
    longest_wait_s: float
    members: int
    logged_in: int
    ready: int
    talking: int
