"""The recording of a conversation: wanted by the flow or begun by order, and when it pauses.

It pauses on hold, and while secrets are keyed. One that is due while a pause holds begins when the
pause is over, so that not even its first moment is in it.
"""

import structlog

from ivrengine.calls.context import CallParts
from ivrengine.calls.patience import attempt, insist
from ivrengine.errors import SwitchRefused
from ivrengine.telephony import BridgeId, LegId, RecordingName

log = structlog.get_logger(__name__)


class Tape:
    """What is recorded of a conversation, if anything.

    Args:
        parts: what every call uses.
        bridge: where the conversation is.
        heard_by: as whose leg hears it.
        recording: the name of the recording that its flow wants, None for none.

    Attributes:
        recording: its name, None while nothing is to be recorded.
        is_ordered: whether it was begun by order, and so may be ended by order.
        is_unwanted: whether somebody wants a pause, whatever the conversation does.
        caller_waits: whether the caller hears music instead of anybody.
    """

    def __init__(
        self,
        parts: CallParts,
        bridge: BridgeId,
        recording: RecordingName | None,
        *,
        heard_by: LegId,
    ) -> None:
        self.recording = recording
        self.is_ordered = False
        self.is_unwanted = False
        self.caller_waits = False
        self._parts = parts
        self._bridge = bridge
        self._heard_by = heard_by
        # Whoever is given a name begins at once, or is told of by an engine that died.
        self._has_begun = recording is not None
        self._is_due = False
        self._is_paused = False

    async def begin(self) -> None:
        """Record what the flow wants; a refusal is logged, and the conversation goes on."""
        if self.recording is not None:
            await attempt(
                self._parts.switch.record_talk,
                self._bridge,
                self.recording,
                heard_by=self._heard_by,
            )

    def order(self, recording: RecordingName) -> None:
        """Take note that ``recording`` is to begin, as soon as it is due."""
        self.recording = recording
        self.is_ordered, self._has_begun, self._is_due = True, False, False

    async def is_due(self) -> None:
        """Begin what was ordered, or as soon as no pause holds."""
        if self.is_ordered:
            self._is_due = True
            await self.mind(caller_waits=self.caller_waits)

    async def take_up(self) -> None:
        """Go on with a recording that an engine was ordered to make which died since."""
        self.is_ordered = self._has_begun = True
        if self.recording is None:
            return
        try:
            await insist(
                self._parts.switch.record_talk,
                self._bridge,
                self.recording,
                heard_by=self._heard_by,
            )
        except SwitchRefused:
            log.debug("recorded_already", recording=self.recording)

    def wish(self, *, paused: bool) -> bool:
        """Learn whether a pause is wanted; False when that is so already, or nothing is recorded.

        A pause outlasts the recording in which it was wished for, should another one be ordered.
        """
        if self.is_unwanted is paused or (paused and self.recording is None):
            return False
        self.is_unwanted = paused
        return True

    async def mind(self, *, caller_waits: bool, certain: bool = False) -> None:
        """Pause or go on, as is right now; ``certain`` even if nothing seems to have changed."""
        self.caller_waits = caller_waits
        paused = self.is_unwanted or (caller_waits and self._parts.talk.holds_recording)
        if self.recording is None:
            return
        if not self._has_begun:
            if self._is_due and not paused:
                self._has_begun, self._is_paused = True, False
                await self.begin()
            return
        if paused is self._is_paused and not certain:
            return
        self._is_paused = paused
        switch = self._parts.switch
        order = switch.pause_recording if paused else switch.resume_recording
        await attempt(order, self.recording)

    async def close(self) -> None:
        """End the recording and keep it; nothing is recorded any more."""
        recording, self.recording = self.recording, None
        self.is_ordered = False
        if recording is not None and self._has_begun:
            await attempt(self._parts.switch.stop_recording, recording)
