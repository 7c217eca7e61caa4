"""Session descriptions of one audio stream (RFC 8866, RFC 3264), telephone events included."""

import re
from dataclasses import dataclass
from typing import Final

from ivrengine.softphone.sound.codec import Codec

Address = tuple[str, int]

DEFAULT_EVENT_PAYLOAD_TYPE: Final = 101
_EVENT_MAP: Final = re.compile(
    r"^a=rtpmap:(\d+) telephone-event/8000", re.IGNORECASE | re.MULTILINE
)
_AUDIO: Final = re.compile(r"^m=audio (\d+) \S+ ([\d ]+)", re.MULTILINE)
_CONNECTION: Final = re.compile(r"^c=IN IP4 (\S+)", re.MULTILINE)
_DIRECTION: Final = re.compile(r"^a=(sendrecv|sendonly|recvonly|inactive)\s*$", re.MULTILINE)


class UnusableSession(Exception):
    """A description without an audio stream in either G.711 codec."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioStream:
    """One side's wish: where it listens, and in which codecs, best first."""

    address: Address
    codecs: tuple[Codec, ...]
    event_payload_type: int | None = DEFAULT_EVENT_PAYLOAD_TYPE
    direction: str = "sendrecv"

    def render(self) -> bytes:
        """The description as a message body."""
        host, port = self.address
        payload_types = [str(codec.payload_type) for codec in self.codecs]
        attributes = [f"a=rtpmap:{c.payload_type} {c.name}/8000" for c in self.codecs]
        if self.event_payload_type is not None:
            payload_types.append(str(self.event_payload_type))
            attributes.append(f"a=rtpmap:{self.event_payload_type} telephone-event/8000")
            attributes.append(f"a=fmtp:{self.event_payload_type} 0-16")
        lines = [
            "v=0",
            f"o=- {port} {port} IN IP4 {host}",
            "s=-",
            f"c=IN IP4 {host}",
            "t=0 0",
            f"m=audio {port} RTP/AVP {' '.join(payload_types)}",
            *attributes,
            "a=ptime:20",
            f"a={self.direction}",
        ]
        return "\r\n".join([*lines, ""]).encode("ascii")


def read(body: bytes) -> AudioStream:
    """Reads the other side's description.

    Raises:
        UnusableSession: no audio, or no codec of ours.
    """
    text = body.decode("latin-1").replace("\r\n", "\n")
    audio, connection = _AUDIO.search(text), _CONNECTION.search(text)
    if audio is None or connection is None:
        raise UnusableSession("no audio stream in the session description")
    wanted = [Codec.of_payload_type(int(number)) for number in audio.group(2).split()]
    codecs = tuple(codec for codec in wanted if codec is not None)
    if not codecs:
        raise UnusableSession(f"no G.711 among payload types {audio.group(2)}")
    event, direction = _EVENT_MAP.search(text), _DIRECTION.search(text)
    return AudioStream(
        address=(connection.group(1), int(audio.group(1))),
        codecs=codecs,
        event_payload_type=int(event.group(1)) if event else None,
        direction=direction.group(1) if direction else "sendrecv",
    )


def answer_to(offer: AudioStream, ours: AudioStream) -> AudioStream:
    """Our answer: the offer's first codec that we have, its number for telephone events.

    Raises:
        UnusableSession: the two have no codec in common.
    """
    shared = tuple(codec for codec in offer.codecs if codec in ours.codecs)
    if not shared:
        raise UnusableSession("no codec in common")
    mirrored = {"sendonly": "recvonly", "recvonly": "sendonly"}
    return AudioStream(
        address=ours.address,
        codecs=shared[:1],
        event_payload_type=offer.event_payload_type,
        direction=mirrored.get(offer.direction, offer.direction),
    )
