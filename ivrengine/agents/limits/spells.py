"""What an agent is in the middle of, since when, and how long that may last. Pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from acd.agent_states import Presence, Work
from acd.model import AgentId, QueueName
from acd.state import Desk, Visit
from ivrengine.agents.limits.settings import OverlongSettings, SignOutSettings


class Doing(StrEnum):
    """What can last too long; the value is the label of the metric."""

    RING = "ring"
    TALK = "talk"
    HOLD = "hold"
    WRAP_UP = "wrap_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """One stretch of ``agent`` for ``queue`` from ``since`` on, too long after ``limit_s``."""

    agent: AgentId
    queue: QueueName
    doing: Doing
    since: float
    limit_s: float

    @property
    def due_at(self) -> float:
        """From when on it is too long."""
        return self.since + self.limit_s


class AbsenceCause(StrEnum):
    """How an agent who is there takes no callers; the value is the label of the metric."""

    NOT_READY = "not-ready"
    NOT_RESPONDING = "not-responding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """An agent who is there and takes no callers, to be signed out at ``due_at``.

    ``reason`` is what the agent gave for not being ready.
    """

    agent: AgentId
    cause: AbsenceCause
    due_at: float
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.cause}: {self.reason}" if self.reason else self.cause.value


def spells(
    desk: Desk, visit: Visit | None, queue: QueueName, limits: OverlongSettings
) -> Iterator[Spell]:
    """Give what ``desk`` is in the middle of for ``queue`` and has a limit.

    ``visit`` is the contact of the agent's conversation, which counts from the joining whatever
    was held meanwhile.
    """
    talks_since = desk.work_since
    if visit is not None and visit.joined_at is not None:
        talks_since = visit.joined_at
    match desk.work:
        case Work.RESERVED | Work.RINGING:
            found = [(Doing.RING, desk.work_since, limits.ring_s)]
        case Work.TALKING:
            found = [(Doing.TALK, talks_since, limits.talk_s)]
        case Work.HOLD:
            found = [
                (Doing.TALK, talks_since, limits.talk_s),
                (Doing.HOLD, desk.work_since, limits.hold_s),
            ]
        case Work.ACW:
            found = [(Doing.WRAP_UP, desk.work_since, limits.wrap_up_s)]
        case Work.IDLE | Work.NOT_RESPONDING | Work.EXTERNAL:
            found = []
        case _:
            assert_never(desk.work)
    for doing, since, limit_s in found:
        if limit_s > 0:
            yield Spell(agent=desk.agent, queue=queue, doing=doing, since=since, limit_s=limit_s)


def absence(desk: Desk, limits: SignOutSettings) -> Absence | None:
    """Return when ``desk`` is to be signed out; None for who works, or may stay away for ever.

    Naming another reason begins no new absence, and neither does anything but work: who calls out
    while not ready has the whole time again afterwards.
    """
    if desk.presence is Presence.LOGGED_OUT:
        return None
    if desk.work is Work.NOT_RESPONDING:
        limit_s, since = limits.not_responding_limit_s, desk.work_since
        cause, reason = AbsenceCause.NOT_RESPONDING, ""
    elif desk.presence is Presence.AUX and desk.work is Work.IDLE:
        limit_s = limits.not_ready_limit_s(desk.reason)
        since = max(desk.presence_since, desk.work_since)
        cause, reason = AbsenceCause.NOT_READY, desk.reason
    else:
        return None
    if limit_s <= 0:
        return None
    return Absence(agent=desk.agent, cause=cause, due_at=since + limit_s, reason=reason)
