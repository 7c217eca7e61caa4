"""The running system as the demonstration asks of it: the HTTP API, and Asterisk's telephones."""

import asyncio
from collections.abc import Collection, Sequence

from acd.agent_states import Presence
from ivrengine.agents.orders import AgentVerb
from ivrengine.cli.api import Api, ApiRefused
from ivrengine.console.schemas import AgentShape, CallRecordShape, QueueShape
from ivrengine.demo.casting import Desk
from ivrengine.demo.house import KeptCall
from ivrengine.softswitch.local.asterisk import LocalSoftswitch


class ApiHouse:
    """Asks the engine through ``api``, which blocks, in threads of their own."""

    def __init__(self, api: Api, switch: LocalSoftswitch) -> None:
        self._api = api
        self._switch = switch

    async def desks(self) -> Sequence[Desk]:
        """Return every agent as it stands."""
        online = await self._switch.telephones()
        agents = await asyncio.to_thread(self._api.get, "agents", list[AgentShape])
        return [
            Desk(
                number=agent.number,
                queues=agent.queues,
                is_logged_in=agent.presence != Presence.LOGGED_OUT,
                has_telephone=agent.number in online,
            )
            for agent in agents
        ]

    async def queues_with_callers(self) -> Collection[str]:
        """Return the names of the queues in which somebody waits."""
        queues = await asyncio.to_thread(self._api.get, "queues", list[QueueShape])
        return {queue.name for queue in queues if queue.waiting}

    async def log_out(self, number: str) -> None:
        """End the agent's wrap-up and log it out; what is not possible any more is no fault."""
        for verb in (AgentVerb.END_WRAP_UP, AgentVerb.LOG_OUT):
            try:
                await asyncio.to_thread(self._api.post, f"agents/{number}/{verb}", AgentShape, {})
            except ApiRefused:
                continue

    async def newest_call(self, caller: str) -> KeptCall | None:
        """Return the newest call of a number once it is over."""
        rows = await asyncio.to_thread(self._records, caller)
        if not rows or rows[0].ended_at is None:
            return None
        return KeptCall(id=rows[0].id, recordings=rows[0].recordings)

    def _records(self, caller: str) -> Sequence[CallRecordShape]:
        return self._api.get("call-records", list[CallRecordShape], number=caller, limit=1)
