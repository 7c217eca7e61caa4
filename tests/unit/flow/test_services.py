"""Asking services: answers, fillers, deadlines, and answers that do not fit."""

from decimal import Decimal

import pytest

from ivrengine.flow.effects import NoteFault
from ivrengine.flow.inputs import ActionDone, Joined, Recorded
from ivrengine.flow.rehearsal.rehearsal import StandIn
from tests.kit.flows import Call, main_flow

pytestmark = pytest.mark.unit

ASKING = main_flow(
    """\
  first:
    act: prices.get
    with: {code: "'600' + '519'"}
    into: {price: last}
    filler: [say.wait, say.more]
    filler_after_s: 1.5
    deadline_s: 5
    outcomes: {ok: told, unknown: menu, error: sorry}
  told: {say: price, as: price, next: menu}
  sorry: {menu: say.sorry, choices: {1: menu}}
""",
    "vars: {price: decimal}",
)


def asking(*answers: StandIn) -> Call:
    call = Call(ASKING, {"prices.get": list(answers)})
    call.presses("1")
    return call


def test_a_service_is_asked_with_what_the_flow_works_out_and_its_answer_is_taken() -> None:
    call = asking(StandIn(values={"last": Decimal("12.05"), "more": 1}))
    assert [act.arguments for act in call.acted] == [{"code": "600519"}]
    call.wait(0.2)
    assert call.hearing == ["price 12.05"]


def test_a_quick_answer_comes_without_a_filler() -> None:
    call = asking(StandIn(values={"last": 1}, after_s=1.4))
    call.wait(10)
    assert ["say.wait", "say.more"] not in call.plays()


def test_a_filler_bridges_a_slow_answer_and_ends_with_it() -> None:
    call = asking(StandIn(values={"last": 1}, after_s=3))
    call.wait(1.6)
    assert call.hearing == ["say.wait", "say.more"]
    call.wait(1.5)
    assert call.hearing == ["price 1"]


def test_the_end_of_a_filler_changes_nothing() -> None:
    call = asking(StandIn(values={"last": 1}, after_s=4.9))
    call.setting = type(call.setting)(answers=call.setting.answers, prompt_s=0.5)
    call.wait(4)
    assert call.hearing == []
    assert call.place == "main.first"


def test_keys_pressed_meanwhile_cut_no_filler_and_are_kept() -> None:
    call = asking(StandIn(outcome="error", after_s=3))
    call.wait(2)
    assert call.presses("1") == []
    call.wait(1.1)
    assert call.place == "main.menu"


def test_no_answer_in_time_is_an_error() -> None:
    call = asking(StandIn(after_s=60))
    call.wait(5.1)
    assert call.place == "main.sorry"


def test_the_flow_gives_up_by_itself_when_not_even_the_deadline_is_reported() -> None:
    call = asking(StandIn(after_s=60))
    call.happen_next()
    call._agenda = [entry for entry in call._agenda if not isinstance(entry[2], ActionDone)]
    call.wait(7.1)
    assert call.place == "main.sorry"


@pytest.mark.parametrize("values", [{}, {"last": "much"}, {"last": True}, {"last": Decimal("NaN")}])
def test_an_answer_that_does_not_fit_is_an_error_and_noted(values: dict[str, object]) -> None:
    call = asking(StandIn(values=values))  # type: ignore[arg-type]
    call.wait(1)
    assert call.place == "main.sorry"
    assert [e.node for e in call.effects if isinstance(e, NoteFault)] == ["main.first"]


def test_an_outcome_that_nobody_provided_for_is_an_error() -> None:
    call = asking(StandIn(outcome="surprise"))
    call.wait(1)
    assert call.place == "main.sorry"


def test_a_late_answer_and_one_of_another_kind_change_nothing() -> None:
    call = asking(StandIn(after_s=60))
    order = call.acted[-1].generation
    before, effects = call.state, list(call.effects)
    call.give(ActionDone(generation=order - 1, outcome="ok"))
    call.give(Joined(generation=order, agent="8001"))
    call.give(Recorded(generation=order, recording="x", duration_s=1))
    assert call.state.counts.late_inputs == before.counts.late_inputs + 3
    assert call.place == "main.first"
    assert call.effects == effects


def test_arguments_that_cannot_be_worked_out_are_trouble() -> None:
    call = Call(
        main_flow(
            "  first: {act: a.b, with: {n: 1 / 0}, outcomes: {ok: menu, error: menu}}",
        )
    )
    call.presses("1")
    assert call.place == "trouble.sorry"
