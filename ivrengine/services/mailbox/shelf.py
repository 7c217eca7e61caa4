"""Recordings as WAV files in a folder, where the softswitch puts them."""

import asyncio
import os
import re
from pathlib import Path

from ivrengine.errors import StorageError
from ivrengine.telephony import RecordingName

_WAV_HEADER_BYTES = 44
"""Size of a canonical RIFF/WAVE header with one ``fmt`` and one ``data`` chunk: no sound yet."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class FolderShelf:
    """A :class:`~ivrengine.services.mailbox.ports.RecordingShelf` over one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def secure(self, recording: RecordingName) -> bool:
        """Flush a recording and its folder to the disk; see the port."""
        return await asyncio.to_thread(self._secure, self._path(recording))

    async def discard(self, recording: RecordingName) -> None:
        """Delete a recording's file; see the port."""
        await asyncio.to_thread(self._discard, self._path(recording))

    def _path(self, recording: RecordingName) -> Path:
        if _NAME.fullmatch(recording) is None:
            raise StorageError(f"{recording!r} is not the name of a recording")
        return self._folder / f"{recording}.wav"

    def _secure(self, path: Path) -> bool:
        try:
            with path.open("rb") as sound:
                if os.fstat(sound.fileno()).st_size <= _WAV_HEADER_BYTES:
                    return False
                os.fsync(sound.fileno())
            _flush_folder(self._folder)
        except FileNotFoundError:
            return False
        except OSError as failure:
            raise StorageError(f"recording {path.name} could not be made safe") from failure
        return True

    def _discard(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as failure:
            raise StorageError(f"recording {path.name} could not be removed") from failure


def _flush_folder(folder: Path) -> None:
    """Flush the folder's list of names: without it a new file can vanish with the power."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
