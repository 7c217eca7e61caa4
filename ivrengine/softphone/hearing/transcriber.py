"""Turns arriving frames into a transcript, one frame at a time.

At each moment there is at most one *run*: a row of frames that continue one or more files.  A frame
that continues no candidate ends the run; a loud frame found in the index begins the next, reaching
back over the quiet frames before it that belong to the same file.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from ivrengine.softphone.hearing.library import PromptLibrary, fingerprint_of, is_quiet
from ivrengine.softphone.hearing.transcript import Entry, Heard, Unknown
from ivrengine.softphone.sip.rtp import Arrival
from ivrengine.softphone.sound.codec import FRAME_S, FRAME_SAMPLES, decode
from ivrengine.softphone.sound.tones import level_dbfs, loudest_frequency_hz

QUIET_FRAMES_KEPT: Final = 100
QUIET_FRAMES_IN_UNKNOWN: Final = 10
UNKNOWN_FRAMES_KEPT: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """An arrival placed on the sender's clock, wrap-around and change of source taken out."""

    at: float
    rtp: int
    payload: bytes
    fingerprint: int | None


@dataclass(slots=True, kw_only=True)
class _Run:
    """Frames heard in a row; `positions` are where the last one can stand in the library."""

    positions: list[int]
    first: _Frame
    last: _Frame
    last_loud: _Frame
    lost: int = 0

    @property
    def quiet_end(self) -> int:
        """How many frames came after the last loud one."""
        return (self.last.rtp - self.last_loud.rtp) // FRAME_SAMPLES

    def without_quiet_end(self) -> "_Run":
        """The run up to its last loud frame: where a cut prompt is known to have gone on."""
        positions = [position - self.quiet_end for position in self.positions]
        return replace(self, positions=positions, last=self.last_loud)


@dataclass(slots=True, kw_only=True)
class _UnknownRun:
    first: _Frame
    last: _Frame
    frames: int = 1
    sample: list[bytes] = field(default_factory=list)


