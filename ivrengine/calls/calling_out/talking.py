"""The conversation of a call that an agent made: recorded, held, taken back, steered by keys."""

import asyncio

import structlog

from ivrengine.calls.calling_out.books import OutgoingBooks
from ivrengine.calls.calling_out.resumed import Ends
from ivrengine.calls.context import CallParts
from ivrengine.calls.patience import attempt, insist
from ivrengine.calls.talk.keys import KeyReader, TalkKey
from ivrengine.calls.talk.phases import TalkPhase
from ivrengine.calls.talk.tape import Tape
from ivrengine.errors import LegGone
from ivrengine.telephony import (
    DigitPressed,
    LegEvent,
    LegHeld,
    LegRetrieved,
)

log = structlog.get_logger(__name__)

MUSIC = "default"


class Talking:
    """Two who talk; every method raises LegGone once the telephone outside is gone.

    Args:
        ends: the two.
        books: notes how the conversation stands.
        parts: what every call uses.

    Attributes:
        is_held: whether the one outside hears music.
    """

    def __init__(self, ends: Ends, books: OutgoingBooks, parts: CallParts) -> None:
        self.ends = ends
        self.is_held = False
        self._books = books
        self._parts = parts
        self._tape = (
            Tape(parts, ends.bridge, ends.recording, heard_by=ends.outside)
            if ends.recording is not None
            else None
        )
        self._keys = KeyReader(parts.talk.key_pause_s)
        # The agent's keys and the API order things side by side, and the last word is to hold.
        self._turning = asyncio.Lock()

    async def begin(self) -> None:
        """Join the two and record them."""
        ends = self.ends
        await insist(self._parts.switch.join, ends.bridge, [ends.outside, ends.agent])
        self._books.joined(ends.agent, ends.bridge, ends.recording)
        if self._tape is not None:
            await self._tape.begin()

    async def resume(self, *, held: bool, paused: bool) -> None:
        """Bring about how the conversation stood when the engine died."""
        self.is_held = held
        if self._tape is not None:
            self._tape.wish(paused=paused)
        await self._stage()
        await self._mind_tape(certain=True)

    async def take(self, event: LegEvent) -> bool:
        """Take in what the agent's telephone does; False for an order that cannot be done."""
        match event:
            case DigitPressed(leg=leg, digit=digit, at=at) if leg == self.ends.agent:
                keyed = self._keys.press(digit, at)
                return keyed is None or await self._keyed(keyed.key)
            case LegHeld(leg=leg) if leg == self.ends.agent:
                await self.hold(held=True)
            case LegRetrieved(leg=leg) if leg == self.ends.agent:
                await self.hold(held=False)
            case _:
                log.debug("event_of_no_use", kind=type(event).__name__)
        return True

    async def _keyed(self, key: TalkKey) -> bool:
        match key:
            case TalkKey.HOLD_OR_RETRIEVE:
                return await self.hold(held=not self.is_held)
            case TalkKey.PAUSE_OR_RECORD:
                return await self.pause(paused=self._tape is None or not self._tape.is_unwanted)
            case _:
                return False

    async def hold(self, *, held: bool) -> bool:
        """Let the one outside hear music, or the agent again; False when that is so already."""
        async with self._turning:
            if held is self.is_held:
                return False
            self.is_held = held
            self._note()
            await self._stage()
            await self._mind_tape()
            return True

    async def pause(self, *, paused: bool) -> bool:
        """Leave what is said out of the recording, or no longer; False when that is so already."""
        async with self._turning:
            if self._tape is None or not self._tape.wish(paused=paused):
                return False
            self._note()
            await self._mind_tape()
            return True

    def _note(self) -> None:
        phase = TalkPhase.HELD if self.is_held else TalkPhase.TALKING
        paused = self._tape is not None and self._tape.is_unwanted
        self._books.turned(phase, recording_paused=paused)

    async def _stage(self) -> None:
        switch, ends = self._parts.switch, self.ends
        if self.is_held:
            await attempt(switch.leave, ends.bridge, ends.outside)
            await attempt(switch.start_music, ends.outside, MUSIC)
            return
        await attempt(switch.stop_music, ends.outside)
        await attempt(switch.join, ends.bridge, [ends.outside])

    async def _mind_tape(self, *, certain: bool = False) -> None:
        if self._tape is not None:
            await self._tape.mind(caller_waits=self.is_held, certain=certain)

    async def end(self) -> None:
        """Keep the recording."""
        if self._tape is not None:
            try:
                await self._tape.close()
            except LegGone:
                log.debug("recording_gone_before")
