"""Entries of keys: their ends, clearing, the point, the times, and what is refused."""

from decimal import Decimal

import pytest

from ivrengine.flow.effects import Value
from ivrengine.flow.rehearsal.rehearsal import StandIn
from ivrengine.flow.state import TimerName
from tests.kit.flows import Call, main_flow

pytestmark = pytest.mark.unit


def entering(fields: str, kind: str = "text") -> Call:
    call = Call(
        main_flow(
            f"  first: {{collect: it, prompts: say.enter, {fields}, next: done}}\n"
            "  done: {menu: say.done, choices: {1: first}}",
            f"vars: {{it: {kind}}}",
        )
    )
    call.presses("1")
    return call


def held(call: Call) -> Value:
    return call.state.frames[0].variables.get("it")


def test_a_full_entry_ends_by_itself() -> None:
    call = entering("length: 6")
    call.presses("600519")
    assert (call.place, held(call)) == ("main.done", "600519")


def test_zero_is_a_digit_and_leading_zeros_stay() -> None:
    call = entering("length: 6")
    call.presses("000001")
    assert held(call) == "000001"


@pytest.mark.parametrize("pause_s", [0, 1.9])
def test_a_hash_behind_a_full_entry_is_swallowed(pause_s: float) -> None:
    call = entering("length: 6")
    call.presses("600519")
    call.wait(pause_s)
    call.presses("#")
    assert call.plays()[-1] == ["say.done"]
    assert len(call.plays()) == 3
    call.presses("#")
    assert len(call.plays()) == 4


def test_a_hash_long_after_a_full_entry_means_what_it_means_in_menus() -> None:
    call = entering("length: 6")
    call.presses("600519")
    call.wait(2.1)
    call.presses("#")
    assert len(call.plays()) == 4


def test_a_hash_that_was_pressed_ahead_of_its_entry_is_swallowed_too() -> None:
    call = Call(
        main_flow(
            "  first: {play: {prompt: say.long, barge_in: false}, next: second}\n"
            "  second: {collect: it, length: 2, next: done}\n"
            "  done: {menu: say.done, choices: {1: first}}",
            "vars: {it: text}",
        )
    )
    call.presses("112#1")
    call.listens()
    assert call.entries() == [("1", "matched"), ("12", "matched"), ("1", "matched")]


def test_hash_ends_an_entry_of_open_length() -> None:
    call = entering("min: 1, max: 8")
    call.presses("8001#")
    assert held(call) == "8001"


def test_an_entry_of_open_length_ends_when_no_key_follows() -> None:
    call = entering("min: 4, max: 8")
    call.presses("8001")
    call.wait(4.9)
    assert call.place == "main.first"
    call.wait(0.2)
    assert held(call) == "8001"


def test_each_key_starts_the_time_to_the_next_anew() -> None:
    call = entering("length: 6")
    for key in "600519":
        call.presses(key)
        call.wait(4.5)
    assert held(call) == "600519"


def test_a_steady_trickle_of_keys_ends_with_the_time_for_the_whole() -> None:
    call = entering("length: 32, entry_s: 20")
    for _ in range(6):
        call.presses("1")
        call.wait(4)
    assert call.entries()[-1] == ("11111", "no-match")


def test_a_short_entry_is_a_wrong_round_when_no_key_follows() -> None:
    call = entering("length: 6")
    call.presses("600")
    call.wait(5.1)
    assert call.entries()[-1] == ("600", "no-match")
    assert call.hearing == ["say.wrong"]


def test_an_empty_entry_that_is_ended_counts_as_nothing() -> None:
    call = entering("length: 6")
    call.presses("#")
    assert call.entries()[-1] == ("", "no-input")
    assert call.hearing == ["say.nothing", "say.enter"]


def test_an_empty_entry_is_taken_where_that_is_allowed() -> None:
    call = entering("min: 0, max: 4")
    call.presses("#")
    assert (call.place, held(call)) == ("main.done", "")


def test_star_clears_what_was_keyed_and_leads_back_from_an_empty_entry() -> None:
    call = entering("length: 6")
    call.presses("600*")
    assert (call.place, call.entries()[-1]) == ("main.first", ("600*", "cleared"))
    call.wait(7.9)
    assert call.entries()[-1] == ("600*", "cleared")
    call.presses("*")
    assert call.place == "main.menu"


def test_the_first_key_is_waited_for_again_after_clearing() -> None:
    call = entering("length: 6")
    call.presses("600*")
    call.wait(8.1)
    assert call.entries()[-1] == ("", "no-input")


