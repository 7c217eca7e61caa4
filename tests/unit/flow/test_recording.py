"""Recording: its ends, what counts as nothing, and the terminator that is heard twice."""

import pytest

from ivrengine.flow.effects import StopRecording
from ivrengine.flow.inputs import KeyPressed, Recorded
from tests.kit.flows import Call, main_flow

pytestmark = pytest.mark.unit

RECORDING = main_flow(
    """\
  first: {record: message, prompts: say.speak, max_s: 60, nothing: empty, next: review}
  empty: {play: say.empty, next: menu}
  review: {menu: [say.review, {replay: message}], choices: {1: menu}}
""",
    "vars: {message: recording}",
)


def recording(main: str = RECORDING) -> Call:
    call = Call(main)
    call.presses("1")
    call.listens()
    return call


def test_recording_begins_after_its_prompt_or_at_a_key() -> None:
    call = Call(RECORDING)
    call.presses("1")
    assert call.recording is None
    call.presses("5")
    assert call.recording is not None
    assert call.state.keys == ""


def test_what_was_recorded_can_be_replayed() -> None:
    call = recording()
    call.wait(3)
    call.stop_speaking()
    assert call.hearing == ["say.review", "replay recording-1"]


def test_the_terminator_ends_the_recording_and_is_taken_by_nothing_else() -> None:
    call = recording()
    call.wait(3)
    assert any(isinstance(e, StopRecording) for e in call.presses("#"))
    call.happen_next()
    assert call.place == "main.review"
    plays = len(call.plays())
    call.presses("#")
    assert len(call.plays()) == plays + 1


def test_a_terminator_that_comes_after_its_recording_is_swallowed() -> None:
    call = recording()
    assert call.recording is not None
    generation = call.recording.generation
    call.recording = None
    call.give(Recorded(generation=generation, recording="r", duration_s=3))
    plays = len(call.plays())
    call.give(KeyPressed(key="#"))
    assert (call.place, len(call.plays())) == ("main.review", plays)


def test_other_keys_mean_nothing_while_recording() -> None:
    call = recording()
    assert call.presses("123*0") == []
    assert call.state.counts.dropped_keys == 5


@pytest.mark.parametrize(("duration_s", "failed"), [(0.4, False), (3.0, True)])
def test_too_little_or_a_failure_counts_as_nothing(duration_s: float, failed: bool) -> None:
    call = recording()
    assert call.recording is not None
    generation = call.recording.generation
    call.give(Recorded(generation=generation, recording="r", duration_s=duration_s, failed=failed))
    assert call.hearing == ["say.empty"]


def test_a_recording_that_never_ends_is_given_up() -> None:
    call = recording()
    call.wait(62.1)
    assert call.place == "main.empty"
    assert isinstance([e for e in call.effects if isinstance(e, StopRecording)][-1], StopRecording)


def test_a_recording_without_a_name_is_trouble() -> None:
    call = recording()
    assert call.recording is not None
    call.give(Recorded(generation=call.recording.generation, recording="", duration_s=3))
    assert call.place == "trouble.sorry"
