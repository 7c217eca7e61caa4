"""Reads what Asterisk sends: the one place that knows the JSON of ARI's events (Asterisk 22).

Networks and other programs fill these fields, so nothing is trusted: an event that cannot do
without a missing or mistyped field is refused as :class:`Unreadable`, every other such field
becomes empty. An event of a kind that calls have no use for is read as None.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

import pydantic_core
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from ivrengine.errors import EngineError


class Unreadable(EngineError):
    """What came is not an event, or lacks what its kind needs."""


class UnknownKind(EngineError):
    """An event of a kind that is in no list of ours."""


_TOO_LARGE = 2**31
"""Asterisk's numbers are milliseconds, seconds and causes; a larger one is nonsense."""


def _text_or_empty(found: object) -> object:
    return found if isinstance(found, str) else ""


def _number_or_zero(found: object) -> object:
    if not isinstance(found, int) or isinstance(found, bool):
        return 0
    return found if abs(found) < _TOO_LARGE else 0


def _object_or_empty(found: object) -> object:
    return found if isinstance(found, dict | BaseModel) else {}


Text = Annotated[str, BeforeValidator(_text_or_empty)]
Number = Annotated[int, BeforeValidator(_number_or_zero)]
Name = Annotated[str, Field(min_length=1, strict=True)]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Party(_Wire):
    """Who is at the other end, as far as signalling tells."""

    number: Text = ""


class Place(_Wire):
    """Where in the dialplan a channel is."""

    exten: Text = ""
    app_name: Text = ""
    app_data: Text = ""


class Channel(_Wire):
    """A leg, as Asterisk describes it in events and listings."""

    id: Name
    state: Text = ""
    caller: Annotated[Party, BeforeValidator(_object_or_empty)] = Party()
    dialplan: Annotated[Place, BeforeValidator(_object_or_empty)] = Place()


class _Event(_Wire):
    timestamp: Text = ""

    def stamped_at(self) -> float | None:
        """Return when Asterisk says that it happened, in epoch seconds of its own clock."""
        try:
            return datetime.fromisoformat(self.timestamp).timestamp()
        except ValueError:
            return None


class StasisStart(_Event):
    """A channel entered our application; ``args`` are the dialplan's or our own."""

    type: Literal["StasisStart"]
    channel: Channel
    args: tuple[str, ...] = ()


class StasisEnd(_Event):
    """A channel left our application, most often because it hung up."""

    type: Literal["StasisEnd"]
    channel: Channel


class ChannelStateChange(_Event):
    """A channel rings, or is up."""

    type: Literal["ChannelStateChange"]
    channel: Channel


class Dial(_Event):
    """Progress of a leg that we dialled."""

    type: Literal["Dial"]
    peer: Channel
    dialstatus: Text = ""


class ChannelHangupRequest(_Event):
    """Somebody wants a channel to end.

    With ``soft`` it was Asterisk itself or an order of ours, and ``cause`` holds Asterisk's flags
    instead of a Q.850 number: 32 for an explicit order.
    """

    type: Literal["ChannelHangupRequest"]
    channel: Channel
    cause: Number = 0
    soft: Annotated[bool, BeforeValidator(lambda found: found is True)] = False


class ChannelDestroyed(_Event):
    """A channel is no more."""

    type: Literal["ChannelDestroyed"]
    channel: Channel
    cause: Number = 0


class ChannelDtmfReceived(_Event):
    """A key was released."""

    type: Literal["ChannelDtmfReceived"]
    channel: Channel
    digit: Name
    duration_ms: Number = 0


class ChannelHold(_Event):
    """A telephone put its call on hold."""

    type: Literal["ChannelHold"]
    channel: Channel


class ChannelUnhold(_Event):
    """A telephone took its call back."""

    type: Literal["ChannelUnhold"]
    channel: Channel


class Playback(_Wire):
    """A media list that plays, and where."""

    id: Name
    target_uri: Name
    state: Text = ""


