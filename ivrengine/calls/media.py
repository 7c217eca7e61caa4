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
    """Sounds in playing order; ``names`` are the same ones as people know them."""

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
            match item:
                case Replay(recording=recording):
                    uris.append(f"recording:{recording}")
                    names.append(f"recording:{recording}")
                case Prompt(id=prompt, language=own):
                    self._add(uris, names, prompt, own or language)
                case Say(value=value, reading=reading, language=own):
                    spoken = agent if value == AGENT else value
                    for prompt in read_out(spoken, reading, own or language):
                        self._add(uris, names, prompt, own or language)
        return Media(uris=tuple(uris), names=tuple(names))

    def _add(self, uris: list[str], names: list[str], prompt: PromptId, language: Language) -> None:
        if not self._catalogue.has(prompt, language):
            raise SpeechError(f"no prompt {prompt} in {language}")
        uris.append(media_uri(prompt, language))
        names.append(prompt)
