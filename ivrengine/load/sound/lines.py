"""Every line of a process, and the beat that all of them send by."""

import asyncio
import itertools
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Self

from ivrengine.load.sound.frames import Voice, voices
from ivrengine.load.sound.slot import Slot
from ivrengine.softphone.sip.dtmf import EventPacket, KeyStyle, event_ticks, pause_ticks
from ivrengine.softphone.sip.sdp import Address, AudioStream, UnusableSession
from ivrengine.softphone.sound.codec import FRAME_S, Codec

_LOOPBACK: Final = "127.0.0.1"
_SLOTS: Final = 10
_STEP_S: Final = FRAME_S / _SLOTS
_BEATS_A_LISTEN: Final = 50
_LATEST_S: Final = 0.05
"""A process that stood still for longer than this leaves beats out instead of sending a burst."""

_STYLE: Final = KeyStyle()


class Heard:
    """What has come in: how many of the seconds had sound in them, and an agent's voice.

    ``agent`` is set once an agent's voice was heard.
    """

    def __init__(self) -> None:
        self.seconds = 0
        self.agent_seconds = 0
        self.agent = asyncio.Event()


class Line:
    """One call's sound. ``address`` is what to offer; nothing is sent before ``talk_to``.

    ``has_pressed`` is set while no keys are left to send: a process that is late takes longer for
    them than it said.
    """

    def __init__(self, slot: Slot, voice: Voice) -> None:
        self.heard = Heard()
        self.voice = voice
        self.row = -1
        self.destination: Address = ("", 0)
        self.event_payload_type = 0
        self.presses: deque[Iterator[tuple[EventPacket, ...]]] = deque()
        self.press_began: int | None = None
        self.has_pressed = asyncio.Event()
        self.has_pressed.set()
        self._slot = slot
        self._talks = False

    @property
    def address(self) -> Address:
        """Where this end listens, which it may share with other calls."""
        return self._slot.address

    def talk_to(self, stream: AudioStream) -> None:
        """Send sound from the next beat on.

        Raises:
            UnusableSession: the other side takes no A-law, no telephone events, or no sound.
        """
        if Codec.PCMA not in stream.codecs or stream.event_payload_type is None:
            raise UnusableSession("the other side takes no A-law with telephone events")
        if not stream.address[1]:
            raise UnusableSession("the other side takes no sound")
        if not self._talks:
            self.destination = stream.address
            self.event_payload_type = stream.event_payload_type
            self._talks = True
            self._slot.join(self)

    def press(self, keys: str) -> float:
        """Send keys one after another as RTP events; return the seconds until all are sent.

        A line that does not talk sends none.
        """
        if self._talks and keys:
            for key in keys:
                silence: Iterator[tuple[EventPacket, ...]] = itertools.repeat(
                    (), pause_ticks(_STYLE)
                )
                self.presses.append(itertools.chain(event_ticks(key, _STYLE), silence))
            self.has_pressed.clear()
            self._slot.press(self)
        return len(self.presses) * (_STYLE.duration_s + _STYLE.pause_s + FRAME_S)

    def rest(self) -> None:
        """Take note that all keys have been sent."""
        self.has_pressed.set()

    def speak_as(self, voice: Voice) -> None:
        """Go on in another voice."""
        self.voice = voice
        if self._talks:
            self._slot.change_voice(self)

    def hear(self, *, agent: bool) -> None:
        """Take note that a second had sound in it."""
        self.heard.seconds += 1
        if agent:
            self.heard.agent_seconds += 1
            self.heard.agent.set()

    def leave(self) -> None:
        """Send nothing more; may be called twice."""
        if self._talks:
            self._talks = False
            self._slot.leave(self)
            self.has_pressed.set()


class Lines:
    """All lines. ``skipped_beats`` counts what this process was too late to send."""

    def __init__(self, slots: tuple[Slot, ...]) -> None:
        self.skipped_beats = 0
        self._slots = slots
        self._next_slot = itertools.cycle(slots)
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._step = 0
        self._timer = self._loop.call_soon(self._beat)

    @classmethod
    @contextmanager
    def opened(cls, host: str = _LOOPBACK) -> Iterator[Self]:
        """Bind the ports and begin to beat, until the end of the block.

        Raises:
            OSError: the ports cannot be had.
        """
        table = voices()
        slots: list[Slot] = []
        try:
            for _ in range(_SLOTS):
                slots.append(Slot.opened(host, table))
            lines = cls(tuple(slots))
            try:
                yield lines
            finally:
                lines._timer.cancel()
        finally:
            for slot in slots:
                slot.close()

    @property
    def lost(self) -> int:
        """How many packets the kernel did not take."""
        return sum(slot.lost for slot in self._slots)

    def take(self, voice: Voice = Voice.QUIET) -> Line:
        """Return a line for one call; whoever takes it leaves it in the end."""
        return Line(next(self._next_slot), voice)

    def _beat(self) -> None:
        now = self._loop.time()
        late = int((now - self._due()) / _STEP_S)
        if late * _STEP_S > _LATEST_S:
            self.skipped_beats += late
            self._step += late
        while self._due() <= now:
            self._take_step()
        self._timer = self._loop.call_at(self._due(), self._beat)

    def _take_step(self) -> None:
        number, place = divmod(self._step, _SLOTS)
        slot = self._slots[place]
        slot.beat(number)
        if (number + place * _BEATS_A_LISTEN // _SLOTS) % _BEATS_A_LISTEN == 0:
            slot.listen()
        self._step += 1

    def _due(self) -> float:
        return self._began + self._step * _STEP_S