class PlaybackStarted(_Event):
    """One more item of a media list begins."""

    type: Literal["PlaybackStarted"]
    playback: Playback


class PlaybackFinished(_Event):
    """A media list ended: played out, stopped or failed."""

    type: Literal["PlaybackFinished"]
    playback: Playback


class LiveRecording(_Wire):
    """A recording, and of what."""

    name: Name
    target_uri: Text = ""
    duration: Number = 0


class RecordingFinished(_Event):
    """A recording was closed."""

    type: Literal["RecordingFinished"]
    recording: LiveRecording


class RecordingFailed(_Event):
    """A recording could not be made."""

    type: Literal["RecordingFailed"]
    recording: LiveRecording


class ApplicationRegistered(_Event):
    """Asterisk has replayed all that we missed; what follows is live."""

    type: Literal["ApplicationRegistered"]


class ApplicationReplaced(_Event):
    """Another connection took our application over; this one will stay silent."""

    type: Literal["ApplicationReplaced"]


AriEvent = (
    StasisStart
    | StasisEnd
    | ChannelStateChange
    | Dial
    | ChannelHangupRequest
    | ChannelDestroyed
    | ChannelDtmfReceived
    | ChannelHold
    | ChannelUnhold
    | PlaybackStarted
    | PlaybackFinished
    | RecordingFinished
    | RecordingFailed
    | ApplicationRegistered
    | ApplicationReplaced
)

_EVENT: TypeAdapter[AriEvent] = TypeAdapter(Annotated[AriEvent, Field(discriminator="type")])

_READ = frozenset(kind.__name__ for kind in AriEvent.__args__)

UNUSED = frozenset(
    {
        "ApplicationMoveFailed",
        "ApplicationUnregistered",
        "BridgeAttendedTransfer",
        "BridgeBlindTransfer",
        "BridgeCreated",
        "BridgeDestroyed",
        "BridgeMerged",
        "BridgeVideoSourceChanged",
        "CallBroadcast",
        "CallClaimed",
        "ChannelCallerId",
        "ChannelConnectedLine",
        "ChannelCreated",
        "ChannelDialplan",
        "ChannelEnteredBridge",
        "ChannelLeftBridge",
        "ChannelTalkingFinished",
        "ChannelTalkingStarted",
        "ChannelToneDetected",
        "ChannelTransfer",
        "ChannelUserevent",
        "ChannelVarset",
        "ContactStatusChange",
        "DeviceStateChanged",
        "EndpointStateChange",
        "PeerStatusChange",
        "PlaybackContinuing",
        "RESTResponse",
        "RecordingStarted",
        "TextMessageReceived",
    }
)
"""Kinds that Asterisk 22.10 has and calls have no use for."""

FILTERED = sorted(UNUSED - {"ApplicationMoveFailed", "ApplicationUnregistered", "RESTResponse"})
"""Kinds that Asterisk is asked not to send at all, which halves what it sends for a call."""

EVERY_KIND = sorted({*FILTERED, *_READ})
"""Kinds that Asterisk is asked not to send while it shall be silent."""


def read_event(text: str) -> AriEvent | None:
    """Return the event in ``text``, or None for one of a kind in :data:`UNUSED`.

    Raises:
        Unreadable: it is not an event, or lacks what it needs; the message names the fields.
        UnknownKind: its kind is in no list; the message is the kind.
    """
    try:
        found: Any = pydantic_core.from_json(text)
    except (ValueError, TypeError) as fault:
        raise Unreadable(f"not JSON: {fault}") from None
    kind = found.get("type") if isinstance(found, dict) else None
    if not isinstance(kind, str):
        raise Unreadable("not an event")
    if kind in UNUSED:
        return None
    if kind not in _READ:
        raise UnknownKind(kind)
    try:
        return _EVENT.validate_python(found)
    except ValidationError as faults:
        fields = (".".join(str(part) for part in fault["loc"]) for fault in faults.errors())
        raise Unreadable(f"{kind}: {', '.join(fields)}") from None
