"""Recipes: all that the sound of one prompt depends on, and which of them are spoken together."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ivrengine.speech.catalogue import CatalogueEntry
from ivrengine.speech.settings import SpeechSettings
from ivrengine.speech.voices.voice import Manner, VoiceEngine
from ivrengine.values import Language, PromptId

# Part of every digest: another way of finishing sound renders everything again.
_FINISH = "trim36-knee07-1"
_LIST_LENGTH = 10
_SYLLABLE_LETTERS = {Language.MANDARIN: 1, Language.ENGLISH: 5}
_FRAGMENT_LETTERS = {Language.MANDARIN: 6, Language.ENGLISH: 18}


class Length(StrEnum):
    """How much is said at once: short texts are spoken slower, and as lists."""

    SYLLABLE = "syllable"
    FRAGMENT = "fragment"
    SENTENCE = "sentence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One prompt in one language as it is to be rendered; ``digest`` changes with its sound."""

    id: PromptId
    language: Language
    text: str
    tone: str
    length: Length
    manner: Manner
    digest: str

    @property
    def listed(self) -> bool:
        """Tell whether it is spoken in a list with others of its manner."""
        return not self.tone and self.length is not Length.SENTENCE


def recipe(
    entry: CatalogueEntry, language: Language, *, engine: VoiceEngine, settings: SpeechSettings
) -> Recipe:
    """Return how a prompt is to be rendered by an engine."""
    text = entry.speech(language)
    length = length_of(text, language)
    manner = Manner(
        language=language,
        voice=engine.voice_of(language),
        speed=_speed(length, language, settings),
    )
    parts = [entry.tone] if entry.tone else [text, engine.name, manner.voice]
    parts += [str(manner.speed), str(settings.loudness_dbfs), _FINISH]
    return Recipe(
        id=entry.id,
        language=language,
        text=text,
        tone=entry.tone,
        length=length,
        manner=manner,
        digest=hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16],
    )


def length_of(text: str, language: Language) -> Length:
    """Return the class of a text's length; spaces and the stop at its end do not count."""
    letters = len(text.rstrip("。.！!？?"))
    if letters <= _SYLLABLE_LETTERS[language]:
        return Length.SYLLABLE
    return Length.FRAGMENT if letters <= _FRAGMENT_LETTERS[language] else Length.SENTENCE


def lists(recipes: Sequence[Recipe]) -> Iterator[Sequence[Recipe]]:
    """Part recipes into lists of one manner, and into single ones that are spoken by themselves."""
    gathered: dict[Manner, list[Recipe]] = {}
    for one in recipes:
        if not one.listed:
            yield (one,)
            continue
        waiting = gathered.setdefault(one.manner, [])
        waiting.append(one)
        if len(waiting) == _LIST_LENGTH:
            yield tuple(waiting)
            waiting.clear()
    for rest in gathered.values():
        if rest:
            yield tuple(rest)


def _speed(length: Length, language: Language, settings: SpeechSettings) -> float:
    voice = settings.voice(language)
    match length:
        case Length.SYLLABLE:
            return voice.syllable_speed
        case Length.FRAGMENT:
            return voice.fragment_speed
        case Length.SENTENCE:
            return voice.sentence_speed
