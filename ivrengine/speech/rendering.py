"""Rendering: the texts of the catalogue spoken, finished and kept as masters.

Incremental: a prompt is rendered only when its text, voice, pace or finish differ from what its
manifest line says, or when its file is gone. Work is spread over several speakers; what is done is
in the manifest even when the rest is interrupted.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Lock

from ivrengine.errors import ConfigError
from ivrengine.speech.catalogue import Catalogue
from ivrengine.speech.finishing import FRAGMENT_AIR_S, SENTENCE_AIR_S, finish
from ivrengine.speech.masters import (
    SAMPLE_RATE_HZ,
    MasterRecord,
    Waveform,
    load_manifest,
    master_path,
    save_manifest,
    write_master,
)
from ivrengine.speech.recipes import Recipe, lists, recipe
from ivrengine.speech.settings import SpeechSettings
from ivrengine.speech.tones import TONES
from ivrengine.speech.voices.voice import Voice, VoiceEngine
from ivrengine.values import Language, PromptId

_SAVE_EVERY = 25

Progress = Callable[[int, int], None]
"""Told how many prompts are rendered, of how many that were due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What a run did, counted in masters."""

    rendered: int
    unchanged: int
    removed: int


class Studio:
    """Renders a catalogue into the masters of one folder."""

    def __init__(
        self,
        prompts_dir: Path,
        catalogue: Catalogue,
        *,
        engine: VoiceEngine,
        settings: SpeechSettings,
    ) -> None:
        self._prompts_dir = prompts_dir
        self._catalogue = catalogue
        self._engine = engine
        self._settings = settings
        self._manifests = {language: load_manifest(prompts_dir, language) for language in Language}
        self._lock = Lock()
        self._unsaved = 0

    def due(self) -> tuple[tuple[PromptId, Language], ...]:
        """Return what is to be rendered: new texts, and those whose sound was made otherwise."""
        return tuple((one.id, one.language) for one in self._due())

    def render(self, *, speakers: int, progress: Progress | None = None) -> Rendering:
        """Render what is due with so many speakers at once, and remove masters without a text.

        Raises:
            SpeechError: the engine failed; what was done is kept.
            ConfigError: the engine is not there, or a tone is unknown.
        """
        due = self._due()
        removed = self._remove_orphans()
        session = _Session(lists=tuple(lists(due)), due=len(due), progress=progress)
        try:
            with ThreadPoolExecutor(speakers, thread_name_prefix="speaker") as pool:
                turns = [pool.submit(self._work, session) for _ in range(speakers)]
                try:
                    wait(turns, return_when=FIRST_EXCEPTION)
                finally:
                    # After a failure or Ctrl-C nobody begins another list.
                    session.stopped.set()
            for turn in turns:
                turn.result()
        finally:
            self._save()
        kept = sum(len(manifest) for manifest in self._manifests.values())
        return Rendering(rendered=len(due), unchanged=kept - len(due), removed=removed)

    def _due(self) -> list[Recipe]:
        recipes = (
            recipe(entry, language, engine=self._engine, settings=self._settings)
            for entry in self._catalogue
            for language in Language
        )
        return [one for one in recipes if not self._is_kept(one)]

    def _is_kept(self, one: Recipe) -> bool:
        record = self._manifests[one.language].get(one.id)
        path = master_path(self._prompts_dir, one.language, one.id)
        return record is not None and record.source == one.digest and path.exists()

    def _work(self, session: "_Session") -> None:
        with self._engine.open() as voice:
            while not session.stopped.is_set():
                try:
                    spoken = session.lists.get_nowait()
                except Empty:
                    return
                for one, samples in zip(spoken, self._speak(voice, spoken), strict=True):
                    self._keep(one, samples)
                session.note(len(spoken))

    def _speak(self, voice: Voice, recipes: Sequence[Recipe]) -> list[Waveform]:
        first = recipes[0]
        if first.tone:
            if first.tone not in TONES:
                raise ConfigError(f"{first.id}: there is no tone {first.tone!r}")
            return [TONES[first.tone]()]
        air_s = FRAGMENT_AIR_S if first.listed else SENTENCE_AIR_S
        return [
            finish(samples, loudness_dbfs=self._settings.loudness_dbfs, air_s=air_s)
            for samples in voice.say([one.text for one in recipes], first.manner)
        ]

    def _keep(self, one: Recipe, samples: Waveform) -> None:
        audio = write_master(master_path(self._prompts_dir, one.language, one.id), samples)
        with self._lock:
            self._manifests[one.language][one.id] = MasterRecord(
                source=one.digest,
                audio=audio,
                duration_s=round(len(samples) / SAMPLE_RATE_HZ, 3),
                engine="tone" if one.tone else self._engine.name,
            )
            self._unsaved += 1
            if self._unsaved >= _SAVE_EVERY:
                self._save()

    def _remove_orphans(self) -> int:
        known = set(self._catalogue.ids)
        removed = 0
        for language, manifest in self._manifests.items():
            for prompt_id in manifest.keys() - known:
                del manifest[prompt_id]
                master_path(self._prompts_dir, language, prompt_id).unlink(missing_ok=True)
                removed += 1
        return removed

    def _save(self) -> None:
        for language, manifest in self._manifests.items():
            save_manifest(self._prompts_dir, language, manifest)
        self._unsaved = 0


class _Session:
    """The work of one run, shared by its speakers."""

    def __init__(
        self, *, lists: Sequence[Sequence[Recipe]], due: int, progress: Progress | None
    ) -> None:
        self.lists: Queue[Sequence[Recipe]] = Queue()
        for spoken in lists:
            self.lists.put(spoken)
        self.stopped = Event()
        self._due = due
        self._done = 0
        self._progress = progress
        self._lock = Lock()

    def note(self, count: int) -> None:
        with self._lock:
            self._done += count
            if self._progress:
                self._progress(self._done, self._due)
