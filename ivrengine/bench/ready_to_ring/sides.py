"""What the measurement asks of either side: the engine, and app_queue in a bare Asterisk."""

from http import HTTPStatus
from typing import Final, Protocol

import aiohttp
from pydantic import TypeAdapter

from ivrengine.agents.orders import AgentVerb
from ivrengine.bench.ready_to_ring.places import AGENTS, HOST, QUEUE, Places
from ivrengine.console.schemas import QueueShape
from ivrengine.errors import EngineError
from ivrengine.softphone.sip.sdp import Address
from ivrengine.softswitch.ami.session import AmiSession
from ivrengine.softswitch.local.asterisk import LocalSoftswitch

_QUEUES: Final = TypeAdapter(list[QueueShape])


class Side(Protocol):
    """One of the two; every order returns once it was carried out.

    Every method raises EngineError when the side is away or declines.
    """

    @property
    def sip(self) -> Address:
        """Where callers call and agents register."""
        ...

    async def make_ready(self, agent: str) -> None:
        """Have an agent become ready for callers."""
        ...

    async def make_unready(self, agent: str) -> None:
        """Have an agent take no more callers, after the one it talks to."""
        ...

    async def waiting(self) -> int:
        """Return how many callers wait, as the side itself says."""
        ...


class EngineSide:
    """The engine, ordered over its HTTP API."""

    def __init__(self, places: Places, session: aiohttp.ClientSession) -> None:
        self.sip: Address = (HOST, places.engine_sip_port)
        self._base = f"http://{HOST}:{places.api_port}/api"
        self._session = session

    async def log_in(self) -> None:
        """Have every agent there, and none of them ready."""
        for agent in AGENTS:
            await self._order(agent, AgentVerb.LOG_IN)
            await self.make_unready(agent)

    async def make_ready(self, agent: str) -> None:
        """Send the order of the agent's own console."""
        await self._order(agent, AgentVerb.READY)

    async def make_unready(self, agent: str) -> None:
        """Send the agent into a break, which begins after the conversation."""
        await self._order(agent, AgentVerb.NOT_READY, reason="other")

    async def waiting(self) -> int:
        """Ask for the queue."""
        queues = _QUEUES.validate_json(await self._ask("GET", "queues"))
        return next(queue.waiting for queue in queues if queue.name == QUEUE)

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


class AppQueueSide:
    """Asterisk's app_queue, ordered over its manager port."""

    def __init__(self, switch: LocalSoftswitch, session: AmiSession) -> None:
        self.sip: Address = (HOST, switch.settings.sip_port)
        self._session = session

    async def log_in(self) -> None:
        """Have every member paused."""
        for agent in AGENTS:
            await self.make_unready(agent)

    async def make_ready(self, agent: str) -> None:
        """Take the member out of its pause."""
        await self._pause(agent, "false")

    async def make_unready(self, agent: str) -> None:
        """Put the member into a pause."""
        await self._pause(agent, "true")

    async def waiting(self) -> int:
        """Ask for the queue."""
        for message in await self._session.act("QueueSummary", Queue=QUEUE):
            if message.get("Event") == "QueueSummary":
                return int(str(message.get("Callers")))
        raise EngineError("app_queue does not know its queue")

    async def _pause(self, agent: str, paused: str) -> None:
        await self._session.act("QueuePause", Interface=f"PJSIP/{agent}", Paused=paused)
