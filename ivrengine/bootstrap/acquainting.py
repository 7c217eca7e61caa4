"""Who spoke with whom before this start, from the records of calls."""

import structlog

from acd.model import AgentId
from ivrengine.agents.dispatcher import Dispatcher
from ivrengine.agents.wishes import HOUR_S, KNOWN_FOR_H
from ivrengine.calls.ports import CallRecords
from ivrengine.errors import StorageError
from ivrengine.values import PhoneNumber

log = structlog.get_logger(__name__)

MOST_CALLS = 50_000
"""Calls that are looked at, the newest first."""


async def remember_callers(dispatcher: Dispatcher, records: CallRecords, *, now: float) -> None:
    """Tell distribution of earlier conversations, as far back as any queue asks for them.

    Records that cannot be read hold nobody up: callers then meet whoever is free.
    """
    hours = [
        queue.last_agent.within_h for queue in dispatcher.roster.queues.values() if queue.last_agent
    ]
    since = now - max([KNOWN_FOR_H, *hours]) * HOUR_S
    try:
        calls = await records.summaries(since=since, number="", limit=MOST_CALLS)
    except StorageError as fault:
        log.warning("acquaintances_not_read", fault=str(fault))
        return
    for call in calls:
        if call.agent:
            caller, agent = PhoneNumber(call.caller), AgentId(call.agent)
            dispatcher.acquaintances.met(caller, agent, call.ended_at or call.started_at)
    log.info("acquaintances_read", callers=len(dispatcher.acquaintances))
