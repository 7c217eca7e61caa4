"""Another flow while the search goes on behind it, and the promise of a callback."""

import pytest

from acd.requirements import ANYBODY, parse_requirement
from ivrengine.flow.effects import NoteCheckpoint, NoteFault, Seek, Withdraw
from ivrengine.flow.inputs import Joined, SeekEnded, Waiting
from ivrengine.flow.state import TimerName
from ivrengine.flow.stepper import Stepper
from ivrengine.flow.waiting import Standing
from ivrengine.values import Language
from tests.kit.flows import Call, findings, flow_set, main_flow

pytestmark = pytest.mark.unit

MAIN = main_flow("""\
  first:
    queue: general
    while_waiting: {prompts: say.hold, first_after_s: 5, every_s: 30}
    keys:
      "*": "@main"
      1: {ask: dialogue, when: callback_offered}
      2: message
    max_wait_s: 100
    outcomes: {served: rated, callback: promised, failed: sorry}
  message: {hang_up: say.message}
  rated: {say: agent, as: phone, next: menu}
  promised: {hang_up: say.promised}
  sorry: {play: say.sorry, next: menu}
""")
DIALOGUE = """\
flow: dialogue
start: offer
vars: {other: text}
nodes:
  offer:
    menu: [say.number, {say: caller, as: phone, when: caller != ''}]
    choices: {1: mine, 2: ask}
    back: go_on
    level: false
  mine: {call_back: caller, failed: cannot}
  ask: {collect: other, min: 7, max: 12, prompts: say.key_it, back: go_on, next: other_one}
  other_one: {call_back: other, failed: {reject: ask, prompts: say.not_that_one}}
  cannot: {play: say.cannot, next: go_on}
  go_on: {return: {}}
"""
OFFERED = Standing(position=3, callback_offered=True)
CALLER = "13912345678"


def waiting(standing: Standing = OFFERED, caller: str = CALLER) -> Call:
    call = Call.__new__(Call)
    super(Call, call).__init__(Stepper(flow_set(MAIN, dialogue=DIALOGUE)))
    call.begin("", Language.ENGLISH, caller=caller)
    call.standing = standing
    call.presses("1")
    call.wait(0)
    return call


def in_dialogue() -> Call:
    call = waiting()
    call.presses("1")
    return call


def withdrawn(call: Call) -> list[str]:
    return [each.cause for each in call.effects if isinstance(each, Withdraw)]


def seeks(call: Call) -> list[Seek]:
    return [each for each in call.effects if isinstance(each, Seek)]


def test_the_search_goes_on_behind_the_dialogue() -> None:
    call = in_dialogue()
    assert call.place == "dialogue.offer"
    assert call.hearing == ["say.number", f"phone {CALLER}"]
    assert call.seeking is not None
    assert withdrawn(call) == []


def test_a_key_whose_condition_does_not_hold_does_nothing() -> None:
    call = waiting(Standing(position=3, callback_offered=False))
    assert call.presses("1") == []
    assert call.place == "main.first"


def test_who_comes_back_from_the_dialogue_waits_on_in_the_same_search_without_a_word() -> None:
    call = in_dialogue()
    call.presses("*")
    call.wait(1)
    assert call.place == "main.first"
    assert (call.hearing, withdrawn(call), len(seeks(call))) == ([], [], 1)
    assert TimerName.WAIT in call.state.timers
    call.wait(30)
    assert "say.hold" in call.heard


def test_the_longest_wait_counts_the_time_spent_in_the_dialogue() -> None:
    call = in_dialogue()
    call.wait(6)
    call.presses("*")
    call.wait(92)
    assert call.place == "main.first"
    call.wait(3)
    assert withdrawn(call) == ["timed-out"]


def test_an_agent_who_answers_ends_the_dialogue() -> None:
    call = in_dialogue()
    search = call.state.search
    assert search is not None
    call.presses("2123")
    call.give(Joined(generation=search.generation, agent="8001"))
    assert call.place == "main.first"
    assert call.state.joined
    assert not call.state.timers
    call.give(SeekEnded(generation=search.generation, outcome="served"))
    assert call.hearing == ["phone 8001"]


def test_the_end_of_the_search_ends_the_dialogue() -> None:
    call = in_dialogue()
    assert call.seeking is not None
    call.seek_answer(SeekEnded(generation=call.seeking.generation, outcome="closed"))
    assert call.hearing == ["say.sorry"]
    assert withdrawn(call) == []


def test_the_place_is_kept_up_to_date_meanwhile() -> None:
    call = in_dialogue()
    assert call.seeking is not None
    call.give(Waiting(generation=call.seeking.generation, position=1))
    assert call.place == "dialogue.offer"
    assert call.state.standing.position == 1


@pytest.mark.parametrize("keys", ["**", "0"])
def test_who_leaves_the_dialogue_for_elsewhere_waits_no_more(keys: str) -> None:
    call = in_dialogue()
    call.presses(keys)
    call.listens()
    if keys == "0":
        # The way to a person begins a search of its own, in place of the one that was left.
        assert [each.queue for each in seeks(call)] == ["general", "general"]
    assert withdrawn(call) == ["key"]


def test_a_promise_is_asked_for_and_ends_the_search_with_the_outcome_callback() -> None:
    call = in_dialogue()
    call.presses("1")
    call.wait(1)
    assert call.called_back == [CALLER]
    assert call.hearing == ["say.promised"]
    assert withdrawn(call) == []


def test_another_number_can_be_keyed() -> None:
    call = in_dialogue()
    call.presses("2")
    call.presses("02155556666#")
    call.wait(1)
    assert call.called_back == ["02155556666"]


