"""One leg of the simulated exchange: what plays on it, what is recorded of it, what is heard."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ivrengine.clock import Clock
from ivrengine.telephony import (
    BridgeId,
    LegEnded,
    LegEvent,
    LegHeld,
    LegId,
    LegRetrieved,
    LegRole,
    LiveLeg,
    PlaybackFinished,
    PlaybackId,
    PlaybackStarted,
    RecordingFinished,
    RecordingOrder,
)
from ivrengine.values import PhoneNumber

MUSIC = "music:"
"""How music stands in what is heard, before its class."""

KEY = "key:"
"""How somebody else's key stands in what is heard, before the key."""


@dataclass(slots=True, kw_only=True)
class Heard:
    """One sound that came out of the telephone; ``until`` is None while it lasts."""

    media: str
    since: float
    until: float | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a leg comes from, and whom it wants; ``opens_itself`` without being picked up."""

    role: LegRole
    caller: PhoneNumber
    dialled: str = ""
    trunk: str = ""
    agent: str = ""
    opens_itself: bool = False

    @property
    def number(self) -> str:
        """What other people know this party by."""
        return self.agent or self.caller.digits


@dataclass(slots=True)
class _Playback:
    id: PlaybackId
    media: deque[str] = field(default_factory=deque)


class SimulatedLeg:
    """A leg and the ear at its far end.

    Args:
        leg: its id.
        origin: where it comes from.
        clock: the time.
        report: takes its events.
        duration_of: how long a sound lasts, in seconds, by its URI.
    """

    def __init__(
        self,
        leg: LegId,
        origin: Origin,
        clock: Clock,
        *,
        report: Callable[[LegEvent], None],
        duration_of: Callable[[str], float],
    ) -> None:
        self.id = leg
        self.origin = origin
        self.answered = False
        self.rings = False
        self.guarded = origin.role is not LegRole.ORDERED
        self.ended: LegEnded | None = None
        self.bridge: BridgeId | None = None
        self.keys_pass = True
        self.is_held = False
        self.heard: list[Heard] = []
        self._clock = clock
        self._report = report
        self._duration_of = duration_of
        self._queue: deque[_Playback] = deque()
        self._sounding: Heard | None = None
        self._next: asyncio.TimerHandle | None = None
        self._music: str | None = None
        self._recording: RecordingOrder | None = None
        self._recording_since = 0.0
        self._recording_ends: list[asyncio.TimerHandle] = []
        self._changed = asyncio.Event()

    def listing(self) -> LiveLeg:
        """Return the leg as the exchange lists it."""
        return LiveLeg(
            leg=self.id,
            role=self.origin.role,
            caller=self.origin.caller,
            dialled=self.origin.dialled,
            trunk=self.origin.trunk,
            agent=self.origin.agent,
            answered=self.answered,
        )

    async def until(self, holds: Callable[[], bool], within_s: float) -> bool:
        """Wait until something about the leg holds; False when it did not in time."""
        try:
            async with asyncio.timeout(within_s):
                while not holds():
                    await self._changed.wait()
        except TimeoutError:
            return holds()
        return True

    def touch(self) -> None:
        """Wake whoever waits for something about the leg."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def silent(self) -> None:
        """Wait until nothing plays, as orders do that a playing prompt blocks."""
        while self._queue and self.ended is None:
            await self._changed.wait()

    def play(self, playback: PlaybackId, media: Sequence[str]) -> None:
        """Play ``media`` after what already plays."""
        self._queue.append(_Playback(playback, deque(media)))
        if len(self._queue) == 1:
            self._begin()

    def plays(self, playback: PlaybackId) -> bool:
        """Tell whether a playback sounds or waits on this leg."""
        return any(entry.id == playback for entry in self._queue)

    def stop(self, playback: PlaybackId) -> None:
        """End a playback that sounds or waits."""
        if self._queue and self._queue[0].id == playback:
            self._cut()
            self._finish()
            return
        self._queue = deque(entry for entry in self._queue if entry.id != playback)
        self._report_finished(playback)

    def _begin(self) -> None:
        self._end_music_sound()
        now = self._clock.now()
        self._report(PlaybackStarted(playback=self._queue[0].id, leg=self.id, at=now))
        self._sound_next()

    def _sound_next(self) -> None:
        self._end_sound()
        media = self._queue[0].media
        if not media:
            self._finish()
            return
        uri = media.popleft()
        self._sounding = self._hear(uri)
        delay_s = self._duration_of(uri)
        self._next = asyncio.get_running_loop().call_later(delay_s, self._sound_next)

    def _finish(self) -> None:
        ended = self._queue.popleft()
        self._report_finished(ended.id)
        if self._queue:
            self._begin()
        elif self._music is not None:
            self._hear(MUSIC + self._music)
        self.touch()

    def _report_finished(self, playback: PlaybackId) -> None:
        now = self._clock.now()
        self._report(PlaybackFinished(playback=playback, leg=self.id, failed=False, at=now))

    def _cut(self) -> None:
        if self._next is not None:
            self._next.cancel()
            self._next = None
        self._end_sound(cut=True)

    def _end_sound(self, *, cut: bool = False) -> None:
        if self._sounding is not None:
            self._sounding.until, self._sounding.cut = self._clock.now(), cut
            self._sounding = None

    def _hear(self, media: str) -> Heard:
        heard = Heard(media=media, since=self._clock.now())
        self.heard.append(heard)
        self.touch()
        return heard

    def hear_key(self, key: str) -> None:
        """Let the far end hear that somebody in the bridge pressed a key."""
        self._hear(KEY + key).until = self._clock.now()

    def hold(self, *, held: bool) -> None:
        """Put the call on hold, or take it back, as its telephone does."""
        if self.is_held is held:
            return
        self.is_held = held
        now = self._clock.now()
        self._report(LegHeld(leg=self.id, at=now) if held else LegRetrieved(leg=self.id, at=now))
        self.touch()

    @property
    def music(self) -> str | None:
        """The class of the music that is on, heard or behind a prompt."""
        return self._music

    def start_music(self, music_class: str) -> None:
        """Let music be heard whenever nothing plays; the same that is on goes on unbroken."""
        if self._music == music_class:
            return
        self._end_music_sound()
        self._music = music_class
        if not self._queue:
            self._hear(MUSIC + music_class)

    def stop_music(self) -> None:
        """End the music."""
        self._end_music_sound()
        self._music = None

    def _end_music_sound(self) -> None:
        for heard in reversed(self.heard):
            if heard.until is None and heard.media.startswith(MUSIC):
                heard.until = self._clock.now()

    def record(self, order: RecordingOrder) -> None:
        """Record until a limit, the terminator or an order ends it."""
        self._recording, self._recording_since = order, self._clock.now()
        self.touch()
        loop = asyncio.get_running_loop()
        self._recording_ends.append(loop.call_later(order.max_s, self.stop_recording))
        self.speak(0.0)

    @property
    def recording(self) -> RecordingOrder | None:
        """What is being recorded."""
        return self._recording

    def speak(self, for_s: float) -> None:
        """Let the far end speak, which a recording's limit of silence counts from."""
        order = self._recording
        if order is None or order.max_silence_s <= 0:
            return
        for timer in self._recording_ends[1:]:
            timer.cancel()
        del self._recording_ends[1:]
        end = asyncio.get_running_loop().call_later(
            for_s + order.max_silence_s, self.stop_recording
        )
        self._recording_ends.append(end)

    def stop_recording(self) -> None:
        """Close the recording; none is no error."""
        order, self._recording = self._recording, None
        for timer in self._recording_ends:
            timer.cancel()
        self._recording_ends.clear()
        if order is not None:
            now = self._clock.now()
            self._report(
                RecordingFinished(
                    recording=order.recording,
                    leg=self.id,
                    duration_s=now - self._recording_since,
                    failed=False,
                    at=now,
                )
            )

    def end(self, ended: LegEnded, *, silently: bool = False) -> None:
        """End the leg and all that goes on on it; ``silently`` reports nothing of it."""
        report = self._report
        if silently:
            self._report = _nothing
        self.stop_recording()
        self._cut()
        while self._queue:
            self._report_finished(self._queue.popleft().id)
        self.stop_music()
        self.ended = ended
        self._report(ended)
        self._report = report
        self.touch()


def _nothing(_: LegEvent) -> None:
    return None
