"""The calls inside a pretended Asterisk: what each order does, and which events follow it.

Written after what a real Asterisk 22.10 was seen to do, and held to the same contract tests.
"""

import asyncio
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from ivrengine.softphone.watch import Watch
from tests.kit.fake_ari.recording import Recording

APP: Final = "ivrengine"
SOUND_S: Final = 0.15
LONG_SOUND: Final = "long"
LONG_SOUND_S: Final = 30.0
MISSING_SOUND: Final = "nosuch"
RING_S: Final = 0.05
ENTERS_S: Final = 0.02
"""Until a channel that listens can be given orders."""
QUEUED_S: Final = 0.05
"""How long a recording waits its turn; an order to stop it before that is taken, and forgotten."""

Json = Mapping[str, object]


class Refusal(Exception):
    """What Asterisk answers instead of doing what it was asked."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Manner(Enum):
    """What an agent's telephone does when it is rung."""

    ANSWERS = auto()
    RINGS = auto()
    IS_BUSY = auto()
    REJECTS = auto()


@dataclass(slots=True, eq=False)
class Channel:
    """One leg."""

    id: str
    caller: str
    exten: str
    args: tuple[str, ...]
    state: str = "Ring"
    in_stasis: bool = False
    dialled: bool = False
    playing: list["Playback"] = field(default_factory=list)
    recording: "Recording | None" = None
    bridge: str = ""
    spied: str = ""
    ended: bool = False
    end_code: int = 0
    watch: Watch = field(default_factory=Watch)

    def describe(self) -> Json:
        """As Asterisk describes it."""
        app_data = ",".join((APP, *self.args)) if self.in_stasis else "(Outgoing Line)"
        return {
            "id": self.id,
            "name": f"PJSIP/{self.id}",
            "state": self.state,
            "caller": {"name": "", "number": self.caller},
            "connected": {"name": "", "number": ""},
            "dialplan": {
                "context": "from-carrier",
                "exten": self.exten,
                "priority": 2,
                "app_name": "Stasis" if self.in_stasis else "AppDial2",
                "app_data": app_data,
            },
            "language": "en",
        }


@dataclass(slots=True, eq=False)
class Playback:
    """A media list on a leg."""

    id: str
    leg: str
    media: tuple[str, ...]
    timer: asyncio.TimerHandle | None = None

    def describe(self, state: str) -> Json:
        """As Asterisk describes it."""
        return {
            "id": self.id,
            "media_uri": self.media[0],
            "target_uri": f"channel:{self.leg}",
            "state": state,
        }


