"""The installed prompt library, indexed by 20 ms frames: given a payload, which prompt is it from.

A softswitch sends a G.711 file frame by frame from its start, so a received payload equals one
frame of one file.  Near-silent frames say nothing and are left out of the index, but stand in the
sequence: a pause inside a prompt is still that prompt.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from ivrengine.softphone.sound.codec import FRAME_SAMPLES, Codec, decode
from ivrengine.softphone.sound.tones import peak

QUIET_PEAK: Final = 160
MUSIC: Final = "music"

Words = NDArray[np.uint64]
Number = TypeVar("Number", np.uint64, np.int16)

_WORDS_PER_FRAME: Final = FRAME_SAMPLES // 8
_MULTIPLIERS: Final[Words] = np.random.default_rng(952588).integers(
    1 << 62, 1 << 63, size=_WORDS_PER_FRAME, dtype=np.uint64
) | np.uint64(1)
_MIXER: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, order=True)
class Sound:
    """A prompt in one language; music has none."""

    prompt_id: str
    language: str | None

    def __str__(self) -> str:
        return self.prompt_id if self.language is None else f"{self.language} {self.prompt_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One frame of one file."""

    sound: Sound
    frame: int
    frames: int


class PromptLibrary:
    """Every frame of every file of one codec, in one long row; a position is an index into it."""

    def __init__(self, codec: Codec, files: list[tuple[Sound, bytes]]) -> None:
        self.codec = codec
        self.sounds = [sound for sound, _ in files]
        rows = [_frames(payload, codec) for _, payload in files]
        self._ends = np.cumsum(np.array([len(row) for row in rows], dtype=np.int64))
        self._hashes = _joined([_hash(row) for row in rows], np.uint64)
        peaks = _joined([_peaks(row, codec) for row in rows], np.int16)
        loud = np.flatnonzero(peaks >= QUIET_PEAK)
        order = np.argsort(self._hashes[loud], kind="stable")
        self._loud_positions = loud[order]
        self._loud_hashes = self._hashes[self._loud_positions]

    @classmethod
    def load(cls, directory: Path, codec: Codec) -> Self:
        """Reads `<directory>/<language>/<path>.<codec>` and `<directory>/music/<path>.<codec>`."""
        paths = sorted(directory.glob(f"*/**/*.{codec.suffix}"))
        return cls(codec, [(_sound_of(p.relative_to(directory)), p.read_bytes()) for p in paths])

    def positions_of(self, fingerprint: int) -> list[int]:
        """Everywhere a frame occurs; empty for a quiet or an unknown one."""
        wanted = np.uint64(fingerprint)
        first = np.searchsorted(self._loud_hashes, wanted, side="left")
        last = np.searchsorted(self._loud_hashes, wanted, side="right")
        return sorted(int(position) for position in self._loud_positions[first:last])

    def is_at(self, position: int, fingerprint: int) -> bool:
        """Whether the row holds this frame there."""
        return bool(self._hashes[position] == np.uint64(fingerprint))

    def is_last(self, position: int) -> bool:
        """Whether a file ends with this frame."""
        return position + 1 == int(self._ends[self._file_at(position)])

    def same_file(self, position: int, other: int) -> bool:
        """Whether both are frames of one file; positions outside the row belong to none."""
        if not 0 <= other < self._hashes.size:
            return False
        return self._file_at(position) == self._file_at(other)

    def place(self, position: int) -> Place:
        """What stands at a position."""
        file = self._file_at(position)
        start = int(self._ends[file - 1]) if file else 0
        frames = int(self._ends[file]) - start
        return Place(sound=self.sounds[file], frame=position - start, frames=frames)

    def _file_at(self, position: int) -> int:
        return int(np.searchsorted(self._ends, position, side="right"))


class PromptLibraries:
    """The same prompts in both codecs, read when first needed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._loaded: dict[Codec, PromptLibrary] = {}

    def of(self, codec: Codec) -> PromptLibrary:
        """The library a call in this codec is heard against."""
        if codec not in self._loaded:
            self._loaded[codec] = PromptLibrary.load(self.directory, codec)
        return self._loaded[codec]

    def load_all(self) -> Self:
        """Reads both, so that no call has to wait for it."""
        for codec in Codec:
            self.of(codec)
        return self


def fingerprint_of(payload: bytes, codec: Codec) -> int | None:
    """The number a frame is known by; None for payloads of another length."""
    if len(payload) != FRAME_SAMPLES:
        return None
    return int(_hash(_frames(payload, codec))[0])


def is_quiet(payload: bytes, codec: Codec) -> bool:
    """Whether nobody would hear this frame."""
    return peak(decode(payload, codec)) < QUIET_PEAK


def _frames(payload: bytes, codec: Codec) -> NDArray[np.uint8]:
    whole = len(payload) // FRAME_SAMPLES * FRAME_SAMPLES
    rows = np.frombuffer(payload[:whole], dtype=np.uint8).reshape(-1, FRAME_SAMPLES)
    if codec is Codec.PCMU:
        # Mu-law has two zeros; a softswitch that decodes and encodes again keeps only one.
        rows = np.where(rows == 0x7F, np.uint8(0xFF), rows)
    return rows


def _hash(rows: NDArray[np.uint8]) -> Words:
    words = np.ascontiguousarray(rows).view(np.uint64)
    mixed = (words ^ (words >> np.uint64(29))) * _MULTIPLIERS
    return np.asarray((mixed ^ (mixed >> np.uint64(32))).sum(axis=1, dtype=np.uint64) * _MIXER)


def _peaks(rows: NDArray[np.uint8], codec: Codec) -> NDArray[np.int16]:
    magnitudes = np.abs(decode(bytes(range(256)), codec))
    return np.asarray(magnitudes[rows].max(axis=1, initial=0))


def _joined(parts: list[NDArray[Number]], kind: type[Number]) -> NDArray[Number]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=kind)


def _sound_of(relative: Path) -> Sound:
    top, *rest = relative.with_suffix("").parts
    if top == MUSIC:
        return Sound(".".join((top, *rest)), None)
    return Sound(".".join(rest), top)
