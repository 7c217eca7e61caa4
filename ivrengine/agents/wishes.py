"""From what a call wants to what distribution is told: the flow's wishes and the queue's rules.

Whom a caller had rather is said in three places: by the flow, and by the queue's settings for the
agent spoken with last and for the caller's own branch or dialect. Any of those will do, for as long
as the most patient of them allows. Whom an agent hands on is wanted by nobody in particular.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from acd.events import ContactQueued
from acd.model import AgentId, QueueName, personal_queue
from acd.requirements import ANYBODY, AnyOf, Requirement
from ivrengine.agents.acquaintances import Acquaintances
from ivrengine.agents.home import home_first
from ivrengine.agents.ports import PersonWanted
from ivrengine.agents.queue_settings import QueueSettings

HOUR_S = 3600.0

KNOWN_FOR_H = 24.0
"""How long an agent is known to a caller where the flow asks for the last one and not the queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Liking:
    """Agents by number, or by what they can do, who are preferred for a while."""

    agent: AgentId | None = None
    needs: Requirement = ANYBODY
    for_s: float


def queued(
    wanted: PersonWanted,
    queue: QueueSettings | None,
    acquaintances: Acquaintances,
    *,
    now: float,
) -> ContactQueued:
    """Return ``wanted`` as an event; ``queue`` is None for who asks for one agent."""
    likings = tuple(_likings(wanted, queue, acquaintances, now))
    liked = (part for each in likings for part in _alternatives(each.needs))
    agents = (each.agent for each in likings if each.agent is not None)
    return ContactQueued(
        contact=wanted.contact,
        queue=_queue_of(wanted),
        enqueued_at=wanted.since,
        needs=wanted.needs,
        prefers=tuple(dict.fromkeys(agents)),
        prefers_needs=_any_of(tuple(dict.fromkeys(liked))),
        prefers_for_s=max((each.for_s for each in likings), default=0.0),
        band=wanted.band,
        number=wanted.caller.digits,
    )


def _queue_of(wanted: PersonWanted) -> QueueName:
    if wanted.agent is None:
        return QueueName(wanted.queue)
    return personal_queue(AgentId(wanted.agent))


def _alternatives(needs: Requirement) -> tuple[Requirement, ...]:
    if needs == ANYBODY:
        return ()
    return needs.parts if isinstance(needs, AnyOf) else (needs,)


def _any_of(needs: tuple[Requirement, ...]) -> Requirement:
    if not needs:
        return ANYBODY
    return needs[0] if len(needs) == 1 else AnyOf(needs)


def _likings(
    wanted: PersonWanted, queue: QueueSettings | None, acquaintances: Acquaintances, now: float
) -> Iterator[_Liking]:
    """Yield who is preferred, leaving out what comes to nobody in particular."""
    if wanted.led_on:
        return
    prefers, last, home = wanted.prefers, None, None
    if queue is not None:
        last, home = queue.last_agent, queue.home_first
    if prefers is not None and prefers.agent:
        yield _Liking(agent=AgentId(prefers.agent), for_s=prefers.for_s)
    if prefers is not None and prefers.needs != ANYBODY:
        yield _Liking(needs=prefers.needs, for_s=prefers.for_s)
    asks_for_last = prefers is not None and prefers.last_agent
    if last is not None or asks_for_last:
        known_for_h = KNOWN_FOR_H if last is None else last.within_h
        agent = acquaintances.of(wanted.caller, since=now - known_for_h * HOUR_S)
        patient_s = (last.for_s if last else 0.0, prefers.for_s if prefers else 0.0)
        if agent is not None:
            yield _Liking(agent=agent, for_s=max(patient_s))
    if home is not None:
        needs = home_first(home, branch=wanted.branch, dialect=wanted.dialect)
        if needs != ANYBODY:
            yield _Liking(needs=needs, for_s=home.for_s)
