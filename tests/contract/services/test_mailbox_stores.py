"""The mailbox's stores that need no database, held to the suites of their ports."""

import wave
from pathlib import Path

import pytest

from ivrengine.errors import StorageError
from ivrengine.services.mailbox.memory import MemoryShelf, MemoryTickets
from ivrengine.services.mailbox.ports import RecordingShelf, TicketStore
from ivrengine.services.mailbox.shelf import FolderShelf
from ivrengine.telephony import RecordingName
from tests.kit.service_stores import RecordingShelfSuite, TicketStoreSuite

pytestmark = pytest.mark.contract


class TestMemoryTickets(TicketStoreSuite):
    @pytest.fixture
    def tickets(self) -> TicketStore:
        return MemoryTickets()


class TestMemoryShelf(RecordingShelfSuite):
    @pytest.fixture
    def shelf(self) -> RecordingShelf:
        return MemoryShelf(self.RECORDING)


class TestFolderShelf(RecordingShelfSuite):
    @pytest.fixture
    def shelf(self, tmp_path: Path) -> RecordingShelf:
        write_wav(tmp_path / f"{self.RECORDING}.wav", frames=b"\x01\x02" * 800)
        return FolderShelf(tmp_path)

    async def test_a_recording_without_a_frame_of_sound_is_no_recording(
        self, tmp_path: Path
    ) -> None:
        write_wav(tmp_path / "silent.wav", frames=b"")
        assert not await FolderShelf(tmp_path).secure(RecordingName("silent"))

    @pytest.mark.parametrize("name", ["", "..", "../secrets", "/etc/passwd", "a/b"])
    async def test_a_name_that_leaves_the_folder_is_refused(
        self, tmp_path: Path, name: str
    ) -> None:
        folder = tmp_path / "recordings"
        folder.mkdir()
        outside = tmp_path / "secrets.wav"
        write_wav(outside, frames=b"\x01\x02" * 800)
        shelf = FolderShelf(folder)
        with pytest.raises(StorageError):
            await shelf.secure(RecordingName(name))
        with pytest.raises(StorageError):
            await shelf.discard(RecordingName(name))
        assert outside.exists()

    async def test_a_recording_that_cannot_be_removed_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "folder.wav").mkdir()
        with pytest.raises(StorageError):
            await FolderShelf(tmp_path).discard(RecordingName("folder"))


def write_wav(path: Path, *, frames: bytes) -> None:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(frames)
