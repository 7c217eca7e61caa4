"""Whatever a caller and the world do, a call keeps its promises and comes to an end."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivrengine.flow.effects import (
    Act,
    Effect,
    HangUp,
    NoteCheckpoint,
    Play,
    Record,
    Seek,
    StartTimer,
)
from ivrengine.flow.inputs import (
    ActionDone,
    Joined,
    KeyPressed,
    Played,
    Recorded,
    SeekEnded,
    TimerExpired,
    Waiting,
)
from ivrengine.flow.loader import load
from ivrengine.flow.rehearsal.rehearsal import Rehearsal, Setting, StandIn
from ivrengine.flow.state import KEPT_KEYS, FlowState
from ivrengine.flow.stepper import Stepper
from ivrengine.flow.waiting import Standing
from ivrengine.values import Language, Secret
from tests.kit.flows import demo_sources

pytestmark = pytest.mark.unit

FLOWS = load(demo_sources())
STEPPER = Stepper(FLOWS)
BUDGET = FLOWS.dialplan.max_steps + FLOWS.dialplan.last_steps

QUOTE = {
    "name_prompt": "security.600519",
    "kind": "share",
    "last": Decimal("12.05"),
    "change_percent": Decimal("1.20"),
    "direction": "up",
    "high": Decimal(13),
    "low": Decimal(11),
}
ANSWERS = {
    "quotes.by_code": [StandIn(outcome="unknown"), StandIn(outcome="unavailable", after_s=3)],
    "mailbox.keep": [StandIn(values={"ticket": "123456"}), StandIn(outcome="missing")],
    "mailbox.discard": [StandIn()],
    "calls.rate": [StandIn(), StandIn(after_s=60)],
}

keys = st.sampled_from("0123456789*#")
moves = st.lists(
    st.one_of(
        st.tuples(st.just("key"), keys),
        st.tuples(st.just("keys"), st.text(alphabet="0123456789*#", max_size=40)),
        st.tuples(st.just("wait"), st.sampled_from([0.02, 0.5, 1.0, 3.0, 9.0, 40.0])),
        st.tuples(st.just("next"), st.just(0)),
        st.tuples(st.just("person"), st.sampled_from(["place", "joined", "served", "nobody"])),
        st.tuples(st.just("hush"), st.just(0)),
        st.tuples(
            st.just("stand"),
            st.builds(
                Standing,
                position=st.integers(0, 3),
                expected_wait_s=st.sampled_from([0, 120, 3600]),
                callback_offered=st.booleans(),
            ),
        ),
        st.tuples(st.just("refuse"), st.just(0)),
    ),
    max_size=60,
)


def act_out(call: Rehearsal, word: str, value: object) -> None:
    match word, value:
        case (("key" | "keys"), str(pressed)):
            for key in pressed:
                call.press(key)
        case "wait", float(seconds):
            call.wait(seconds)
        case "next", _:
            call.happen_next()
        case "hush", _:
            call.stop_speaking()
        case "stand", Standing() as standing:
            call.standing = standing
        case "refuse", _:
            call.calls_back = False
        case "person", str(what) if call.seeking is not None:
            order = call.seeking.generation
            match what:
                case "place":
                    call.seek_answer(Waiting(generation=order, position=2))
                case "joined":
                    call.seek_answer(Joined(generation=order, agent="8001"))
                case _:
                    call.seek_answer(SeekEnded(generation=order, outcome=what))
        case _:
            pass


def check_promises(state: FlowState, effects: list[Effect]) -> None:
    orders = [
        e.generation for e in effects if isinstance(e, Play | StartTimer | Act | Seek | Record)
    ]
    assert orders == sorted(set(orders))
    assert len(state.keys) <= KEPT_KEYS
    assert state.steps <= BUDGET + 1
    assert HangUp() not in effects[:-1]
    assert state.ended is (effects[-1:] == [HangUp()])
    assert len(state.frames) <= len(FLOWS.flows)
    if state.ended:
        assert not state.timers
        assert state.voice is None
    else:
        awaited = state.timers or state.voice or state.joined
        assert awaited, f"{state.place} waits for nothing"


@settings(max_examples=150, deadline=None)
@given(moves)
def test_no_caller_breaks_a_call_and_every_call_can_end(steps: list[tuple[str, object]]) -> None:
    call = Rehearsal(STEPPER, Setting(answers=ANSWERS))
    call.begin("", Language.MANDARIN)
    for word, value in steps:
        act_out(call, word, value)
        check_promises(call.state, call.effects)
        if not call.ended and not call.called_back:
            assert (call.seeking is None) == (call.state.search is None), "a search was forgotten"
    for _ in range(400):
        if call.ended:
            break
        if call.state.joined and call.seeking is not None:
            call.seek_answer(SeekEnded(generation=call.seeking.generation, outcome="served"))
        elif not call.happen_next():
            break
    check_promises(call.state, call.effects)
    assert call.ended, f"a caller who does nothing more is still at {call.state.place}"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="0123456789*#", min_size=200, max_size=400), st.booleans())
def test_a_caller_who_presses_for_ever_comes_to_an_end_within_the_budget(
    pattern: str, listening: bool
) -> None:
    call = Rehearsal(STEPPER, Setting(answers=ANSWERS))
    call.begin("", Language.ENGLISH)
    pressed = 0
    while not call.ended and not call.state.joined and pressed < 40_000:
        call.press(pattern[pressed % len(pattern)])
        call.wait(0.3)
        if listening:
            call.happen_next()
        pressed += 1
    assert call.ended or call.state.spent or call.seeking is not None or call.recording is not None
    check_promises(call.state, call.effects)


inputs = st.one_of(
    st.builds(lambda k: KeyPressed(key=k), st.one_of(keys, st.text(max_size=2))),
    st.builds(lambda g, f: Played(generation=g, failed=f), st.integers(0, 40), st.booleans()),
    st.builds(lambda g: TimerExpired(generation=g), st.integers(0, 40)),
    st.builds(
        lambda g, o: ActionDone(generation=g, outcome=o, values=QUOTE),
        st.integers(0, 40),
        st.sampled_from(["ok", "error", "unknown", "timeout", "", "other"]),
    ),
    st.builds(lambda g: Waiting(generation=g, position=1), st.integers(0, 40)),
    st.builds(lambda g: Joined(generation=g, agent="8001"), st.integers(0, 40)),
    st.builds(
        lambda g, o: SeekEnded(generation=g, outcome=o),
        st.integers(0, 40),
        st.sampled_from(["served", "nobody", "unknown", "timed-out", "failed", "other"]),
    ),
    st.builds(
        lambda g, n, d: Recorded(generation=g, recording=n, duration_s=d),
        st.integers(0, 40),
        st.sampled_from(["", "r"]),
        st.floats(0, 9),
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(inputs, max_size=80))
def test_no_input_at_any_moment_is_more_than_late(given_inputs: list[KeyPressed]) -> None:
    state, begun = STEPPER.begin("", Language.MANDARIN)
    effects = list(begun)
    for each in given_inputs:
        state, more = STEPPER.step(state, each)
        effects += more
        check_promises(state, effects)
        for effect in more:
            if isinstance(effect, NoteCheckpoint):
                held = effect.checkpoint.variables.values()
                assert not any(isinstance(value, Secret) for value in held)


@settings(max_examples=60, deadline=None)
@given(st.lists(inputs, max_size=60), st.data())
def test_a_call_can_be_resumed_from_each_of_its_checkpoints(
    given_inputs: list[KeyPressed], data: st.DataObject
) -> None:
    state, begun = STEPPER.begin("", Language.MANDARIN)
    effects = list(begun)
    for each in given_inputs:
        state, more = STEPPER.step(state, each)
        effects += more
    noted = [e.checkpoint for e in effects if isinstance(e, NoteCheckpoint)]
    if not noted:
        return
    checkpoint = data.draw(st.sampled_from(noted))
    resumed, again = STEPPER.resume(checkpoint)
    assert resumed.frames[-1].node == checkpoint.frames[-1][2]
    assert resumed.language is checkpoint.language
    assert [e.checkpoint for e in again if isinstance(e, NoteCheckpoint)] == [checkpoint]


def test_a_key_at_every_instant_of_a_call_is_taken_or_kept() -> None:
    for instant in range(0, 400):
        call = Rehearsal(STEPPER, Setting(answers=ANSWERS))
        call.begin("", Language.MANDARIN)
        call.wait(instant * 0.05)
        before = Counter(type(e).__name__ for e in call.effects)
        call.press("1")
        after = Counter(type(e).__name__ for e in call.effects)
        assert after != before or call.state.keys == "1"
        assert call.state.counts.dropped_keys == 0
        call.wait(60)
        assert call.state.frames[0].flow == "main"
