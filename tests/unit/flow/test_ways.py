"""Flows within flows, the step budget, and taking up a call again after a restart."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ivrengine.errors import FlowError
from ivrengine.flow.effects import Checkpoint, HangUp, NoteCheckpoint, NoteFault, Play, Seek
from ivrengine.flow.rehearsal.rehearsal import Rehearsal
from ivrengine.flow.routing import MAX_FRAMES
from ivrengine.flow.stepper import Stepper
from ivrengine.values import Language
from tests.kit.flows import Call, flow_set, main_flow

pytestmark = pytest.mark.unit

CALLING = main_flow(
    """\
  first: {call: twice, with: {n: 21}, into: {result: doubled}, next: told}
  told: {say: result, as: cardinal, next: menu}
""",
    "vars: {result: integer}",
)
TWICE = """\
flow: twice
start: work
args: {n: integer}
vars: {m: integer}
returns: {doubled: integer}
nodes:
  work: {set: {m: n * 2}, next: ask}
  ask: {menu: say.sure, choices: {1: back, 2: ask}}
  back: {return: {doubled: m}}
"""


def checkpoints(call: Rehearsal) -> list[Checkpoint]:
    return [e.checkpoint for e in call.effects if isinstance(e, NoteCheckpoint)]


def test_a_flow_takes_arguments_and_returns_values() -> None:
    call = Call(CALLING, twice=TWICE)
    call.presses("1")
    assert call.place == "twice.ask"
    assert len(call.state.frames) == 2
    call.presses("1")
    assert call.hearing == ["cardinal 42"]
    assert len(call.state.frames) == 1


def test_variables_of_a_flow_are_its_own() -> None:
    call = Call(CALLING, twice=TWICE)
    call.presses("1")
    assert "m" not in call.state.frames[0].variables
    assert "result" not in call.state.frames[1].variables


def test_back_leads_out_of_a_flow_that_was_called() -> None:
    call = Call(CALLING, twice=TWICE)
    call.presses("1")
    call.presses("*")
    call.wait(1)
    assert call.place == "main.menu"
    assert len(call.state.frames) == 1


def test_asking_for_a_person_twice_is_one_flow_and_not_two() -> None:
    person = """\
flow: person
start: choose
nodes:
  choose: {menu: say.who, choices: {1: wait}}
  wait: {queue: general, outcomes: {served: choose, failed: choose}}
"""
    call = Call(CALLING, twice=TWICE, person=person)
    call.presses("1")
    call.presses("0000")
    assert [frame.flow for frame in call.state.frames] == ["main", "twice", "person"]
    call.presses("*")
    call.wait(1)
    assert call.place == "twice.ask"


def test_a_flow_above_a_menu_returns_to_that_menu() -> None:
    offer = """\
flow: offer
start: offer
nodes:
  offer: {menu: say.offer, choices: {1: back}, exhausted: '@hang_up'}
  back: {return: {}}
"""
    call = Call(main_flow("  first: {menu: say.first, rounds: 1}"), offer=offer)
    call.presses("1")
    call.presses("9")
    assert call.place == "offer.offer"
    call.presses("1")
    assert call.place == "main.first"


def test_the_end_of_the_first_flow_is_the_end_of_the_call() -> None:
    call = Call(
        main_flow("  first: {hang_up: say.bye}"),
        entry="twice2",
        twice2="""\
flow: twice2
start: back
nodes:
  back: {return: {}}
