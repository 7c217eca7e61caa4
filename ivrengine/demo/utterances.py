"""A transcript of sounds as utterances: what belongs together, as a listener would tell it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from ivrengine.softphone.hearing.transcript import Entry, Heard, Unknown
from ivrengine.softphone.sound.codec import SAMPLE_RATE_HZ

LONGEST_PAUSE_S: Final = 0.35
"""Silence within one utterance, between the fragments of a read-out."""

SHORTEST_SOUND_FRAMES: Final = 10
"""Shorter sounds that are no prompt are clicks, and not worth telling."""

Text = Callable[[Heard], str]
"""Says what a prompt says, in the language in which it was heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """Sounds of one kind that follow each other; ``entries`` is never empty."""

    entries: Sequence[Entry]

    @property
    def began_at(self) -> float:
        """When its first frame arrived, monotonic."""
        return self.entries[0].began_at

    @property
    def ended_at(self) -> float:
        """When its last frame so far arrived, monotonic."""
        return self.entries[-1].ended_at

    @property
    def speech(self) -> Sequence[Heard]:
        """Its prompts; empty for music and for sound that is no prompt."""
        return [each for each in self.entries if isinstance(each, Heard) and not each.is_music]

    @property
    def is_music(self) -> bool:
        """Whether it is music."""
        first = self.entries[0]
        return isinstance(first, Heard) and first.is_music

    @property
    def is_whole(self) -> bool:
        """Whether its last prompt was heard to its end; another may still join it."""
        last = self.entries[-1]
        return isinstance(last, Heard) and last.complete

    @property
    def is_click(self) -> bool:
        """Whether it is too short a sound to be told."""
        return all(
            isinstance(each, Unknown) and each.frames < SHORTEST_SOUND_FRAMES
            for each in self.entries
        )

    def is_over(self, now: float) -> bool:
        """Whether nothing can join it any more, as far as is known at ``now``."""
        return now - self.ended_at > LONGEST_PAUSE_S


def utterances(entries: Sequence[Entry]) -> list[Utterance]:
    """Group what follows without much of a pause and is of one kind."""
    groups: list[list[Entry]] = []
    for entry in entries:
        if groups and _belong_together(groups[-1][-1], entry):
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return [Utterance(entries=tuple(group)) for group in groups]


def spoken(speech: Sequence[Heard], text: Text) -> str:
    """Return the words of prompts in a row; what was cut off ends in a dash."""
    return "".join(
        _after(earlier, _words(heard, text(heard)))
        for earlier, heard in zip((None, *speech), speech, strict=False)
    )


def _belong_together(earlier: Entry, later: Entry) -> bool:
    pause_s = (later.rtp_begin - earlier.rtp_end) / SAMPLE_RATE_HZ
    if pause_s > LONGEST_PAUSE_S:
        return False
    if not isinstance(earlier, Heard) or not isinstance(later, Heard):
        return isinstance(earlier, Unknown) and isinstance(later, Unknown)
    if earlier.is_music or later.is_music:
        return earlier.is_music and later.is_music
    return earlier.complete and earlier.language == later.language


def _words(heard: Heard, text: str) -> str:
    first = round(len(text) * heard.from_frame / heard.frames)
    last = round(len(text) * (heard.to_frame + 1) / heard.frames)
    begun = "" if heard.from_frame == 0 else "…"
    ended = "" if heard.complete or (heard.ongoing and last == len(text)) else "—"
    return f"{begun}{text[first:last]}{ended}"


def _after(earlier: Heard | None, words: str) -> str:
    """Put a space between the words of languages that write one."""
    return words if earlier is None or earlier.language == "zh" else f" {words}"
