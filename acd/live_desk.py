"""An agent's record as it is worked on: one object a desk, changed in place.

Most events change a field or two of some agent, so the record is not copied for each. It never
leaves the router's own parts; whoever else asks gets a :class:`~acd.state.Desk`, which is a value.
"""

from math import exp, inf, log
from typing import Final

from acd.agent_states import ENGAGED, Device, Presence, Work
from acd.free_agents import Profile, Seat
from acd.model import AgentId, QueueName, ReservationId
from acd.state import Desk, Wish

BUSY: Final = ENGAGED | {Work.ACW}
"""What counts as occupied: being rung, talking, holding, wrapping up."""


class LiveDesk:
    """One agent; the fields are those of :class:`~acd.state.Desk`.

    ``profile`` is that of ``queues``, less the agent's own line, and ``skills``.
    """

    __slots__ = (
        "agent",
        "calls",
        "cooling",
        "device",
        "forced_by",
        "idle_since",
        "load_at",
        "load_s",
        "misses",
        "pending",
        "presence",
        "presence_since",
        "profile",
        "queues",
        "reason",
        "reservation",
        "retired",
        "site",
        "skills",
        "turn",
        "work",
        "work_since",
    )

    def __init__(self, desk: Desk, profile: Profile) -> None:
        self.agent: AgentId = desk.agent
        self.profile = profile
        self.queues: frozenset[QueueName] = desk.queues
        self.skills = desk.skills
        self.site: str = desk.site
        self.retired: bool = desk.retired
        self.presence: Presence = desk.presence
        self.reason: str = desk.reason
        self.forced_by: str = desk.forced_by
        self.presence_since: float = desk.presence_since
        self.pending: Wish | None = desk.pending
        self.work: Work = desk.work
        self.work_since: float = desk.work_since
        self.device: Device = desk.device
        self.idle_since: float = desk.idle_since
        self.cooling: bool = desk.cooling
        self.misses: int = desk.misses
        self.reservation: ReservationId | None = desk.reservation
        self.calls: int = desk.calls
        self.turn: int = desk.turn
        self.load_s: float = desk.load_s
        self.load_at: float = desk.load_at

    def value(self) -> Desk:
        """Return the record as it is now."""
        return Desk(
            agent=self.agent,
            queues=self.queues,
            skills=self.skills,
            site=self.site,
            retired=self.retired,
            presence=self.presence,
            reason=self.reason,
            forced_by=self.forced_by,
            presence_since=self.presence_since,
            pending=self.pending,
            work=self.work,
            work_since=self.work_since,
            device=self.device,
            idle_since=self.idle_since,
            cooling=self.cooling,
            misses=self.misses,
            reservation=self.reservation,
            calls=self.calls,
            turn=self.turn,
            load_s=self.load_s,
            load_at=self.load_at,
        )

    @property
    def logged_in(self) -> bool:
        """Tell whether the agent is there, ready or not."""
        return self.presence is not Presence.LOGGED_OUT

    @property
    def offerable(self) -> bool:
        """Tell whether an offer may be made, as :attr:`~acd.state.Desk.offerable` does."""
        return (
            self.work is Work.IDLE
            and self.presence is Presence.AVAILABLE
            and self.device is Device.REACHABLE
            and self.pending is None
            and not self.cooling
        )

    def seat(self, window_s: float) -> Seat:
        """Return by what the agent, who is free, is picked."""
        return Seat(self.profile, self.idle_since, self._load(window_s), self.calls, self.turn)

    def _load(self, window_s: float) -> float:
        """Return what orders idle agents by occupancy, the least occupied first.

        Seconds of work count for less by ``exp(-age / window_s)``. At a time ``t`` an idle agent's
        load is therefore ``load_s * exp((load_at - t) / window_s)``. Its logarithm, less the ``t``
        that is the same for all, does not change while the agent idles. Loads that differ by less
        than a millionth count as equal, so that no rounding decides between agents.
        """
        if self.load_s <= 0:
            return -inf
        return round(log(self.load_s) + self.load_at / window_s, 6)

    def work_on(self, work: Work, now: float, *, window_s: float) -> None:
        """Do ``work`` from ``now`` on, and reckon what was done until then."""
        was_busy, is_busy = self.work in BUSY, work in BUSY
        if was_busy != is_busy:
            # A clock that was set back must not make work that was never done.
            kept = exp(min(0.0, self.load_at - now) / window_s)
            done_s = window_s * (1 - kept) if was_busy else 0.0
            self.load_s = self.load_s * kept + done_s
            self.load_at = now
        self.work = work
        self.work_since = now