class Transcriber:
    """Listens to one call in one codec; `origin` is the moment its clock starts from."""

    def __init__(self, library: PromptLibrary, *, origin: float) -> None:
        self.late_frames = 0
        self._library = library
        self._origin = origin
        self._finished: list[Entry] = []
        self._quiet: list[_Frame] = []
        self._run: _Run | None = None
        self._unknown: _UnknownRun | None = None
        self._last: _Frame | None = None
        self._last_packet: Arrival | None = None

    @property
    def entries(self) -> list[Entry]:
        """Everything so far; what is still being heard comes last, marked as ongoing."""
        entries = list(self._finished)
        if self._run is not None:
            entries.append(self._heard(self._run, ongoing=True))
        if self._unknown is not None:
            entries.append(self._unknown_sound(self._unknown, ongoing=True))
        return entries

    def take(self, arrival: Arrival) -> None:
        """Hears one packet; one that comes after a later one is counted and left out."""
        frame = self._placed(arrival)
        if frame is None:
            self.late_frames += 1
            return
        if not self._continue_run(frame):
            self._end_run()
            if is_quiet(frame.payload, self._library.codec):
                self._take_quiet(frame)
            else:
                self._take_loud(frame)
        self._last, self._last_packet = frame, arrival

    def _placed(self, arrival: Arrival) -> _Frame | None:
        rtp = self._rtp_time(arrival)
        if self._last is not None and rtp <= self._last.rtp:
            return None
        payload = arrival.packet.payload
        fingerprint = fingerprint_of(payload, self._library.codec)
        return _Frame(at=arrival.at, rtp=rtp, payload=payload, fingerprint=fingerprint)

    def _rtp_time(self, arrival: Arrival) -> int:
        before, packet = self._last_packet, arrival.packet
        if before is None or self._last is None:
            return 0
        if before.packet.ssrc != packet.ssrc:
            steps = max(1, round((arrival.at - before.at) / FRAME_S))
            return self._last.rtp + steps * FRAME_SAMPLES
        ahead = (packet.timestamp - before.packet.timestamp) & 0xFFFFFFFF
        return self._last.rtp + (ahead - (1 << 32) if ahead >> 31 else ahead)

    def _continue_run(self, frame: _Frame) -> bool:
        run = self._run
        if run is None or frame.fingerprint is None:
            return False
        steps, rest = divmod(frame.rtp - run.last.rtp, FRAME_SAMPLES)
        if rest or steps < 1:
            return False
        kept = [p + steps for p in run.positions if self._is_next(p, p + steps, frame.fingerprint)]
        if not kept:
            return False
        run.positions, run.last = kept, frame
        run.lost += steps - 1
        if not is_quiet(frame.payload, self._library.codec):
            run.last_loud = frame
        if all(self._library.is_last(position) for position in kept):
            self._end_run()
        return True

    def _is_next(self, position: int, other: int, fingerprint: int) -> bool:
        library = self._library
        return library.same_file(position, other) and library.is_at(other, fingerprint)

    def _take_quiet(self, frame: _Frame) -> None:
        if self._quiet and frame.rtp - self._quiet[-1].rtp != FRAME_SAMPLES:
            self._quiet.clear()
        self._quiet = [*self._quiet[-QUIET_FRAMES_KEPT:], frame]
        if self._unknown is not None:
            silent_samples = frame.rtp - self._unknown.last.rtp
            if silent_samples > QUIET_FRAMES_IN_UNKNOWN * FRAME_SAMPLES:
                self._end_unknown()

    def _take_loud(self, frame: _Frame) -> None:
        positions = (
            [] if frame.fingerprint is None else self._library.positions_of(frame.fingerprint)
        )
        if positions:
            self._end_unknown()
            self._begin_run(positions, frame)
        elif self._unknown is None:
            self._unknown = _UnknownRun(first=frame, last=frame, sample=[frame.payload])
        else:
            self._lengthen_unknown(self._unknown, frame)
        self._quiet.clear()

    def _lengthen_unknown(self, unknown: _UnknownRun, frame: _Frame) -> None:
        unknown.last = frame
        unknown.frames += 1
        if len(unknown.sample) < UNKNOWN_FRAMES_KEPT:
            unknown.sample.append(frame.payload)

    def _begin_run(self, positions: list[int], frame: _Frame) -> None:
        back = max(self._reach_back(position, frame) for position in positions)
        first = self._quiet[-back] if back else frame
        kept = [p for p in positions if self._reach_back(p, frame) == back]
        self._run = _Run(positions=kept, first=first, last=frame, last_loud=frame)
        if all(self._library.is_last(position) for position in kept):
            self._end_run()

    def _reach_back(self, position: int, frame: _Frame) -> int:
        back, expected = 0, frame.rtp - FRAME_SAMPLES
        for quiet in reversed(self._quiet):
            earlier = position - back - 1
            if quiet.rtp != expected or quiet.fingerprint is None:
                break
            if not self._is_next(position, earlier, quiet.fingerprint):
                break
            back, expected = back + 1, expected - FRAME_SAMPLES
        return back

    def _end_run(self) -> None:
        if self._run is not None:
            self._finished.append(self._heard(self._run, ongoing=False))
            self._quiet.clear()
        self._run = None

    def _end_unknown(self) -> None:
        if self._unknown is not None:
            self._finished.append(self._unknown_sound(self._unknown, ongoing=False))
        self._unknown = None

    def _heard(self, run: _Run, *, ongoing: bool) -> Heard:
        whole = all(self._library.is_last(position) for position in run.positions)
        quiet_end = 0
        if not (ongoing or whole):
            quiet_end = run.quiet_end
            run = run.without_quiet_end()
        places = [self._library.place(position) for position in run.positions]
        nearest = min(place.frame for place in places)
        chosen = [place for place in places if place.frame == nearest]
        return Heard(
            sounds=tuple(dict.fromkeys(place.sound for place in chosen)),
            began_at=run.first.at,
            ended_at=run.last.at,
            start_s=run.first.at - self._origin,
            end_s=run.last.at - self._origin + FRAME_S,
            from_frame=nearest - (run.last.rtp - run.first.rtp) // FRAME_SAMPLES,
            to_frame=nearest,
            frames=chosen[0].frames,
            rtp_begin=run.first.rtp,
            rtp_end=run.last.rtp + FRAME_SAMPLES,
            lost_frames=run.lost,
            quiet_end=quiet_end,
            ongoing=ongoing,
        )

    def _unknown_sound(self, run: _UnknownRun, *, ongoing: bool) -> Unknown:
        samples = decode(b"".join(run.sample), self._library.codec)
        return Unknown(
            began_at=run.first.at,
            ended_at=run.last.at,
            start_s=run.first.at - self._origin,
            end_s=run.last.at - self._origin + FRAME_S,
            frames=run.frames,
            level_dbfs=level_dbfs(samples),
            loudest_hz=loudest_frequency_hz(samples),
            rtp_begin=run.first.rtp,
            rtp_end=run.last.rtp + FRAME_SAMPLES,
            ongoing=ongoing,
        )
