"""Tells what two people on telephones do and hear, line by line and in order of time."""

import asyncio
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from ivrengine.demo.utterances import Text, Utterance, spoken, utterances
from ivrengine.softphone.hearing.ear import Ear
from ivrengine.softphone.person import Person
from ivrengine.softphone.sip.call import Call

_LOOKS_EVERY_S: Final = 0.1


class Deed(Enum):
    """Of which kind a line is."""

    DOES = auto()
    SAYS = auto()
    HEARS = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the dialogue; ``at_s`` counts from its beginning."""

    at_s: float
    who: str
    deed: Deed
    words: str


@dataclass(slots=True, kw_only=True)
class _Listening:
    """One ear, and how much of what it heard was told; music is told when it begins."""

    who: str
    ear: Ear
    told: int = 0
    in_music: bool = False


class Narrator:
    """Watches the ears of everybody who is introduced; deeds are reported to it.

    ``text`` gives the words of a prompt, ``is_person`` tells that a prompt is said by a person.
    """

    def __init__(
        self, tell: Callable[[Line], None], *, text: Text, is_person: Callable[[str], bool]
    ) -> None:
        self._tell = tell
        self._text = text
        self._is_person = is_person
        self._clock = asyncio.get_running_loop().time
        self._began_at = self._clock()
        self._people: dict[str, Person] = {}
        self._listening: dict[Call, _Listening] = {}
        self._untold: list[Line] = []

    def introduce(self, who: str, person: Person) -> None:
        """Listen along with somebody from here on, in every call."""
        self._people[who] = person

    def does(self, who: str, words: str, *, deed: Deed = Deed.DOES) -> None:
        """Tell what somebody does, after what they heard until now."""
        self._take_heard(lambda listening, utterance: listening.who == who or utterance.is_whole)
        self._note(self._clock(), who, deed, words)
        self._tell_what_is_settled()

    async def listen(self) -> None:
        """Tell what is heard until cancelled."""
        while True:
            await asyncio.sleep(_LOOKS_EVERY_S)
            self._take_heard(
                lambda _, utterance: utterance.is_music or utterance.is_over(self._clock())
            )
            self._tell_what_is_settled()

    def finish(self) -> None:
        """Tell what is left."""
        self._take_heard(lambda _, utterance: True)
        self._tell_what_is_settled()

    def _take_heard(self, is_due: Callable[[_Listening, Utterance], bool]) -> None:
        self._notice_calls()
        for listening in self._listening.values():
            for utterance in _untold(listening, is_due):
                if not utterance.is_click:
                    words = self._in_words(utterance)
                    self._note(utterance.began_at, listening.who, Deed.HEARS, words)

    def _note(self, at: float, who: str, deed: Deed, words: str) -> None:
        self._untold.append(Line(at_s=at - self._began_at, who=who, deed=deed, words=words))

    def _tell_what_is_settled(self) -> None:
        """Tell all that nothing earlier can precede: no utterance that still goes on."""
        open_since_s = min(
            (
                rest[0].began_at - self._began_at
                for listening in self._listening.values()
                if (rest := listening.ear.transcript[listening.told :])
            ),
            default=math.inf,
        )
        self._untold.sort(key=lambda line: line.at_s)
        while self._untold and self._untold[0].at_s <= open_since_s:
            self._tell(self._untold.pop(0))

    def _notice_calls(self) -> None:
        for who, person in self._people.items():
            for call in person.phone.calls:
                if call not in self._listening:
                    self._listening[call] = _Listening(who=who, ear=person.ear_of(call))

    def _in_words(self, utterance: Utterance) -> str:
        if utterance.is_music:
            return "♪ music"
        speech = utterance.speech
        if not speech:
            return f"a voice for {utterance.ended_at - utterance.began_at:.1f} s"
        said = f"“{spoken(speech, self._text)}”"
        return f"the other say {said}" if self._is_person(speech[0].prompt_id) else said


def _untold(
    listening: _Listening, is_due: Callable[[_Listening, Utterance], bool]
) -> Iterator[Utterance]:
    """Yield what was heard and not told; all but the last utterance is always due."""
    heard = utterances(listening.ear.transcript[listening.told :])
    for place, utterance in enumerate(heard, start=1):
        if place == len(heard) and not is_due(listening, utterance):
            return
        listening.told += len(utterance.entries)
        went_on = utterance.is_music and listening.in_music
        listening.in_music = utterance.is_music
        if not went_on:
            yield utterance