""",
    )
    assert call.ended


def test_the_main_menu_is_found_from_a_call_that_began_elsewhere() -> None:
    call = Call(main_flow("  first: {hang_up: say.bye}"), entry="offer")
    call.presses("**")
    assert call.place == "main.menu"
    assert [frame.flow for frame in call.state.frames] == ["main"]


def test_a_flow_begins_with_the_arguments_that_it_declares() -> None:
    stepper = Stepper(flow_set(CALLING, twice=TWICE))
    state, _ = stepper.begin("twice", Language.ENGLISH, {"n": 4, "other": "x"})
    assert state.frames[0].variables == {"n": 4, "m": 8}
    for wrong in ({}, {"n": "four"}):
        with pytest.raises(FlowError):
            stepper.begin("twice", Language.ENGLISH, wrong)
    with pytest.raises(FlowError):
        stepper.begin("thrice", Language.ENGLISH)


def test_a_caller_who_never_comes_to_an_end_is_led_to_one() -> None:
    call = Call(CALLING, twice=TWICE)
    for _ in range(70):
        call.presses("#")
    assert any(
        isinstance(e, NoteFault) and e.reason == "the step budget is spent" for e in call.effects
    )
    assert call.place == "person.wait"


def test_a_caller_who_only_clears_what_was_keyed_is_led_to_an_end_too() -> None:
    call = Call(main_flow("  first: {collect: it, length: 6, next: menu}", "vars: {it: text}"))
    call.presses("1")
    call.presses("1*" * 70)
    assert call.state.spent
    assert call.place == "person.wait"


def test_the_last_steps_end_in_a_hang_up_when_they_are_wasted_too() -> None:
    call = Call(CALLING, twice=TWICE)
    for _ in range(120):
        if call.seeking is not None:
            call.presses("*")
        call.presses("#")
        call.listens()
    assert call.ended
    assert call.effects[-1] == HangUp()
    assert call.state.steps <= 60 + 20 + 1


def test_loops_that_never_wait_are_stopped_by_the_budget_all_the_same() -> None:
    call = Call(
        main_flow(
            "  first: {act: a.b, outcomes: {ok: first, error: first, more: menu}}",
        )
    )
    call.presses("1")
    call.wait(20)
    assert call.state.spent
    assert call.place == "person.wait"


def test_a_checkpoint_is_noted_at_menus_entries_and_waits() -> None:
    call = Call(CALLING, twice=TWICE)
    call.presses("1")
    call.presses("0")
    reached = [checkpoint.frames[-1][2] for checkpoint in checkpoints(call)]
    assert reached == ["menu", "ask", "wait"]
    assert checkpoints(call)[1].variables == {"1.n": 21, "1.m": 42}
    versions = {frame[1] for frame in checkpoints(call)[1].frames}
    assert versions == {call.stepper.flows.flows[name].version for name in ("main", "twice")}


def test_a_call_goes_on_from_its_checkpoint() -> None:
    call = Call(CALLING, twice=TWICE)
    call.presses("1")
    stepper = Stepper(flow_set(CALLING, twice=TWICE))
    state, effects = stepper.resume(checkpoints(call)[-1])
    assert state.place == "twice.ask"
    assert state.language is Language.ENGLISH
    assert any(isinstance(e, Play) for e in effects)
    assert [frame.variables for frame in state.frames] == [{}, {"n": 21, "m": 42}]


def test_star_in_a_resumed_menu_leads_to_the_main_menu() -> None:
    call = Call(CALLING, twice=TWICE)
    call.presses("1")
    resumed = Rehearsal(Stepper(flow_set(CALLING, twice=TWICE)))
    resumed._state, effects = resumed.stepper.resume(checkpoints(call)[-1])
    resumed._perform(effects)
    resumed.press("*")
    resumed.wait(1)
    assert resumed.state.place == "main.menu"


def test_a_waiting_caller_is_taken_up_again_without_a_word() -> None:
    call = Call(CALLING, twice=TWICE)
    call.presses("0")
    state, effects = Stepper(flow_set(CALLING, twice=TWICE)).resume(
        checkpoints(call)[-1], seeking=True
    )
    assert not any(isinstance(e, Play) for e in effects)
    assert any(isinstance(e, Seek) for e in effects)
    assert state.place == "person.wait"


def test_a_caller_who_had_not_begun_to_wait_hears_first_what_has_to_be_said() -> None:
    call = Call(CALLING, twice=TWICE)
    call.presses("0")
    _, effects = Stepper(flow_set(CALLING, twice=TWICE)).resume(checkpoints(call)[-1])
    assert any(isinstance(e, Play) for e in effects)
    assert not any(isinstance(e, Seek) for e in effects)


def test_a_call_whose_flow_has_changed_goes_on_at_the_main_menu() -> None:
    call = Call(CALLING, twice=TWICE)
    call.presses("1")
    checkpoint = checkpoints(call)[-1]
    other = Stepper(flow_set(CALLING, twice=TWICE.replace("say.sure", "say.other")))
    odd: list[Checkpoint] = [
        replace(checkpoint, frames=()),
        replace(checkpoint, frames=(("gone", "1", "a"),)),
        replace(checkpoint, variables={"1.n": Decimal("0.5")}),
    ]
    for stepper, noted in [(other, checkpoint), *[(call.stepper, each) for each in odd]]:
        state, effects = stepper.resume(noted)
        assert state.place == "main.menu"
        assert any(isinstance(e, Play) for e in effects)


def test_flows_too_deep_inside_one_another_end_the_call_and_not_the_engine() -> None:
    deep = {
        f"deep{n}": f"flow: deep{n}\nstart: go\nnodes:\n  go: {{call: deep{n + 1}, next: go}}\n"
        for n in range(MAX_FRAMES)
    }
    deep[f"deep{MAX_FRAMES}"] = (
        f"flow: deep{MAX_FRAMES}\nstart: go\nnodes:\n  go: {{hang_up: say.bye}}\n"
    )
    call = Call(main_flow("  first: {call: deep0, next: menu}"), **deep)
    call.presses("1")
    assert call.ended
    assert call.state.counts.faults == 1
    assert len(call.state.frames) == MAX_FRAMES
