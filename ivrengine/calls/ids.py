"""Ids of our own choosing: sortable by time, unique across restarts, telling what they name."""

import secrets

from acd.model import ContactId
from ivrengine.clock import MARKET_ZONE, local_time
from ivrengine.telephony import BridgeId, LegId, PlaybackId, RecordingName
from ivrengine.values import CallId

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_call_id(now: float) -> CallId:
    """Return an id that sorts by the start of the call, such as ``20261121-093015-7kq2m``."""
    suffix = "".join(secrets.choice(_ALPHABET) for _ in range(5))
    return CallId(f"{local_time(now, MARKET_ZONE):%Y%m%d-%H%M%S}-{suffix}")


class CallIds:
    """Numbers the things of one call: ``<call>-pb3`` is its third playback.

    ``run`` tells the runs of the engine apart in which the call was served, so that a resumed call
    never meets an id of its life before.
    """

    def __init__(self, call: CallId, run: str = "") -> None:
        self.call = call
        self._prefix = f"{call}{run}"
        self._count = 0

    def _next(self, kind: str) -> str:
        self._count += 1
        return f"{self._prefix}-{kind}{self._count}"

    def playback(self) -> PlaybackId:
        """Name the next playback."""
        return PlaybackId(self._next("pb"))

    def bridge(self) -> BridgeId:
        """Name the next bridge."""
        return BridgeId(self._next("br"))

    def leg(self) -> LegId:
        """Name the next leg that we dial."""
        return LegId(self._next("leg"))

    def recording(self) -> RecordingName:
        """Name the next recording, which is also the name of its file."""
        return RecordingName(self._next("rec"))

    def contact(self) -> ContactId:
        """Name the next visit to the agents."""
        return ContactId(self._next("visit"))

    def callback(self) -> ContactId:
        """Name the next callback, which goes on when this call is long over."""
        return ContactId(self._next("callback"))


CALL_ID_LENGTH = 21
"""Characters of a call's id; what belongs to the call is named by it and a dash."""


def call_of(name: str) -> CallId:
    """Return the call that a playback, recording, bridge or visit belongs to."""
    return CallId(name[:CALL_ID_LENGTH])
