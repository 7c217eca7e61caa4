"""The recording of a conversation, and when it pauses: on hold, and while secrets are keyed."""

from ivrengine.calls.context import CallParts
from ivrengine.calls.patience import attempt
from ivrengine.telephony import BridgeId, RecordingName


class Tape:
    """A recording of a conversation.

    Attributes:
        recording: its name.
        is_unwanted: whether somebody wants a pause, whatever the conversation does.
    """

    def __init__(self, recording: RecordingName, parts: CallParts) -> None:
        self.recording = recording
        self.is_unwanted = False
        self._parts = parts
        self._is_paused = False

    async def begin(self, bridge: BridgeId) -> None:
        """Begin to record ``bridge``; a refusal is logged, and the conversation goes on."""
        await attempt(self._parts.switch.record_bridge, bridge, self.recording)

    def wish(self, *, paused: bool) -> bool:
        """Learn whether a pause is wanted; False when that is known already."""
        if self.is_unwanted is paused:
            return False
        self.is_unwanted = paused
        return True

    async def mind(self, *, caller_waits: bool, certain: bool = False) -> None:
        """Pause or go on, as is right now; ``certain`` even if nothing seems to have changed."""
        paused = self.is_unwanted or (caller_waits and self._parts.talk.holds_recording)
        if paused is self._is_paused and not certain:
            return
        self._is_paused = paused
        switch = self._parts.switch
        order = switch.pause_recording if paused else switch.resume_recording
        await attempt(order, self.recording)

    async def close(self) -> None:
        """End the recording and keep it."""
        await attempt(self._parts.switch.stop_recording, self.recording)
