"""The catalogue: what every prompt says in every language, read from the texts in YAML.

A file maps prompt ids to their texts::

    menu.main:
      zh: 股票行情请按一。
      en: For share quotes, press one.

A text without a full stop at its end is spoken as if more followed. ``spoken_zh`` and ``spoken_en``
are for the voice alone, where it would misread what a person reads rightly. ``tone`` names a sound
that is made instead of spoken, and the texts then describe it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from ivrengine.errors import ConfigError, SpeechError
from ivrengine.speech.prompt_ids import PROMPT_ID
from ivrengine.values import Language, PromptId

_SPOKEN = {f"spoken_{language}": language for language in Language}
_KEYS = frozenset([*Language, *_SPOKEN, "tone"])


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """One prompt: its text in every language, and what the voice is given where that differs."""

    id: PromptId
    texts: Mapping[Language, str]
    spoken: Mapping[Language, str]
    tone: str = ""

    def speech(self, language: Language) -> str:
        """Return what the voice is to say."""
        return self.spoken.get(language, self.texts[language])


class Catalogue:
    """All prompts by their ids, in the order of the files."""

    def __init__(self, entries: Iterable[CatalogueEntry]) -> None:
        self._entries = {entry.id: entry for entry in entries}

    @property
    def ids(self) -> tuple[PromptId, ...]:
        """Every prompt id, in the order of the files."""
        return tuple(self._entries)

    def __iter__(self) -> Iterator[CatalogueEntry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def has(self, prompt_id: str, language: Language) -> bool:
        """Tell whether a prompt has a text in a language."""
        entry = self._entries.get(PromptId(prompt_id))
        return entry is not None and language in entry.texts

    def text(self, prompt_id: str, language: Language) -> str:
        """Return what a prompt says.

        Raises:
            SpeechError: there is no such prompt.
        """
        if not self.has(prompt_id, language):
            raise SpeechError(f"no prompt {prompt_id} in {language}")
        return self._entries[PromptId(prompt_id)].texts[language]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class _Loading:
    """One pass over the files, gathering entries and every fault with its place."""

    def __init__(self) -> None:
        self.entries: list[CatalogueEntry] = []
        self.faults: list[str] = []
        self._places: dict[str, _Place] = {}

    def read_file(self, file: Path) -> None:
        yaml = YAML(typ="safe", pure=True)
        try:
            root: Node | None = yaml.compose(file.read_text(encoding="utf-8"))
        except MarkedYAMLError as fault:
            line = fault.problem_mark.line + 1 if fault.problem_mark else 1
            self._fault(_Place(file=file, line=line), str(fault.problem or fault.context))
            return
        except (YAMLError, UnicodeDecodeError, OSError) as fault:
            self._fault(_Place(file=file, line=1), str(fault))
            return
        if root is None:
            return
        if not isinstance(root, MappingNode):
            self._fault(_place(file, root), "the file must map prompt ids to texts")
            return
        for key, value in root.value:
            self._read_entry(_place(file, key), str(key.value), value)

    def _read_entry(self, place: _Place, prompt_id: str, node: Node) -> None:
        if not PROMPT_ID.fullmatch(prompt_id):
            self._fault(place, f"{prompt_id!r} is no prompt id: lower-case words joined by dots")
            return
        if prompt_id in self._places:
            self._fault(place, f"{prompt_id} is already at {self._places[prompt_id]}")
            return
        self._places[prompt_id] = place
        fields = self._read_fields(place, prompt_id, node)
        missing = [str(language) for language in Language if language not in fields]
        if missing:
            self._fault(place, f"{prompt_id} has no text in {', '.join(missing)}")
            return
        self.entries.append(
            CatalogueEntry(
                id=PromptId(prompt_id),
                texts={language: fields[language] for language in Language},
                spoken={tag: fields[key] for key, tag in _SPOKEN.items() if key in fields},
                tone=fields.get("tone", ""),
            )
        )

    def _read_fields(self, place: _Place, prompt_id: str, node: Node) -> dict[str, str]:
        if not isinstance(node, MappingNode):
            self._fault(place, f"{prompt_id} must have a text for each language")
            return {}
        fields: dict[str, str] = {}
        for key, value in node.value:
            name, where = str(key.value), _place(place.file, key)
            text = value.value.strip() if isinstance(value, ScalarNode) else ""
            if name not in _KEYS:
                self._fault(where, f"{prompt_id}: unknown key {name!r}")
            elif name in fields:
                self._fault(where, f"{prompt_id}: {name} stands there twice")
            else:
                fields[name] = text
                if not text:
                    self._fault(where, f"{prompt_id}: {name} is empty")
        return fields

    def _fault(self, place: _Place, message: str) -> None:
        self.faults.append(f"{place}: {message}")


def load(path: Path) -> Catalogue:
    """Read all ``*.yaml`` files below ``path``, or one file, in the order of their names.

    Raises:
        ConfigError: with every fault of every file, one a line, each with file and line.
    """
    files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    loading = _Loading()
    for file in files:
        loading.read_file(file)
    if loading.faults:
        raise ConfigError("\n".join(loading.faults))
    if not loading.entries:
        raise ConfigError(f"no prompts in {path}", remedy="point at the folder prompts/texts")
    return Catalogue(loading.entries)


def _place(file: Path, node: Node) -> _Place:
    return _Place(file=file, line=node.start_mark.line + 1)