def test_a_number_that_is_not_called_back_is_asked_for_again() -> None:
    call = in_dialogue()
    call.calls_back = False
    call.presses("2")
    call.presses("5555555#")
    call.wait(0.1)
    assert call.place == "dialogue.ask"
    assert call.hearing == ["say.not_that_one", "say.key_it"]


def test_a_refusal_leads_on_and_the_search_goes_on() -> None:
    call = in_dialogue()
    call.calls_back = False
    call.presses("1")
    call.wait(0.1)
    assert call.hearing == ["say.cannot"]
    call.listens()
    call.wait(0.1)
    assert call.place == "main.first"
    assert withdrawn(call) == []


def test_a_promise_that_is_not_answered_is_none() -> None:
    call = in_dialogue()
    call.presses("1")
    (search,) = (call.state.search,)
    assert search is not None
    call._agenda = [each for each in call._agenda if not isinstance(each[2], SeekEnded)]
    call.wait(6)
    assert "say.cannot" in call.heard


def test_a_withheld_number_cannot_be_called() -> None:
    call = waiting(caller="")
    call.presses("11")
    assert call.hearing == ["say.cannot"]


def test_a_killed_call_is_resumed_at_the_search_and_not_in_the_dialogue() -> None:
    call = in_dialogue()
    noted = [each.checkpoint for each in call.effects if isinstance(each, NoteCheckpoint)]
    assert noted[-1].frames[-1][2] == "first"
    state, effects = Stepper(flow_set(MAIN, dialogue=DIALOGUE)).resume(
        noted[-1], seeking=True, caller=CALLER
    )
    assert state.place == "main.first"
    assert state.caller == CALLER
    assert any(isinstance(each, Seek) for each in effects)


def test_a_key_of_the_same_flow_withdraws_at_once() -> None:
    call = waiting()
    call.presses("2")
    assert withdrawn(call) == ["key"]


# Whom a search asks for.


def order_of(fields: str, head: str = "") -> Seek:
    call = Call(
        main_flow(
            f"  first: {{queue: general, {fields}, outcomes: {{served: menu, failed: menu}}}}",
            head,
        )
    )
    call.presses("1")
    assert call.seeking is not None
    return call.seeking


def test_needs_are_all_asked_for_that_hold() -> None:
    assert order_of("needs: lang.en >= 2").needs == parse_requirement("lang.en >= 2")
    both = order_of(
        "needs: [{requirement: lang.en, when: \"language == 'en'\"},"
        " {requirement: lang.zh, when: \"language == 'zh'\"}, trading]"
    )
    assert str(both.needs) == "lang.en and trading"
    assert order_of("band: 2").needs == ANYBODY


def test_preferences_and_bands_are_handed_on() -> None:
    order = order_of("band: 3, prefers: {agent: '8003', last_agent: true, needs: vip, for_s: 7}")
    assert order.band == 3
    assert order.prefers is not None
    assert (order.prefers.agent, order.prefers.last_agent, order.prefers.for_s) == (
        "8003",
        True,
        7.0,
    )
    assert str(order.prefers.needs) == "vip"


def test_a_need_in_a_variable_that_cannot_be_read_is_trouble_and_its_text_is_not_logged() -> None:
    call = Call(
        main_flow(
            "  first: {set: {wanted: \"'a b'\"}, next: second}\n"
            "  second: {queue: q, needs: {var: wanted}, outcomes: {served: menu, failed: menu}}",
            "vars: {wanted: text}",
        )
    )
    call.presses("1")
    faults = [each.reason for each in call.effects if isinstance(each, NoteFault)]
    assert len(faults) == 1
    assert "a b" not in faults[0]
    assert "wanted" in faults[0]


# What the check finds.


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ("needs: lang.en >=", "a level from 1 is expected"),
        ("needs: {var: nobody}", "nobody has to be a variable of type text"),
        ("needs: {requirement: a, when: 1}", "a condition has to yield a flag"),
        ("prefers: {for_s: 3}", "names nobody"),
        ("band: -1", "band has to be a whole number from 0"),
        ("takes_callback: 'false'", "has no outcome callback-pending"),
        ("keys: {1: {ask: elsewhere}}", "there is no flow elsewhere"),
        ("keys: {1: {goto: menu, when: position}}", "a condition has to yield a flag"),
        ("keys: {1: {ask: dialogue}}", "has no outcome callback"),
        ("while_waiting: [{prompts: say.a}, {prompts: say.b}]", "from_s has to say after"),
        (
            "while_waiting: [{prompts: say.a, from_s: 9}, {prompts: say.b, from_s: 9}]",
            "from_s is not greater",
        ),
        ("while_waiting: {prompts: say.a, every_s: 1}", "every_s has to be"),
    ],
)
def test_the_check_finds(fields: str, found: str) -> None:
    flow = main_flow(
        f"  first: {{queue: general, {fields}, outcomes: {{served: menu, failed: menu}}}}"
    )
    others = {"dialogue": DIALOGUE} if "dialogue" in fields else {}
    assert any(found in each for each in findings(flow, **others)), findings(flow, **others)


def test_the_check_finds_a_promise_that_nobody_waits_behind_and_flows_that_ask_themselves() -> None:
    flow = main_flow("  first: {call: dialogue, next: menu}")
    assert any("nobody waits behind" in each for each in findings(flow, dialogue=DIALOGUE))
    ring = MAIN.replace("ask: dialogue", "ask: main")
    assert any("calls itself" in each for each in findings(ring))
