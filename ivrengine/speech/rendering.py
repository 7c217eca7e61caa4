"""Rendering: the texts of the catalogue spoken, finished and kept as masters.

Incremental: a prompt is rendered only when its text, voice, pace or finish differ from what its
manifest line says, or when its file is gone. Work is spread over several speakers; what is done is
in the manifest even when the rest is interrupted.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Lock

from ivrengine.errors import ConfigError
from ivrengine.speech.catalogue import Catalogue, CatalogueEntry
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
from ivrengine.speech.settings import SpeechSettings
from ivrengine.speech.tones import TONES
from ivrengine.speech.voices.voice import Manner, Voice, VoiceEngine
from ivrengine.values import Language, PromptId

# Part of every digest: a change of how sound is finished renders everything again.
_FINISH = "trim36-knee07-1"
_BATCH = 10
_SHORT_CHARACTERS = {Language.MANDARIN: 6, Language.ENGLISH: 18}
_SAVE_EVERY = 25

Progress = Callable[[int, int], None]
"""Told how many prompts are rendered, of how many that were due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One prompt in one language that is to be rendered."""

    id: PromptId
    language: Language
    text: str
    tone: str
    manner: Manner
    source: str

    @property
    def short(self) -> bool:
        return not self.tone and len(self.text) <= _SHORT_CHARACTERS[self.language]


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
        return tuple((job.id, job.language) for job in self._due())

    def render(self, *, speakers: int, progress: Progress | None = None) -> Rendering:
        """Render what is due with so many speakers at once, and remove masters without a text.

        Raises:
            SpeechError: the engine failed; what was done is kept.
            ConfigError: the engine is not there, or a tone is unknown.
        """
        jobs = self._due()
        removed = self._remove_orphans()
        batches: Queue[Sequence[_Job]] = Queue()
        for batch in _batches(jobs):
            batches.put(batch)
        session = _Session(batches=batches, due=len(jobs), progress=progress)
        try:
            with ThreadPoolExecutor(speakers, thread_name_prefix="speaker") as pool:
                turns = [pool.submit(self._work, session) for _ in range(speakers)]
                try:
                    wait(turns, return_when=FIRST_EXCEPTION)
                finally:
                    # After a failure or Ctrl-C nobody begins another batch.
                    session.stopped.set()
            for turn in turns:
                turn.result()
        finally:
            self._save()
        kept = sum(len(manifest) for manifest in self._manifests.values())
        return Rendering(rendered=len(jobs), unchanged=kept - len(jobs), removed=removed)

    def _due(self) -> list[_Job]:
        jobs = (self._job(entry, language) for entry in self._catalogue for language in Language)
        return [job for job in jobs if not self._is_kept(job)]

    def _job(self, entry: CatalogueEntry, language: Language) -> _Job:
        voice = self._settings.voice(language)
        text = entry.speech(language)
        short = len(text) <= _SHORT_CHARACTERS[language]
        manner = Manner(
            language=language,
            voice=self._engine.voice_of(language),
            speed=voice.fragment_speed if short else voice.sentence_speed,
        )
        recipe = [entry.tone] if entry.tone else [text, self._engine.name, manner.voice]
        recipe += [str(manner.speed), str(self._settings.loudness_dbfs), _FINISH]
        return _Job(
            id=entry.id,
            language=language,
            text=text,
            tone=entry.tone,
            manner=manner,
            source=hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:16],
        )

    def _is_kept(self, job: _Job) -> bool:
        record = self._manifests[job.language].get(job.id)
        path = master_path(self._prompts_dir, job.language, job.id)
        return record is not None and record.source == job.source and path.exists()

    def _work(self, session: "_Session") -> None:
        with self._engine.open() as voice:
            while not session.stopped.is_set():
                try:
                    batch = session.batches.get_nowait()
                except Empty:
                    return
                for job, samples in zip(batch, self._speak(voice, batch), strict=True):
                    self._keep(job, samples)
                session.note(len(batch))

    def _speak(self, voice: Voice, batch: Sequence[_Job]) -> list[Waveform]:
        first = batch[0]
        if first.tone:
            if first.tone not in TONES:
                raise ConfigError(f"{first.id}: there is no tone {first.tone!r}")
            return [TONES[first.tone]()]
        air_s = FRAGMENT_AIR_S if first.short else SENTENCE_AIR_S
        return [
            finish(samples, loudness_dbfs=self._settings.loudness_dbfs, air_s=air_s)
            for samples in voice.say([job.text for job in batch], first.manner)
        ]

    def _keep(self, job: _Job, samples: Waveform) -> None:
        audio = write_master(master_path(self._prompts_dir, job.language, job.id), samples)
        with self._lock:
            self._manifests[job.language][job.id] = MasterRecord(
                source=job.source,
                audio=audio,
                duration_s=round(len(samples) / SAMPLE_RATE_HZ, 3),
                engine=self._engine.name if not job.tone else "tone",
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
        self, *, batches: Queue[Sequence[_Job]], due: int, progress: Progress | None
    ) -> None:
        self.batches = batches
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


def _batches(jobs: Sequence[_Job]) -> Iterator[Sequence[_Job]]:
    """Part jobs into short texts of one manner that can be said as a list, and single others."""
    gathered: dict[Manner, list[_Job]] = {}
    for job in jobs:
        if not job.short:
            yield (job,)
            continue
        waiting = gathered.setdefault(job.manner, [])
        waiting.append(job)
        if len(waiting) == _BATCH:
            yield tuple(waiting)
            waiting.clear()
    for rest in gathered.values():
        if rest:
            yield tuple(rest)
