"""The port to a softswitch: what can be asked of it, and what it reports.

Calls and agents' phones are driven through :class:`Switch` alone; the adapter to Asterisk and the
simulated exchange implement it and are held to one contract suite. Every id but that of an
arriving leg is chosen by us before the order is given, so that an event which overtakes the reply
to its order still finds its call.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType, Protocol

from ivrengine.values import PhoneNumber

LegId = NewType("LegId", str)
BridgeId = NewType("BridgeId", str)
PlaybackId = NewType("PlaybackId", str)
RecordingName = NewType("RecordingName", str)


class LegRole(StrEnum):
    """What an arriving leg is, by where it came from."""

    CALLER = "caller"
    """From a carrier; ``trunk`` names the group of lines."""
    AGENT_PHONE = "agent-phone"
    """Dialled by an agent's telephone: a feature code or another agent."""
    ORDERED = "ordered"
    """A leg that we dialled."""


class HangUpCause(StrEnum):
    """Why a leg ended or is to end; the adapter maps it to ITU-T Q.850 causes."""

    NORMAL = "normal"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    UNKNOWN_NUMBER = "unknown-number"
    CONGESTION = "congestion"
    FAILED = "failed"


class Hears(StrEnum):
    """What a snoop takes from the leg that it listens to."""

    NOTHING = "none"
    BOTH = "both"
    SAID = "in"
    """What the telephone of the leg says."""
    TOLD = "out"
    """What the telephone of the leg is told."""


class Whispers(StrEnum):
    """Who hears what is said into a snoop."""

    NOBODY = "none"
    LEG = "out"
    """The telephone of the leg alone."""
    OTHERS = "in"
    """Those whom the leg talks with, as if its telephone said it."""
    ALL = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegArrived:
    """A leg entered our application and waits for orders."""

    leg: LegId
    role: LegRole
    caller: PhoneNumber
    dialled: str
    trunk: str = ""
    agent: str = ""
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRinging:
    """The telephone of a leg that we dialled rings."""

    leg: LegId
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LegAnswered:
    """A leg that we dialled was answered."""

    leg: LegId
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEnded:
    """A leg is gone. ``by_far_end`` tells a hang-up by its telephone from one that we ordered."""

    leg: LegId
    cause: HangUpCause
    by_far_end: bool
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitPressed:
    """One key of 0-9, * or # was pressed and released on a leg."""

    leg: LegId
    digit: str
    duration_ms: int
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LegHeld:
    """The telephone of a leg put the call on hold by itself (RFC 3264, section 8.4).

    It comes once for each hold; nothing is done about it but what is ordered.
    """

    leg: LegId
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRetrieved:
    """The telephone of a leg took the call back from a hold."""

    leg: LegId
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybackStarted:
    """The first frame of a playback is being sent."""

    playback: PlaybackId
    leg: LegId
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybackFinished:
    """A playback ended: played out, stopped by us, or failed."""

    playback: PlaybackId
    leg: LegId
    failed: bool
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFinished:
    """A recording was closed. ``leg`` is empty for a recording of a bridge."""

    recording: RecordingName
    leg: LegId
    duration_s: float
    failed: bool
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchLost:
    """The event connection broke; live legs go on without us."""

    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchConnected:
    """Events flow again and all missed ones were replayed; state is to be reconciled.

    ``restarted`` tells that the softswitch itself is a new one, so that no leg survived.
    """

    restarted: bool
    at: float


LegEvent = (
    LegArrived
    | LegRinging
    | LegAnswered
    | LegEnded
    | DigitPressed
    | LegHeld
    | LegRetrieved
    | PlaybackStarted
    | PlaybackFinished
    | RecordingFinished
)
SwitchEvent = LegEvent | SwitchLost | SwitchConnected

_OUTSIDE_NUMBER = re.compile(r"\+?[0-9]{2,32}")


def can_be_dialled(number: str) -> bool:
    """Tell whether ``number`` has the form of a number outside: digits, and a + before them."""
    return _OUTSIDE_NUMBER.fullmatch(number) is not None


