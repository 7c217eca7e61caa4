"""What an agent is told of a caller before the two are joined: the queue, the class, the wait."""

from collections.abc import Sequence

from acd.trunk_groups import LineClass
from ivrengine.calls.media import MediaReader
from ivrengine.flow.effects import Item, Prompt, Say
from ivrengine.speech.readings import Reading
from ivrengine.values import Language, PromptId

_SHORTEST_WAIT_S = 5
"""A wait so short is not worth a word."""

_EXACT_BELOW_S = 60
"""Longer waits are told in steps of ten seconds."""


def whisper(
    media: MediaReader, language: Language, *, queue: str, caller_class: LineClass, waited_s: float
) -> Sequence[Item]:
    """Return what the agent hears; parts that nobody has spoken in ``language`` are left out."""
    named = (PromptId(f"whisper.queue.{queue}"), PromptId(f"whisper.class.{caller_class}"))
    items: list[Item] = [Prompt(id=prompt) for prompt in named if media.has(prompt, language)]
    told_s = _told_s(waited_s)
    lead = PromptId("whisper.waited")
    if told_s >= _SHORTEST_WAIT_S and media.has(lead, language):
        items += [Prompt(id=lead), Say(value=told_s, reading=Reading.DURATION)]
    return items


def _told_s(waited_s: float) -> int:
    whole = int(waited_s)
    return whole if whole < _EXACT_BELOW_S else whole // 10 * 10
