"""Records what a caller leaves: one message at a time, ended by key, silence, limit or hang-up."""

import structlog

from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.facts import RecordingKept
from ivrengine.calls.patience import attempt
from ivrengine.flow.effects import Record
from ivrengine.flow.inputs import Recorded
from ivrengine.telephony import RecordingFinished, RecordingName, RecordingOrder

log = structlog.get_logger(__name__)


class Recorder:
    """Turns a flow's wish for a recording into one, and its end into the flow's answer."""

    def __init__(self, context: CallContext, parts: CallParts) -> None:
        self._context = context
        self._parts = parts
        self._running: tuple[RecordingName, int] | None = None

    @property
    def is_running(self) -> bool:
        """Whether a recording has not been closed yet."""
        return self._running is not None

    async def begin(self, order: Record) -> Recorded | None:
        """Start to record the caller; an answer means that this is not possible."""
        recording = self._context.ids.recording()
        self._running = (recording, order.generation)
        begun = await attempt(
            self._parts.switch.record,
            self._context.leg,
            RecordingOrder(
                recording=recording,
                max_s=order.max_s,
                max_silence_s=order.max_silence_s,
                terminator=order.terminator,
                beep=order.beep,
            ),
        )
        if begun:
            return None
        self._running = None
        return Recorded(
            generation=order.generation, recording=recording, duration_s=0.0, failed=True
        )

    async def stop(self) -> None:
        """End the recording and keep it; the answer comes as an event."""
        if self._running is not None:
            await attempt(self._parts.switch.stop_recording, self._running[0])

    def finished(self, event: RecordingFinished) -> Recorded | None:
        """Take note of a recording's end; None when it is not the one that runs."""
        if self._running is None or self._running[0] != event.recording:
            return None
        recording, generation = self._running
        self._running = None
        if event.failed:
            log.error("recording_failed", recording=recording)
        else:
            self._parts.journal.note(
                RecordingKept(
                    call=self._context.call,
                    at=self._parts.clock.now(),
                    recording=recording,
                    purpose="message",
                    duration_s=event.duration_s,
                )
            )
        return Recorded(
            generation=generation,
            recording=recording,
            duration_s=event.duration_s,
            failed=event.failed,
        )
