"""What should be offered, worked out the slow and obvious way: no indexes, no heaps, no state.

It is given everybody who could be offered and everybody who could be offered to, and tries all of
them in order. What the router does after one event has to be the same.
"""

from collections.abc import Iterable, Mapping
from math import exp, inf, log

from acd.agent_states import Device, Presence, Work
from acd.contact_states import ContactState
from acd.model import AgentId, ContactId, Pick, Queue, QueueName
from acd.requirements import ANYBODY, AllOf, AnyOf, AtLeast, Not, Requirement
from acd.state import Desk, Visit

Due = list[tuple[ContactId, AgentId]]


def may_be_offered(visit: Visit) -> bool:
    return visit.state is ContactState.QUEUED and visit.claimed and not visit.parked


def may_be_offered_to(desk: Desk) -> bool:
    return (
        desk.presence is Presence.AVAILABLE
        and desk.work is Work.IDLE
        and desk.device is Device.REACHABLE
        and desk.pending is None
        and not desk.cooling
    )


def meets(desk: Desk, needs: Requirement) -> bool:
    match needs:
        case AtLeast():
            return any(has.name == needs.skill and has.level >= needs.level for has in desk.skills)
        case AllOf():
            return all(meets(desk, part) for part in needs.parts)
        case AnyOf():
            return any(meets(desk, part) for part in needs.parts)
        case Not():
            return not meets(desk, needs.part)


def suits(visit: Visit, desk: Desk, queue: Queue) -> bool:
    if visit.queue not in desk.queues or desk.agent in dict(visit.excluded):
        return False
    passed = queue.steps[: visit.step + 1]
    by_step = [meets(desk, step.needs) for step in passed]
    if by_step and not (by_step[-1] if queue.steps_replace else any(by_step)):
        return False
    if not meets(desk, visit.needs):
        return False
    if visit.prefers_until is None or visit.queue.startswith("agent:"):
        return True
    by_skill = visit.prefers_needs != ANYBODY and meets(desk, visit.prefers_needs)
    return desk.agent in visit.prefers or by_skill


def order(desk: Desk, queue: Queue, now: float, turns: Mapping[AgentId, int]) -> tuple[object, ...]:
    """The key by which a queue chooses among agents; ``turns`` are those before the event."""
    idle = (desk.idle_since, desk.agent)
    match queue.pick:
        case Pick.MOST_SKILLED:
            levels = {skill.name: skill.level for skill in desk.skills}
            return (-levels.get(queue.pick_skill or "", 0), *idle)
        case Pick.LEAST_OCCUPIED:
            load_s = desk.load_s * exp((desk.load_at - now) / 1800.0)
            return (round(log(load_s), 6) if load_s > 0 else -inf, *idle)
        case Pick.ROUND_ROBIN:
            return (turns.get(desk.agent, desk.turn), *idle)
        case Pick.FEWEST_CALLS:
            return (desk.calls, *idle)
        case Pick.LONGEST_IDLE | Pick.RING_ALL:
            return idle


def offers_due(
    visits: Iterable[Visit],
    desks: Iterable[Desk],
    queues: Mapping[QueueName, Queue],
    *,
    now: float,
    turns: Mapping[AgentId, int],
) -> Due:
    """Pair the foremost contact that anybody can serve with the first choice of them, and so on."""
    waiting = sorted(visits, key=lambda visit: visit.place)
    idle = list(desks)
    due: Due = []
    for visit in waiting:
        queue = queues.get(visit.queue, Queue(name=visit.queue))
        able = [desk for desk in idle if suits(visit, desk, queue)]
        able.sort(key=lambda desk: order(desk, queue, now, turns))
        for desk in able if queue.pick is Pick.RING_ALL else able[:1]:
            idle.remove(desk)
            due.append((visit.contact, desk.agent))
    return due
