"""``ivrengine prompts``: what callers hear, as texts and as sounds."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ivrengine.config import Settings, load_settings
from ivrengine.speech.catalogue import load
from ivrengine.speech.inspection import Finding, inspect
from ivrengine.speech.library import install as install_library
from ivrengine.speech.masters import load_manifest
from ivrengine.speech.music import render_tune, tune_path
from ivrengine.speech.readings import Reading, read_out
from ivrengine.speech.rendering import Studio
from ivrengine.speech.voices.environment import prepare
from ivrengine.speech.voices.espeak import EspeakEngine
from ivrengine.speech.voices.kokoro import KokoroEngine
from ivrengine.speech.voices.voice import VoiceEngine
from ivrengine.values import Language

app = typer.Typer(
    help="What callers hear: its texts, its voices, and the sounds made of them.",
    no_args_is_help=True,
)


class EngineName(StrEnum):
    """Which voices speak."""

    KOKORO = "kokoro"
    ESPEAK = "espeak"


Engine = Annotated[EngineName, typer.Option("--voice-engine", help="Which voices speak.")]
Row = dict[str, object]
"""One row of a table, by column."""

TEXTS = "texts"
"""Folder of the catalogue's files, below the prompts' own."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


@app.command()
def render(
    voice_engine: Engine = EngineName.KOKORO,
    speakers: Annotated[
        int, typer.Option(min=1, help="Voices that speak at once, each on a core of its own.")
    ] = os.cpu_count() or 1,
) -> None:
    """Speak every text that differs from its sound, and keep the sounds as masters."""
    console = Console(stderr=True)
    settings = load_settings()
    studio = _studio(settings, voice_engine)
    if studio.due() and voice_engine is EngineName.KOKORO:
        voices = [settings.speech.voice(language).kokoro for language in Language]
        prepare(_voices_dir(settings), voices, console.print)
    with _bar(console, "speaking") as moved:
        done = studio.render(speakers=speakers, progress=moved)
    if not tune_path(settings.prompts).exists():
        render_tune(settings.prompts)
    console.print(f"{done.rendered} rendered, {done.unchanged} unchanged, {done.removed} removed")


@app.command()
def install() -> None:
    """Lay the sounds out for the softswitch, in the form in which telephones hear them."""
    console = Console(stderr=True)
    settings = load_settings()
    target = settings.state_dir / "prompts"
    with _bar(console, "installing") as moved:
        done = install_library(target, prompts_dir=settings.prompts, progress=moved)
    counts = f"{done.installed} installed, {done.unchanged} unchanged, {done.removed} removed"
    console.print(f"{counts} in {target}")


@app.command("list")
def list_prompts(
    prefix: Annotated[str, typer.Argument(help="Only ids that begin so.")] = "",
    as_json: AsJson = False,
) -> None:
    """Print every prompt with its texts and how long they take, in seconds."""
    prompts_dir = load_settings().prompts
    catalogue = load(prompts_dir / TEXTS)
    manifests = {language: load_manifest(prompts_dir, language) for language in Language}
    rows: list[Row] = [
        {
            "id": entry.id,
            **{str(language): text for language, text in entry.texts.items()},
            **{
                f"{language}_s": manifests[language][entry.id].duration_s
                for language in Language
                if entry.id in manifests[language]
            },
        }
        for entry in catalogue
        if entry.id.startswith(prefix)
    ]
    columns = ["id", *(str(tag) for tag in Language), *(f"{tag}_s" for tag in Language)]
    _print_rows(rows, columns, as_json=as_json)


@app.command()
def check(
    voice_engine: Engine = EngineName.KOKORO,
    as_json: AsJson = False,
) -> None:
    """Find texts without sound, sounds of older texts, and sounds that cannot be right."""
    settings = load_settings()
    catalogue = load(settings.prompts / TEXTS)
    findings = [
        *_stale(_studio(settings, voice_engine)),
        *inspect(catalogue, settings.prompts, loudness_dbfs=settings.speech.loudness_dbfs),
    ]
    rows: list[Row] = [
        {"id": finding.id, "language": str(finding.language), "fault": finding.fault}
        for finding in findings
    ]
    if rows or as_json:
        _print_rows(rows, ["id", "language", "fault"], as_json=as_json)
    if rows:
        raise typer.Exit(1)
    Console(stderr=True).print(f"{len(catalogue)} prompts in {len(Language)} languages are sound")


@app.command()
def say(
    value: Annotated[str, typer.Argument(help="A number, a code, a date, a time.")],
    reading: Annotated[Reading, typer.Option("--as", help="How it is read.")] = Reading.CARDINAL,
    language: Annotated[Language, typer.Option(help="In which language.")] = Language.MANDARIN,
    as_json: AsJson = False,
) -> None:
    """Print how a value is read out: the prompts that are played, and their words."""
    catalogue = load(load_settings().prompts / TEXTS)
    rows: list[Row] = [
        {"id": prompt_id, "text": catalogue.text(prompt_id, language)}
        for prompt_id in read_out(value, reading, language)
    ]
    _print_rows(rows, ["id", "text"], as_json=as_json)


def _studio(settings: Settings, engine: EngineName) -> Studio:
    return Studio(
        settings.prompts,
        load(settings.prompts / TEXTS),
        engine=_engine(engine, settings),
        settings=settings.speech,
    )


def _engine(name: EngineName, settings: Settings) -> VoiceEngine:
    if name is EngineName.ESPEAK:
        return EspeakEngine(settings.speech)
    return KokoroEngine(_voices_dir(settings), settings.speech)


def _voices_dir(settings: Settings) -> Path:
    return settings.state_dir / "speech"


def _stale(studio: Studio) -> Iterator[Finding]:
    for prompt_id, language in studio.due():
        yield Finding(id=prompt_id, language=language, fault="was not rendered as it stands")


class _Moved:
    """Moves a bar; called with how much is done, of how much."""

    def __init__(self, progress: Progress, label: str) -> None:
        self._progress = progress
        self._task = progress.add_task(label, total=None)

    def __call__(self, done: int, total: int) -> None:
        self._progress.update(self._task, completed=done, total=total)


@contextmanager
def _bar(console: Console, label: str) -> Iterator[_Moved]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Moved(progress, label)


def _print_rows(rows: list[Row], columns: list[str], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = Table(*columns)
    for row in rows:
        table.add_row(*(str(row.get(column, "")) for column in columns))
    Console().print(table)
