"""What should be offered, worked out the slow and obvious way: no indexes, no heaps, no state.

It is given everybody who could be offered and everybody who could be offered to, and tries all of
them in order. What the router does after one event has to be the same.
"""

from collections.abc import Iterable

from acd.agent_states import Device, Presence, Work
from acd.contact_states import ContactState
from acd.model import AgentId, ContactId
from acd.state import Desk, Visit


def may_be_offered(visit: Visit) -> bool:
    return visit.state is ContactState.QUEUED and visit.claimed


def may_be_offered_to(desk: Desk) -> bool:
    return (
        desk.presence is Presence.AVAILABLE
        and desk.work is Work.IDLE
        and desk.device is Device.REACHABLE
        and desk.pending is None
        and not desk.cooling
    )


def suits(visit: Visit, desk: Desk) -> bool:
    return visit.queue in desk.queues and desk.agent not in dict(visit.excluded)


def offers_due(visits: Iterable[Visit], desks: Iterable[Desk]) -> list[tuple[ContactId, AgentId]]:
    """Pair the foremost contact that anybody can serve with the longest idle of them, and so on."""
    waiting = sorted(visits, key=lambda visit: visit.place)
    idle = sorted(desks, key=lambda desk: (desk.idle_since, desk.agent))
    due = []
    for visit in waiting:
        desk = next((desk for desk in idle if suits(visit, desk)), None)
        if desk is not None:
            idle.remove(desk)
            due.append((visit.contact, desk.agent))
    return due
