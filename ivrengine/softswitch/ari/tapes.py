"""Recordings of conversations, each by a channel that listens to one of those who talk.

What one of them says and is told is the whole conversation, and costs half of what a recording of
the bridge does (docs/adr/recording-by-listening.md). The channel is nobody's leg. Its id is made of
the bridge's, so an engine that comes later finds it.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from ivrengine.errors import LegGone, SwitchRefused, SwitchUnavailable
from ivrengine.softswitch.ari.client import AriClient, Operation
from ivrengine.telephony import BridgeId, LegId, RecordingName

_SUFFIX: Final = "-tape"
_LOOKS_AGAIN_AFTER_S: Final = 0.01


def is_tape(channel_id: str) -> bool:
    """Tell whether a channel only listens for a recording."""
    return channel_id.endswith(_SUFFIX)


class Tapes:
    """Begins recordings of conversations, and lets go of what they were made with.

    Args:
        client: gives the orders.
        has_ended: tells whether a leg is known to be gone.
        begins_within_s: how long Asterisk may take to let a new channel be recorded.
    """

    def __init__(
        self, client: AriClient, *, has_ended: Callable[[LegId], bool], begins_within_s: float
    ) -> None:
        self._client = client
        self._has_ended = has_ended
        self._begins_within_s = begins_within_s

    async def begin(self, bridge: BridgeId, recording: RecordingName, heard_by: LegId) -> None:
        """Record what is said in ``bridge`` as ``heard_by`` hears it.

        Raises:
            LegGone: there is no such leg.
            SwitchRefused: there is such a recording, or Asterisk does not want to.
            SwitchUnavailable: it has not begun in time.
        """
        tape = f"{bridge}{_SUFFIX}"
        refusal = await self._listen(tape, heard_by)
        try:
            async with asyncio.timeout(self._begins_within_s):
                while not await self._record(tape, recording, heard_by):
                    if refusal is not None:
                        raise refusal
                    await asyncio.sleep(_LOOKS_AGAIN_AFTER_S)
        except TimeoutError:
            raise SwitchUnavailable(f"recording {recording} has not begun in time") from None

    async def end(self, bridge: BridgeId) -> None:
        """Keep what was recorded of a bridge; nothing is no error."""
        try:
            await self._client.order(Operation.HANG_UP, channelId=f"{bridge}{_SUFFIX}")
        except LegGone:
            return

    async def _listen(self, tape: str, leg: LegId) -> SwitchRefused | None:
        """Have ``tape`` listen to ``leg``; return why not, which may be that it does already."""
        try:
            await self._client.order(
                Operation.SNOOP,
                channelId=leg,
                snoopId=tape,
                spy="both",
                whisper="none",
                app=self._client.app,
                appArgs=f"tape,{tape}",
            )
        except SwitchRefused as refusal:
            # Asterisk 22.10 answers 500, whatever the reason.
            return refusal
        return None

    async def _record(self, tape: str, recording: RecordingName, heard_by: LegId) -> bool:
        """Order the recording; False while the tape has not entered our application."""
        if self._has_ended(heard_by):
            # The tape outlives it by a moment.
            raise LegGone(f"{heard_by} is gone")
        try:
            await self._client.order(
                Operation.RECORD,
                channelId=tape,
                name=recording,
                format="wav",
                maxDurationSeconds=0,
                maxSilenceSeconds=0,
                terminateOn="none",
                beep=False,
                ifExists="fail",
            )
        except LegGone:
            return False
        return True
