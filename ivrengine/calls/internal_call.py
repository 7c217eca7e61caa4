"""A call from one agent's telephone to another's: rung, bridged, and over when either hangs up."""

import asyncio
from functools import partial

import structlog

from ivrengine.calls.context import CallParts
from ivrengine.calls.ids import CallIds
from ivrengine.errors import LegGone, TelephonyError
from ivrengine.telephony import (
    BridgeId,
    HangUpCause,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegEvent,
    LegId,
)

log = structlog.get_logger(__name__)

RING_S = 30.0
"""How long the other telephone rings."""


class InternalCall:
    """Two agents who talk; callers' calls, their lines and records are not concerned."""

    def __init__(self, arrived: LegArrived, parts: CallParts, ids: CallIds) -> None:
        self._arrived = arrived
        self._parts = parts
        self._calling = arrived.leg
        self._called = LegId(ids.leg())
        self._bridge: BridgeId = ids.bridge()
        self._events: asyncio.Queue[LegEvent] = asyncio.Queue()

    async def run(self) -> None:
        """Serve the call until it is over; nothing of it is left then."""
        legs = (self._calling, self._called)
        for leg in legs:
            self._parts.legs.claim(leg, self._events.put_nowait)
        cause = HangUpCause.FAILED
        try:
            await self._ring()
            cause = await self._until_over()
        except LegGone:
            cause = HangUpCause.NORMAL
        finally:
            for leg in legs:
                self._parts.legs.release(leg)
            await self._take_apart(cause)

    async def _ring(self) -> None:
        switch = self._parts.switch
        await switch.lift_guard(self._calling)
        await switch.ring(self._calling)
        await switch.dial(
            self._called,
            self._arrived.dialled,
            caller_id=self._arrived.agent,
            ring_timeout_s=RING_S,
        )

    async def _until_over(self) -> HangUpCause:
        while True:
            event = await self._events.get()
            match event:
                case LegAnswered(leg=leg) if leg == self._called:
                    await self._parts.switch.answer(self._calling)
                    await self._parts.switch.create_bridge(self._bridge)
                    await self._parts.switch.join(self._bridge, [self._calling, self._called])
                case LegEnded(cause=cause):
                    return cause
                case _:
                    pass

    async def _take_apart(self, cause: HangUpCause) -> None:
        switch = self._parts.switch
        for order in (
            partial(switch.hang_up, self._called),
            partial(switch.hang_up, self._calling, cause),
            partial(switch.destroy_bridge, self._bridge),
        ):
            try:
                await order()
            except TelephonyError as fault:
                log.warning("internal_call_not_cleared", fault=str(fault))