def test_keys_are_taken_where_nothing_is_said() -> None:
    call = Call(main_flow("  first: {collect: it, length: 2, next: menu}", "vars: {it: text}"))
    call.presses("1")
    call.presses("42")
    assert held(call) == "42"


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ("12*35#", Decimal("12.35")),
        ("12*#", Decimal(12)),
        ("12#", Decimal(12)),
        ("*5#", Decimal("0.5")),
        ("0*50#", Decimal("0.50")),
        ("12**34#", Decimal(34)),
        ("1*2*3#", None),
        ("1*2*#", None),
        ("*#", None),
        ("1*234#", None),
    ],
)
def test_star_is_the_point_of_a_decimal_entry(keys: str, wanted: Decimal | None) -> None:
    call = entering("entry: decimal, max: 8, places: 2", "decimal")
    call.presses(keys)
    assert held(call) == wanted
    assert (call.place == "main.done") is (wanted is not None)


def test_two_stars_in_an_empty_decimal_entry_lead_back() -> None:
    call = entering("entry: decimal, max: 8", "decimal")
    call.presses("**")
    assert call.place == "main.menu"


def test_a_whole_number_is_a_number() -> None:
    call = entering("entry: integer, max: 6", "integer")
    call.presses("0100#")
    assert held(call) == 100


def test_a_number_beyond_all_bounds_is_a_wrong_round_and_no_fault() -> None:
    call = entering("entry: integer", "integer")
    call.presses("9" * 30 + "#")
    assert call.entries()[-1] == ("9" * 30, "no-match")
    assert call.state.counts.faults == 0
    assert call.hearing == ["say.wrong"]


def test_a_value_that_fails_its_check_is_a_wrong_round() -> None:
    call = entering("entry: integer, length: 1, check: it >= 1 and it <= 5", "integer")
    call.presses("9")
    assert call.entries()[-1] == ("9", "no-match")
    call.listens()
    call.presses("5")
    assert held(call) == 5


def test_a_check_that_cannot_be_worked_out_is_trouble_and_not_a_crash() -> None:
    call = entering("check: number(it) / 0 == 1, max: 2", "text")
    call.presses("12")
    assert call.place == "trouble.sorry"
    assert call.state.counts.faults == 1


def test_three_lost_rounds_lead_to_the_offer() -> None:
    call = entering("length: 6")
    call.presses("#")
    call.listens()
    call.presses("12#")
    call.listens()
    call.lets_expire(TimerName.FIRST_KEY)
    assert call.place == "offer.offer"


REJECTING = main_flow(
    """\
  first: {collect: it, length: 2, prompts: say.enter, next: ask}
  ask:
    act: codes.find
    with: {code: it}
    outcomes: {ok: menu, unknown: {reject: first, prompts: [say.unknown, say.again]}, error: menu}
""",
    "vars: {it: text}",
)


def test_an_entry_that_a_service_does_not_know_is_a_lost_round_with_words_of_its_own() -> None:
    call = Call(REJECTING, {"codes.find": [StandIn(outcome="unknown")]})
    call.presses("1")
    for number in range(3):
        call.presses("12")
        call.wait(1)
        if number < 2:
            assert call.hearing == ["say.unknown", "say.again", "say.enter"]
    assert call.place == "offer.offer"


def test_keys_pressed_ahead_of_a_rejection_were_meant_for_another_way() -> None:
    call = Call(REJECTING, {"codes.find": [StandIn(outcome="unknown", after_s=2)]})
    call.presses("1")
    call.presses("1299")
    call.wait(2.1)
    assert call.hearing == ["say.unknown", "say.again", "say.enter"]
    assert call.entries() == [("1", "matched"), ("12", "matched")]


def test_rejected_rounds_are_forgotten_when_the_entry_is_reached_anew() -> None:
    call = Call(REJECTING, {"codes.find": [StandIn(outcome="unknown")] * 2 + [StandIn()]})
    call.presses("1")
    call.presses("12")
    call.wait(1)
    call.presses("12")
    call.wait(1)
    call.presses("12")
    call.wait(1)
    assert call.place == "main.menu"
    call.presses("1")
    assert call.state.frames[0].lost["first"].total == 0


def test_flush_forgets_what_was_pressed_early() -> None:
    call = Call(
        main_flow(
            "  first: {play: {prompt: say.long, barge_in: false}, next: second}\n"
            "  second: {collect: it, length: 2, flush: true, prompts: say.enter, next: menu}",
            "vars: {it: text}",
        )
    )
    call.presses("142")
    call.listens()
    assert call.place == "main.second"
    assert call.plays()[-1] == ["say.enter"]