EventSink = Callable[[SwitchEvent], None]
"""Files one event in the right inbox at once; must neither wait nor raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveLeg:
    """A leg as the softswitch lists it, for reconciling after a break."""

    leg: LegId
    role: LegRole
    caller: PhoneNumber
    dialled: str
    trunk: str = ""
    agent: str = ""
    answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveBridge:
    """A bridge as the softswitch lists it, with the legs in it."""

    bridge: BridgeId
    legs: tuple[LegId, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingOrder:
    """How a leg is to be recorded: limits in seconds, ``terminator`` a key or empty."""

    recording: RecordingName
    max_s: float
    max_silence_s: float
    terminator: str
    beep: bool


class Switch(Protocol):
    """Orders to a softswitch.

    Every order has a deadline of its own. All raise :class:`~ivrengine.errors.LegGone` when the
    leg has hung up, :class:`~ivrengine.errors.SwitchUnavailable` when there is no answer in time,
    and :class:`~ivrengine.errors.SwitchRefused` for any other refusal. A prompt that plays blocks
    ``answer``, ``join`` and ``lift_guard`` on its leg until it ends (Asterisk 22: one command
    thread a channel): stop it first.
    """

    def subscribe(self, sink: EventSink) -> None:
        """Send every event from here on to ``sink``, in the order of each leg."""
        ...

    async def lift_guard(self, leg: LegId) -> None:
        """Take away the time limit under which an arriving leg waits for us."""
        ...

    async def answer(self, leg: LegId) -> None:
        """Answer an arriving leg; returning means that 200 OK was sent."""
        ...

    async def ring(self, leg: LegId) -> None:
        """Let the caller of an unanswered leg hear ringing."""
        ...

    async def hang_up(self, leg: LegId, cause: HangUpCause = HangUpCause.NORMAL) -> None:
        """End a leg; a leg that is already gone is no error."""
        ...

    async def play(self, leg: LegId, playback: PlaybackId, media: Sequence[str]) -> None:
        """Play ``media`` (URIs) one after the other without a gap; returns when it is queued."""
        ...

    async def stop(self, playback: PlaybackId) -> None:
        """Silence a playback; one that already ended is no error."""
        ...

    async def start_music(self, leg: LegId, music_class: str = "default") -> None:
        """Let a leg hear music until :meth:`stop_music`.

        The same class that is on already goes on unbroken (heard so of Asterisk 22.10).
        """
        ...

    async def stop_music(self, leg: LegId) -> None:
        """End the music of a leg; no music is no error."""
        ...

    async def record(self, leg: LegId, order: RecordingOrder) -> None:
        """Record what the leg says; :class:`RecordingFinished` tells the end."""
        ...

    async def stop_recording(self, recording: RecordingName) -> None:
        """Close a recording of a leg or a conversation and keep it; one that ended is no error."""
        ...

    async def dial(
        self,
        leg: LegId,
        endpoint: str,
        *,
        caller_id: str,
        ring_timeout_s: float,
        opens_itself: bool = False,
    ) -> None:
        """Ring ``endpoint`` (an agent's number) as the new leg ``leg``.

        With ``opens_itself`` the telephone is asked to answer without being picked up, which it may
        refuse by ringing as ever.

        Reports :class:`LegRinging`, then :class:`LegAnswered` or :class:`LegEnded` (``BUSY``,
        ``REJECTED``, ``NO_ANSWER``, ``UNREACHABLE``).
        """
        ...

    async def ring_outside(
        self, leg: LegId, number: str, *, trunk: str, caller_id: str, ring_timeout_s: float
    ) -> None:
        """Ring ``number`` outside as the new leg ``leg``, over the group of lines ``trunk``.

        The lines are the caller's to account for. Reports what :meth:`dial` reports; a trunk that
        nothing goes out over is ``UNREACHABLE``, and what :func:`can_be_dialled` does not take
        ``UNKNOWN_NUMBER``.
        """
        ...

    async def snoop(self, leg: LegId, snoop: LegId, *, hears: Hears, whispers: Whispers) -> None:
        """Make the new leg ``snoop``, which hears what ``leg`` does and may be heard through it.

        :class:`LegAnswered` tells that it can be joined with those who listen. Nobody hears that
        it is there. It ends with ``leg``.
        """
        ...

    async def create_bridge(self, bridge: BridgeId) -> None:
        """Make a mixing bridge under our id; one that is there already is no error."""
        ...

    async def join(
        self, bridge: BridgeId, legs: Sequence[LegId], *, keys_pass: bool = True
    ) -> None:
        """Put answered legs into a bridge, where they hear each other, out of any that they are in.

        Keys pressed on these legs are reported; unless ``keys_pass``, nobody in the bridge hears
        them.
        """
        ...

    async def leave(self, bridge: BridgeId, leg: LegId) -> None:
        """Take a leg out of a bridge; one that is not in it is no error."""
        ...

    async def destroy_bridge(self, bridge: BridgeId) -> None:
        """Remove a bridge; legs in it stay up. One that is gone is no error."""
        ...

    async def record_talk(
        self, bridge: BridgeId, recording: RecordingName, *, heard_by: LegId
    ) -> None:
        """Record the conversation in a bridge into one WAV, as one of its legs hears it.

        It holds what ``heard_by`` says and is told, music included, until it is stopped, the bridge
        is destroyed or the leg ends. Moments in which no packet comes from either side are left
        out (Asterisk 22.10). One recording at a time for each bridge.
        """
        ...

    async def pause_recording(self, recording: RecordingName) -> None:
        """Leave out of a recording what is said until it is resumed; one that ended is no error."""
        ...

    async def resume_recording(self, recording: RecordingName) -> None:
        """Go on with a paused recording; one that ended, or is not paused, is no error."""
        ...

    async def live_legs(self) -> Sequence[LiveLeg]:
        """List the legs in our application, in any order."""
        ...

    async def live_bridges(self) -> Sequence[LiveBridge]:
        """List our bridges, in any order."""
        ...
