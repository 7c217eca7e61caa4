"""What a flow wants heard, as the list of sounds that the softswitch plays for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivrengine.errors import SpeechError
from ivrengine.flow.effects import AGENT, Item, Prompt, Replay, Say
from ivrengine.speech.catalogue import Catalogue
from ivrengine.speech.library import media_uri
from ivrengine.speech.readings import read_out
from ivrengine.values import Language, PromptId


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Sounds in playing order; ``names`` are the same ones for the timeline.

    A name is a prompt's id, with ``@en`` behind it where that is not the language of the call.
    """

    uris: tuple[str, ...]
    names: tuple[str, ...]


class MediaReader:
    """Turns items into sounds of one language, out of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def sounds(self, items: Sequence[Item], language: Language, *, agent: str = "") -> Media:
        """Return the sounds of ``items``; ``agent`` is read where an item asks for its number.

        Raises:
            SpeechError: a prompt is not in the catalogue, or a value cannot be read that way.
        """
        uris: list[str] = []
        names: list[str] = []
        for item in items:
            if isinstance(item, Replay):
                uris.append(f"recording:{item.recording}")
                names.append(f"recording:{item.recording}")
                continue
            spoken_in = item.language or language
            for prompt in self._prompts(item, spoken_in, agent):
                uris.append(media_uri(prompt, spoken_in))
                names.append(prompt if spoken_in is language else f"{prompt}@{spoken_in}")
        return Media(uris=tuple(uris), names=tuple(names))

    def has(self, prompt: PromptId, language: Language) -> bool:
        """Tell whether a prompt is spoken in a language."""
        return self._catalogue.has(prompt, language)

    def _prompts(self, item: Prompt | Say, language: Language, agent: str) -> Sequence[PromptId]:
        if isinstance(item, Prompt):
            prompts: Sequence[PromptId] = (item.id,)
        else:
            value = agent if item.value == AGENT else item.value
            prompts = read_out(value, item.reading, language)
        for prompt in prompts:
            if not self._catalogue.has(prompt, language):
                raise SpeechError(f"no prompt {prompt} in {language}")
        return prompts
