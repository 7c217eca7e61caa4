"""Tells what two people on telephones do and hear, line by line and in order of time."""

import asyncio
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
    """One ear, and how much of what it heard was told."""

    who: str
    ear: Ear
    told: int = 0


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

    def introduce(self, who: str, person: Person) -> None:
        """Listen along with somebody from here on, in every call."""
        self._people[who] = person

    def does(self, who: str, words: str, *, deed: Deed = Deed.DOES) -> None:
        """Tell what somebody does, after what they heard until now."""
        self._tell_heard(lambda listening, utterance: listening.who == who)
        self._tell(Line(at_s=self._clock() - self._began_at, who=who, deed=deed, words=words))

    async def listen(self) -> None:
        """Tell what is heard until cancelled."""
        while True:
            await asyncio.sleep(_LOOKS_EVERY_S)
            self._tell_heard(lambda _, utterance: utterance.is_over(self._clock()))

    def finish(self) -> None:
        """Tell what is left."""
        self._tell_heard(lambda _, utterance: True)

    def _tell_heard(self, is_due: Callable[[_Listening, Utterance], bool]) -> None:
        self._notice_calls()
        due = [
            (utterance.began_at, listening.who, utterance)
            for listening in self._listening.values()
            for utterance in _untold(listening, is_due)
        ]
        for began_at, who, utterance in sorted(due, key=lambda each: each[0]):
            if not utterance.is_click:
                at_s = began_at - self._began_at
                self._tell(
                    Line(at_s=at_s, who=who, deed=Deed.HEARS, words=self._in_words(utterance))
                )

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
            return "a voice"
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
        yield utterance
