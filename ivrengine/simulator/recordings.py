"""The recordings of conversations in the simulated exchange: how long each is, pauses left out."""

from collections.abc import Callable
from dataclasses import dataclass

from ivrengine.clock import Clock
from ivrengine.errors import SwitchRefused
from ivrengine.telephony import BridgeId, LegId, RecordingFinished, RecordingName


@dataclass(slots=True)
class _Recording:
    bridge: BridgeId
    heard_by: LegId
    runs_since: float | None
    recorded_s: float = 0.0


class TalkRecordings:
    """Begins, pauses and closes recordings of conversations.

    Args:
        clock: the time.
        report: takes the end of each.
    """

    def __init__(self, clock: Clock, report: Callable[[RecordingFinished], None]) -> None:
        self._clock = clock
        self._report = report
        self._running: dict[RecordingName, _Recording] = {}
        self._kept: set[RecordingName] = set()

    def begin(self, recording: RecordingName, bridge: BridgeId, heard_by: LegId) -> None:
        """Begin to record; raises SwitchRefused when there is such a recording."""
        if recording in self._running or recording in self._kept:
            raise SwitchRefused(f"there is a recording {recording}", status=409)
        self._running[recording] = _Recording(bridge, heard_by, self._clock.now())

    def pause(self, recording: RecordingName) -> None:
        """Leave out what follows; a recording that is not there is no error."""
        found = self._running.get(recording)
        if found is not None and found.runs_since is not None:
            found.recorded_s += self._clock.now() - found.runs_since
            found.runs_since = None

    def resume(self, recording: RecordingName) -> None:
        """Go on; a recording that is not there, or runs, is no error."""
        found = self._running.get(recording)
        if found is not None and found.runs_since is None:
            found.runs_since = self._clock.now()

    def close(self, recording: RecordingName) -> None:
        """Close a recording; one that is not there is no error."""
        self.pause(recording)
        found = self._running.pop(recording, None)
        if found is not None:
            self._kept.add(recording)
            self._report(
                RecordingFinished(
                    recording=recording,
                    leg=LegId(""),
                    duration_s=found.recorded_s,
                    failed=False,
                    at=self._clock.now(),
                )
            )

    def close_all_of(self, bridge: BridgeId) -> None:
        """Close the recordings of a bridge that is removed."""
        for recording, found in tuple(self._running.items()):
            if found.bridge == bridge:
                self.close(recording)

    def close_all_heard_by(self, leg: LegId) -> None:
        """Close the recordings that a leg which ends was listened to for."""
        for recording, found in tuple(self._running.items()):
            if found.heard_by == leg:
                self.close(recording)

    def forget_all(self) -> None:
        """Lose every recording and report nothing of it."""
        self._running.clear()
