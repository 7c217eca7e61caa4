"""What an agent is told before the caller is joined."""

import pytest

from acd.trunk_groups import LineClass
from ivrengine.calls.media import MediaReader
from ivrengine.calls.talk.whisper import whisper
from ivrengine.values import Language
from tests.kit.speech import house_catalogue

pytestmark = pytest.mark.unit

MEDIA = MediaReader(house_catalogue())


def told(queue: str, caller_class: LineClass, waited_s: float) -> tuple[str, ...]:
    """The prompts that an English-speaking agent hears."""
    items = whisper(
        MEDIA, Language.ENGLISH, queue=queue, caller_class=caller_class, waited_s=waited_s
    )
    return MEDIA.sounds(items, Language.ENGLISH).names


def test_the_agent_hears_queue_class_and_wait() -> None:
    names = told("trading", LineClass.TRADING, 40.4)
    assert names[:3] == ("whisper.queue.trading", "whisper.class.trading", "whisper.waited")
    assert len(names) > 3


def test_an_ordinary_caller_who_hardly_waited_is_told_by_the_queue_alone() -> None:
    assert told("general", LineClass.ORDINARY, 3.0) == ("whisper.queue.general",)


def test_a_queue_whose_name_nobody_has_spoken_is_left_out() -> None:
    assert told("night-desk", LineClass.ORDINARY, 0.0) == ()


def test_long_waits_are_told_roughly() -> None:
    assert told("trading", LineClass.ORDINARY, 134.0) == told("trading", LineClass.ORDINARY, 137.0)
    assert told("trading", LineClass.ORDINARY, 34.0) != told("trading", LineClass.ORDINARY, 37.0)
