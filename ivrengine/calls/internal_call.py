"""A call from one of the house to another: rung, bridged, and over when either hangs up."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import structlog

from ivrengine.calls.context import CallParts
from ivrengine.calls.ids import CallIds
from ivrengine.calls.talk.stage import RINGING_TONE
from ivrengine.errors import LegGone, TelephonyError
from ivrengine.flow.effects import Prompt
from ivrengine.telephony import (
    BridgeId,
    HangUpCause,
    LegAnswered,
    LegEnded,
    LegEvent,
    LegId,
    PlaybackId,
)
from ivrengine.values import AgentNumber, Language, PromptId

log = structlog.get_logger(__name__)

RING_S = 30.0
"""How long the other telephone rings."""


class InternalCall:
    """Two of the house who talk; callers' calls, their lines and records are not concerned.

    Args:
        calling: the leg that calls.
        parts: what every call uses.
        ids: names what belongs to the call.
        caller: whose number is shown.
        called: who is rung.
        opens_itself: whether the telephone that is rung is asked to answer by itself.
        greeting: what its owner hears first, while the two can hear each other already.
        is_answered: whether whoever calls is on the line already, and hears a tone meanwhile.

    Attributes:
        talked: whether the two have heard each other.
    """

    def __init__(
        self,
        calling: LegId,
        parts: CallParts,
        ids: CallIds,
        *,
        caller: AgentNumber,
        called: AgentNumber,
        opens_itself: bool = False,
        greeting: PromptId | None = None,
        is_answered: bool = False,
    ) -> None:
        self.talked = False
        self._calling = calling
        self._parts = parts
        self._ids = ids
        self._caller = caller
        self._number = called
        self._opens_itself = opens_itself
        self._greeting = greeting
        self._is_answered = is_answered
        self._called = ids.leg()
        self._bridge: BridgeId = ids.bridge()
        self._tone: PlaybackId | None = None
        self._events: asyncio.Queue[LegEvent] = asyncio.Queue()

    @property
    def legs(self) -> tuple[LegId, LegId]:
        """The two legs."""
        return self._calling, self._called

    def file(self, event: LegEvent) -> None:
        """Take an event of one of the legs."""
        self._events.put_nowait(event)

    async def run(self) -> None:
        """Serve the call until it is over; nothing of it is left then."""
        cause = HangUpCause.FAILED
        try:
            cause = await self.talk()
        finally:
            await self._try(partial(self._parts.switch.hang_up, self._calling, cause))

    async def talk(self) -> HangUpCause:
        """Serve the call until it is over; the leg that calls is left to whoever asked for it."""
        for leg in self.legs:
            self._parts.legs.claim(leg, self.file)
        try:
            await self._ring()
            return await self._until_over()
        except LegGone:
            return HangUpCause.NORMAL
        finally:
            for leg in self.legs:
                self._parts.legs.release(leg)
            await self._take_apart()

    async def _ring(self) -> None:
        switch = self._parts.switch
        if self._is_answered:
            self._tone = self._ids.playback()
            await switch.play(self._calling, self._tone, [RINGING_TONE])
        else:
            await switch.lift_guard(self._calling)
            await switch.ring(self._calling)
        await switch.dial(
            self._called,
            self._number,
            caller_id=self._caller,
            ring_timeout_s=RING_S,
            opens_itself=self._opens_itself,
        )

    async def _until_over(self) -> HangUpCause:
        while True:
            event = await self._events.get()
            match event:
                case LegAnswered(leg=leg) if leg == self._called:
                    await self._join()
                case LegEnded(cause=cause):
                    return cause
                case _:
                    pass

    async def _join(self) -> None:
        switch = self._parts.switch
        if self._tone is not None:
            await switch.stop(self._tone)
            self._tone = None
        if not self._is_answered:
            await switch.answer(self._calling)
        await switch.create_bridge(self._bridge)
        await switch.join(self._bridge, [self._calling, self._called])
        self.talked = True
        if self._greeting is not None:
            await self._greet(self._greeting)

    async def _greet(self, prompt: PromptId) -> None:
        settings = self._parts.roster().agents.get(self._number)
        language = Language(settings.language) if settings else Language.MANDARIN
        media = self._parts.media.sounds([Prompt(id=prompt)], language)
        await self._parts.switch.play(self._called, self._ids.playback(), media.uris)

    async def _take_apart(self) -> None:
        switch = self._parts.switch
        if self._tone is not None:
            await self._try(partial(switch.stop, self._tone))
        await self._try(partial(switch.hang_up, self._called))
        await self._try(partial(switch.destroy_bridge, self._bridge))

    async def _try(self, order: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await order()
        except TelephonyError as fault:
            log.warning("internal_call_not_cleared", fault=str(fault))
