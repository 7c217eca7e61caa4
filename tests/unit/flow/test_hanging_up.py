"""What is still asked of a service when the caller hangs up, and what is not."""

import pytest

from ivrengine.flow.inputs import Joined, Recorded, SeekEnded, Waiting
from tests.kit.flows import Call, findings, main_flow

pytestmark = pytest.mark.unit

MESSAGE = main_flow(
    """\
  first: {record: message, prompts: say.speak, nothing: menu, next: review, on_hang_up: keep}
  review:
    menu: [say.review, {replay: message}]
    choices: {1: menu, 2: listen}
    on_hang_up: keep
  listen: {play: {replay: message}, next: review}
  keep: {act: mailbox.keep, with: {recording: message}, outcomes: {ok: menu, error: menu}}
""",
    "vars: {message: recording}",
)


def hang_up(call: Call) -> list[tuple[str, object]]:
    call.hang_up()
    return [(act.action, act.arguments["recording"]) for act in call.acted]


def begun() -> Call:
    call = Call(MESSAGE)
    call.presses("1")
    return call


def test_a_recording_that_the_hang_up_ended_is_kept() -> None:
    call = begun()
    call.listens()
    call.wait(2)
    assert hang_up(call) == [("mailbox.keep", "recording-1")]


def test_a_recording_too_short_to_be_one_is_not_kept() -> None:
    call = begun()
    call.listens()
    call.wait(0.5)
    assert hang_up(call) == []


def test_a_recording_without_a_name_cannot_be_kept_and_is_no_crash() -> None:
    call = begun()
    call.listens()
    generation = call.state.order or 0
    recorded = Recorded(generation=generation, recording="", duration_s=3)
    assert call.stepper.hang_up(call.state, recorded) == ()


def test_before_the_tone_there_is_nothing_to_keep() -> None:
    assert hang_up(begun()) == []


def test_a_node_that_names_nothing_leaves_nothing_to_do() -> None:
    call = begun()
    call.listens()
    call.wait(2)
    call.stop_speaking()
    call.presses("2")
    assert call.place == "main.listen"
    assert hang_up(call) == []


def test_an_earlier_recording_is_kept_when_it_is_being_reviewed() -> None:
    call = begun()
    call.listens()
    call.wait(2)
    call.stop_speaking()
    assert call.place == "main.review"
    assert hang_up(call) == [("mailbox.keep", "recording-1")]


def test_the_end_that_the_flow_made_itself_asks_for_nothing() -> None:
    call = Call(main_flow("  first: {hang_up: say.bye}"))
    call.presses("1")
    call.listens()
    assert call.ended
    assert call.stepper.hang_up(call.state) == ()


@pytest.mark.parametrize("target", ["menu", "'@main'", "nowhere"])
def test_only_a_service_can_be_asked_by_a_hang_up(target: str) -> None:
    found = findings(main_flow(f"  first: {{play: say.a, next: menu, on_hang_up: {target}}}"))
    assert len(found) == 1
    assert "hangs up" in found[0] or "unknown node" in found[0]


def test_what_a_hang_up_needs_must_have_a_value() -> None:
    nodes = """\
  first: {play: say.a, next: menu, on_hang_up: keep}
  keep: {act: mailbox.keep, with: {recording: message}, outcomes: {ok: menu, error: menu}}
"""
    found = findings(main_flow(nodes, "vars: {message: recording}"))
    assert any("message may have no value" in each for each in found)


def test_a_caller_whose_agent_was_gone_at_once_waits_on_with_keys_and_news() -> None:
    call = Call(main_flow("  first: {play: say.a, next: '@person'}"))
    call.presses("1")
    call.listens()
    assert call.seeking is not None
    generation = call.seeking.generation
    call.seek_answer(Waiting(generation=generation, position=1))
    call.give(Joined(generation=generation, agent="8001"))
    assert call.state.joined
    call.seek_answer(Waiting(generation=generation, position=1))
    assert not call.state.joined
    call.presses("*")
    assert call.place == "main.menu"
    call.give(SeekEnded(generation=generation, outcome="served"))
    assert call.state.counts.late_inputs == 1
