"""What the measurement asks of either side: the engine, and app_queue in a bare Asterisk."""

from typing import Protocol

from ivrengine.bench.ready_to_ring.places import AGENTS, QUEUE
from ivrengine.errors import EngineError
from ivrengine.load.engine_api import EngineApi
from ivrengine.load.places import HOST
from ivrengine.softphone.sip.sdp import Address
from ivrengine.softswitch.ami.session import AmiSession
from ivrengine.softswitch.local.asterisk import LocalSoftswitch


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

    def __init__(self, sip: Address, api: EngineApi) -> None:
        self.sip = sip
        self._api = api

    async def log_in(self) -> None:
        """Have every agent there, and none of them ready."""
        for agent in AGENTS:
            await self._api.log_in(agent)
            await self.make_unready(agent)

    async def make_ready(self, agent: str) -> None:
        """Send the order of the agent's own console."""
        await self._api.make_ready(agent)

    async def make_unready(self, agent: str) -> None:
        """Send the agent into a break, which begins after the conversation."""
        await self._api.make_unready(agent)

    async def waiting(self) -> int:
        """Ask for the queue."""
        return next(queue.waiting for queue in await self._api.queues() if queue.name == QUEUE)


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