class Board:
    """All channels and bridges; `emit` takes each event as Asterisk would send it."""

    def __init__(self, emit: Callable[[Json], None]) -> None:
        self._emit = emit
        self._numbers = itertools.count()
        self.channels: dict[str, Channel] = {}
        self.bridges: dict[str, set[str]] = {}
        self.phones: dict[str, Manner] = {}
        """How a telephone behaves, by its endpoint: ``8001``, or ``13900000001@out-main``."""
        self.absorbs: dict[str, bool] = {}
        """Of each leg in a bridge, whether its keys are kept from the others."""
        self.globals: dict[str, str] = {}
        self.poisoned: set[str] = set()
        self._recordings: dict[str, Recording] = {}

    def call_in(self, caller: str, dialled: str) -> Channel:
        """Somebody dials; the dialplan lets the call into the application."""
        channel = Channel(
            id=f"fake-{next(self._numbers)}", caller=caller, exten=dialled, args=("inbound", "main")
        )
        self.channels[channel.id] = channel
        channel.in_stasis = True
        self._say("StasisStart", channel, args=list(channel.args))
        return channel

    def press(self, channel: Channel, digit: str, duration_ms: int = 100) -> None:
        """The far end presses a key."""
        self._say("ChannelDtmfReceived", channel, digit=digit, duration_ms=duration_ms)

    def hold(self, channel: Channel, *, held: bool) -> None:
        """The far end puts the call on hold, or takes it back."""
        self._say("ChannelHold" if held else "ChannelUnhold", channel)

    def snoop(self, channel: Channel, snoop_id: str, args: tuple[str, ...]) -> Channel:
        """Makes a channel that listens to another, and enters the application soon."""
        if snoop_id in self.channels:
            raise Refusal(500, "Snoop channel could not be created")
        snoop = Channel(id=snoop_id, caller="", exten="s", args=args, state="Up")
        snoop.spied = channel.id
        self.channels[snoop_id] = snoop
        asyncio.get_running_loop().call_later(ENTERS_S, self._enter, snoop)
        return snoop

    def far_end_hangs_up(self, channel: Channel) -> None:
        """The far end goes, as with a BYE."""
        if not channel.ended:
            self._say("ChannelHangupRequest", channel)
            self._end(channel, 16)

    def vanish(self, channel: Channel) -> None:
        """A channel ends and nothing is said of it."""
        channel.ended = True
        del self.channels[channel.id]

    def find(self, channel_id: str) -> Channel:
        """The channel of that id."""
        if channel_id not in self.channels:
            raise Refusal(404, "Channel not found")
        return self.channels[channel_id]

    def in_stasis(self, channel_id: str) -> Channel:
        """The channel of that id, which must be in the application."""
        channel = self.find(channel_id)
        if not channel.in_stasis:
            raise Refusal(409, "Channel not in Stasis application")
        return channel

    def answer(self, channel: Channel) -> None:
        """Answers an arriving leg."""
        if channel.state != "Up":
            channel.state = "Up"
            self._say("ChannelStateChange", channel)
            channel.watch.notify()

    def originate(self, channel_id: str, number: str, caller: str, *, timeout_s: float) -> Channel:
        """Rings a telephone."""
        manner = self.phones.get(number)
        if manner is None:
            raise Refusal(500, "Allocation failed")
        channel = Channel(
            id=channel_id, caller=caller, exten="s", args=("ordered", channel_id), state="Down"
        )
        channel.dialled = True
        self.channels[channel_id] = channel
        loop = asyncio.get_running_loop()
        loop.call_soon(self._ring, channel)
        match manner:
            case Manner.ANSWERS:
                loop.call_later(RING_S, self._pick_up, channel)
            case Manner.IS_BUSY:
                loop.call_later(RING_S, self._refuse, channel, 17)
            case Manner.REJECTS:
                loop.call_later(RING_S, self._refuse, channel, 21)
            case Manner.RINGS:
                loop.call_later(timeout_s, self._end, channel, 19)
        return channel

    def hang_up(self, channel: Channel, code: int) -> None:
        """Ends a channel by order."""
        channel.end_code = code
        self._say("ChannelHangupRequest", channel, soft=True, cause=32)
        self._end(channel, code)

    def play(self, channel: Channel, playback_id: str, media: tuple[str, ...]) -> Playback:
        """Queues a media list behind what plays."""
        playback = Playback(id=playback_id, leg=channel.id, media=media)
        channel.playing.append(playback)
        if len(channel.playing) == 1:
            asyncio.get_running_loop().call_soon(self._begin, channel)
        return playback

    def stop(self, playback_id: str) -> None:
        """Ends a playback."""
        for channel in self.channels.values():
            for playback in channel.playing:
                if playback.id == playback_id:
                    self._finish(channel, playback, "done")
                    return
        raise Refusal(404, "Playback not found")

    def record(self, name: str, target_uri: str, *, max_s: float) -> Recording:
        """Puts a recording of a leg into the queue, where it begins soon."""
        if name in self._recordings:
            raise Refusal(409, "Recording already in progress")
        recording = Recording(name=name, target_uri=target_uri)
        self._recordings[name] = recording
        loop = asyncio.get_running_loop()
        recording.timer = loop.call_later(QUEUED_S, self._begin_recording, recording, max_s)
        return recording

    def recording(self, name: str) -> Recording:
        """The recording of that name, which has not ended."""
        if name not in self._recordings:
            raise Refusal(404, "Recording not found")
        return self._recordings[name]

    def pause_recording(self, name: str, *, paused: bool) -> None:
        """Pauses a recording or goes on with it."""
        recording = self.recording(name)
        if recording.began_at is None:
            raise Refusal(409, "Recording not in session")
        now = asyncio.get_running_loop().time()
        if not paused and recording.paused_at is not None:
            recording.paused_s += now - recording.paused_at
            recording.paused_at = None
        elif paused and recording.paused_at is None:
            recording.paused_at = now

    def fail_recording(self, name: str, target_uri: str) -> None:
        """Says that a recording could not be made."""
        recording = {"name": name, "target_uri": target_uri, "cause": "in bridge"}
        self._emit({"type": "RecordingFailed", "recording": recording})

    def stop_recording(self, name: str) -> None:
        """Closes a recording; of one that has not begun, nothing comes of it."""
        recording = self.recording(name)
        if recording.began_at is not None:
            self._close_recording(recording)

    def destroy_bridge(self, bridge: str) -> None:
        """Removes a bridge; its legs stay."""
        for channel in self.channels.values():
            if channel.bridge == bridge:
                channel.bridge = ""
        del self.bridges[bridge]

    def clear(self) -> None:
        """Forgets everything, as a restart does."""
        for channel in self.channels.values():
            for playback in channel.playing:
                if playback.timer is not None:
                    playback.timer.cancel()
            channel.ended = True
        for recording in self._recordings.values():
            if recording.timer is not None:
                recording.timer.cancel()
        self.channels.clear()
        self.bridges.clear()
        self._recordings.clear()

    def _say(self, kind: str, channel: Channel, **more: object) -> None:
        if channel.id not in self.poisoned:
            self._emit({"type": kind, "channel": channel.describe(), **more})

    def _ring(self, channel: Channel) -> None:
        channel.state = "Ringing"
        self._say("ChannelStateChange", channel)
        self._emit({"type": "Dial", "dialstatus": "RINGING", "peer": channel.describe()})

    def _pick_up(self, channel: Channel) -> None:
        if channel.ended:
            return
        channel.state = "Up"
        self._say("ChannelStateChange", channel)
        self._enter(channel)

    def _enter(self, channel: Channel) -> None:
        if not channel.ended:
            channel.in_stasis = True
            self._say("StasisStart", channel, args=list(channel.args))

    def _refuse(self, channel: Channel, code: int) -> None:
        if not channel.ended:
            self._say("ChannelHangupRequest", channel, cause=code)
            self._end(channel, code)

    def _end(self, channel: Channel, code: int) -> None:
        if channel.ended:
            return
        for playback in list(channel.playing):
            self._finish(channel, playback, "failed")
        channel.ended = True
        self.channels.pop(channel.id, None)
        self.bridges.get(channel.bridge, set()).discard(channel.id)
        for snoop in [c for c in self.channels.values() if c.spied == channel.id]:
            self._end(snoop, 0)
        self._close_recordings(f"channel:{channel.id}")
        if channel.in_stasis:
            self._say("StasisEnd", channel)
        if channel.dialled:
            self._say("ChannelDestroyed", channel, cause=code, cause_txt="")
        channel.watch.notify()

    def _close_recordings(self, target_uri: str) -> None:
        for recording in list(self._recordings.values()):
            if recording.target_uri == target_uri:
                self._close_recording(recording)

    def _begin_recording(self, recording: Recording, max_s: float) -> None:
        loop = asyncio.get_running_loop()
        recording.began_at = loop.time()
        if max_s:
            recording.timer = loop.call_later(max_s, self._close_recording, recording)

    def _close_recording(self, recording: Recording) -> None:
        del self._recordings[recording.name]
        if recording.timer is not None:
            recording.timer.cancel()
        duration_s = recording.length_s(asyncio.get_running_loop().time())
        told = {**recording.describe(), "duration": int(duration_s), "state": "done"}
        self._emit({"type": "RecordingFinished", "recording": told})

    def _begin(self, channel: Channel) -> None:
        if channel.ended or not channel.playing:
            return
        playback = channel.playing[0]
        self._emit({"type": "PlaybackStarted", "playback": playback.describe("playing")})
        last = playback.media[-1]
        if MISSING_SOUND in last:
            self._finish(channel, playback, "failed")
            return
        for _ in playback.media[1:]:
            self._emit({"type": "PlaybackContinuing", "playback": playback.describe("continuing")})
            self._emit({"type": "PlaybackStarted", "playback": playback.describe("playing")})
        length_s = LONG_SOUND_S if LONG_SOUND in last else SOUND_S
        playback.timer = asyncio.get_running_loop().call_later(
            length_s, self._finish, channel, playback, "done"
        )

    def _finish(self, channel: Channel, playback: Playback, state: str) -> None:
        if playback not in channel.playing:
            return
        was_first = channel.playing[0] is playback
        channel.playing.remove(playback)
        if playback.timer is not None:
            playback.timer.cancel()
        self._emit({"type": "PlaybackFinished", "playback": playback.describe(state)})
        if was_first and state != "failed":
            self._begin(channel)
