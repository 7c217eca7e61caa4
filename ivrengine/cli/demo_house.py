"""The running system as the demonstration asks of it: the HTTP API, and Asterisk's telephones."""

import asyncio
from collections.abc import Collection, Sequence

from acd.agent_states import Presence
from ivrengine.agents.orders import AgentVerb
from ivrengine.cli.api import Api, ApiRefused
from ivrengine.config import Settings
from ivrengine.console.schemas import AgentShape, CallRecordShape, QueueShape
from ivrengine.demo.casting import Desk
from ivrengine.demo.house import KeptCall
from ivrengine.softswitch.local.instance import load_or_make_secrets, paths_of
from ivrengine.softswitch.local.probes import telephones_online

_ASTERISK_ANSWERS_S = 5.0


class ApiHouse:
    """Asks the API of a system, which blocks, in threads of their own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._api = Api(settings)

    async def desks(self) -> Sequence[Desk]:
        """Return every agent as it stands."""
        online = await self._telephones_online()
        agents = await asyncio.to_thread(self._api.get, "agents", list[AgentShape])
        return [
            Desk(
                number=agent.number,
                name_zh=agent.name_zh,
                name_en=agent.name_en,
                queues=agent.queues,
                is_logged_in=agent.presence != Presence.LOGGED_OUT,
                has_telephone=agent.number in online,
            )
            for agent in agents
        ]

    async def _telephones_online(self) -> Collection[str]:
        secrets = load_or_make_secrets(paths_of(self._settings.state_dir))
        return await telephones_online(
            self._settings.softswitch, secrets.ari, timeout_s=_ASTERISK_ANSWERS_S
        )

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
