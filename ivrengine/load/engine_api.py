"""The engine's HTTP API as somebody who measures uses it."""

from http import HTTPStatus
from typing import Final

import aiohttp
from pydantic import TypeAdapter

from ivrengine.agents.orders import AgentVerb
from ivrengine.console.schemas import QueueShape
from ivrengine.console.trunks_api import TrunkShape
from ivrengine.errors import EngineError

_QUEUES: Final = TypeAdapter(list[QueueShape])
_TRUNKS: Final = TypeAdapter(list[TrunkShape])


class EngineApi:
    """Every method raises EngineError when the engine is away or declines."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self._base = base
        self._session = session

    async def log_in(self, agent: str) -> None:
        """Have an agent there."""
        await self._order(agent, AgentVerb.LOG_IN)

    async def make_ready(self, agent: str) -> None:
        """Send the order of the agent's own console."""
        await self._order(agent, AgentVerb.READY)

    async def make_unready(self, agent: str) -> None:
        """Send the agent into a break, which begins after the conversation."""
        await self._order(agent, AgentVerb.NOT_READY, reason="other")

    async def queues(self) -> list[QueueShape]:
        """Ask for the queues."""
        return _QUEUES.validate_json(await self._ask("GET", "queues"))

    async def trunks(self) -> list[TrunkShape]:
        """Ask for the groups of lines."""
        return _TRUNKS.validate_json(await self._ask("GET", "trunks"))

    async def _order(self, agent: str, verb: AgentVerb, *, reason: str = "") -> None:
        await self._ask("POST", f"agents/{agent}/{verb}", {"reason": reason})

    async def _ask(self, method: str, path: str, body: object = None) -> bytes:
        try:
            async with self._session.request(method, f"{self._base}/{path}", json=body) as answer:
                if answer.status != HTTPStatus.OK:
                    raise EngineError(f"{method} {path}: {await answer.text()}")
                return await answer.read()
        except (aiohttp.ClientError, TimeoutError) as fault:
            raise EngineError(f"{method} {path}: {fault or type(fault).__name__}") from fault
