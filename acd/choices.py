"""Why it was this agent: what was asked for, and by what the agent stood out among the free ones.

Drawn from the state right after an offer, so that a call's record can say it for as long as it is
kept. Nothing is decided here.
"""

from dataclasses import dataclass
from typing import assert_never

from acd.explanations import preference, required
from acd.model import Pick, Queue, QueueName, owner_of
from acd.requirements import ANYBODY
from acd.state import Desk, Visit

BY_NUMBER = "by-number"
"""Stands for the pick where a contact asked for one agent alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The reason of one offer.

    ``step`` counts the steps of ``queue`` from 0. ``needs`` is what the agent had to meet, empty
    when any member would do; ``preference`` is empty when none held. ``pick`` is the rule among
    those who would do, and ``rank`` what it went by, such as ``trading 3, idle for 12 s``.
    """

    queue: QueueName
    step: int
    needs: str
    preference: str
    pick: str
    rank: str
    waited_s: float


def choice(visit: Visit, queue: Queue, desk: Desk, now: float) -> Choice:
    """Return why ``desk``, reserved at ``now``, is offered ``visit`` by the rules of ``queue``."""
    needs = required(visit, queue)
    by_number = owner_of(visit.queue) is not None
    return Choice(
        queue=visit.queue,
        step=visit.step,
        needs="" if needs == ANYBODY else str(needs),
        preference=preference(visit),
        pick=BY_NUMBER if by_number else queue.pick.value,
        rank="" if by_number else _rank(queue, desk, now),
        waited_s=max(0.0, now - visit.enqueued_at),
    )


def _rank(queue: Queue, desk: Desk, now: float) -> str:
    idle = f"idle for {max(0.0, now - desk.idle_since):.0f} s"
    match queue.pick:
        case Pick.LONGEST_IDLE:
            return idle
        case Pick.MOST_SKILLED:
            levels = {skill.name: skill.level for skill in desk.skills}
            level = 0 if queue.pick_skill is None else levels.get(queue.pick_skill, 0)
            return f"{queue.pick_skill} {level}, {idle}"
        case Pick.LEAST_OCCUPIED:
            return f"busy for {desk.load_s:.0f} s of late"
        case Pick.ROUND_ROBIN:
            return f"turn {desk.turn}"
        case Pick.FEWEST_CALLS:
            return f"{desk.calls} calls since the login"
        case Pick.RING_ALL:
            return "all who are free"
        case _:
            assert_never(queue.pick)
