"""Menus: choices, the keys that mean the same everywhere, rounds that come to nothing."""

import pytest

from ivrengine.flow.effects import Play, Silence, StartTimer, StopTimer
from ivrengine.flow.inputs import Played, TimerExpired
from ivrengine.flow.state import KEPT_KEYS, TimerName
from tests.kit.flows import Call, main_flow

pytestmark = pytest.mark.unit

DEEP = main_flow("""\
  first:
    menu: say.first
    choices: {1: second, 12: third, 5: menu}
  second: {menu: say.second, choices: {1: third}}
  third: {menu: say.third, back: menu}
""")


def test_a_key_that_decides_silences_the_prompt_by_playing_the_next() -> None:
    call = Call(DEEP)
    effects = call.presses("1")
    assert call.place == "main.first"
    assert [e for e in effects if isinstance(e, Silence | Play)] == [call.playing]


def test_a_key_that_may_still_grow_silences_the_prompt_at_once() -> None:
    call = Call(DEEP)
    call.presses("1")
    effects = call.presses("1")
    assert Silence() in effects
    assert call.playing is None
    assert call.place == "main.first"


def test_the_longest_choice_is_taken() -> None:
    call = Call(DEEP)
    call.presses("112")
    assert call.place == "main.third"


def test_the_shorter_choice_is_taken_when_nothing_follows() -> None:
    call = Call(DEEP)
    call.presses("11")
    call.wait(4.9)
    assert call.place == "main.first"
    call.wait(0.2)
    assert call.place == "main.second"


def test_the_shorter_choice_is_taken_when_another_key_follows_and_that_key_is_kept() -> None:
    call = Call(DEEP)
    call.presses("111")
    assert call.place == "main.third"


def test_the_first_key_timer_starts_when_the_prompt_has_ended() -> None:
    call = Call(DEEP)
    assert TimerName.FIRST_KEY not in call.state.timers
    call.listens()
    assert TimerName.FIRST_KEY in call.state.timers


def test_the_first_key_timer_dies_at_the_first_key() -> None:
    call = Call(DEEP)
    call.presses("1")
    call.listens()
    expiry = call.lets_expire_late(TimerName.FIRST_KEY)
    call.presses("1")
    assert TimerName.FIRST_KEY not in call.state.timers
    before = call.state
    call.give(expiry)
    assert call.state.counts.late_inputs == before.counts.late_inputs + 1
    assert call.place == "main.first"
    assert call.entries() == [("1", "matched")]


def test_a_star_waits_for_a_second_one_and_then_leads_back_one_level() -> None:
    call = Call(DEEP)
    call.presses("111")
    call.wait(1)
    assert call.place == "main.third"
    call.presses("*")
    call.wait(0.7)
    assert call.place == "main.third"
    call.wait(0.2)
    assert call.place == "main.menu"


def test_back_leads_through_the_menus_that_were_passed() -> None:
    call = Call(DEEP)
    call.presses("11")
    call.wait(5.1)
    assert call.place == "main.second"
    for wanted in ("main.first", "main.menu", "main.menu"):
        call.presses("*")
        call.wait(1)
        assert call.place == wanted


def test_two_stars_lead_to_the_main_menu_from_anywhere() -> None:
    call = Call(DEEP)
    call.presses("11")
    call.wait(5.1)
    call.presses("**")
    assert call.place == "main.menu"
    assert call.entries()[-1] == ("**", "matched")


def test_a_star_with_another_key_behind_it_leads_back_at_once() -> None:
    call = Call(DEEP)
    call.presses("1")
    call.presses("*1")
    assert call.place == "main.first"
    assert call.entries() == [("1", "matched"), ("*", "back"), ("1", "matched")]


def test_hash_repeats_and_zero_leads_to_a_person() -> None:
    call = Call(DEEP)
    call.presses("#")
    assert call.plays() == [["say.menu"], ["say.menu"]]
    call.presses("0")
    assert call.place == "person.wait"


def test_a_menu_entered_again_from_further_on_is_one_level_and_not_two() -> None:
    call = Call(DEEP)
    call.presses("15151")
    call.presses("*")
    call.wait(1)
    assert call.place == "main.menu"
    assert len(call.state.levels) == 1


def test_empty_rounds_escalate_and_then_a_person_is_offered() -> None:
    call = Call(DEEP)
    for _ in range(3):
        call.listens()
        call.lets_expire(TimerName.FIRST_KEY)
    assert call.plays()[1:] == [
        ["say.nothing", "say.menu"],
        ["say.help", "say.menu"],
        ["say.offer"],
    ]
    assert call.place == "offer.offer"


def test_empty_and_wrong_rounds_are_counted_apart_and_end_together() -> None:
    call = Call(DEEP)
    call.listens()
    call.lets_expire(TimerName.FIRST_KEY)
    call.listens()
    call.presses("9")
    call.listens()
    call.lets_expire(TimerName.FIRST_KEY)
    assert call.entries() == [("", "no-input"), ("9", "no-match"), ("", "no-input")]
    assert ["say.nothing", "say.menu"] in call.plays()
    assert call.place == "offer.offer"


def test_a_wrong_key_is_told_to_the_end_and_keys_behind_it_are_kept() -> None:
    call = Call(DEEP)
    call.presses("9")
    assert call.hearing == ["say.wrong"]
    effects = call.presses("1")
    assert effects == []
    call.listens()
    assert call.place == "main.first"


def test_keys_pressed_together_with_a_wrong_one_are_forgotten() -> None:
    call = Call(
        main_flow("""\
  first: {play: {prompt: say.long, barge_in: false}, next: second}
  second: {menu: say.second, choices: {1: third}}
  third: {hang_up: say.bye}
""")
    )
    call.presses("191")
    call.listens()
    assert call.place == "main.second"
    assert call.entries()[-1] == ("9", "no-match")


def test_forty_keys_in_one_instant_are_kept_up_to_the_limit_and_counted() -> None:
    call = Call(DEEP)
    call.presses("9" * 40)
    assert call.state.keys == "9" * KEPT_KEYS
    assert call.state.counts.dropped_keys == 40 - 1 - KEPT_KEYS
    call.listens()
    assert call.place == "main.menu"


def test_rounds_begin_anew_when_the_menu_is_entered_again() -> None:
    call = Call(DEEP)
    call.listens()
    call.lets_expire(TimerName.FIRST_KEY)
    call.presses("1")
    call.presses("5")
    assert call.place == "main.menu"
    assert call.state.frames[-1].lost["menu"].total == 0


def test_silence_can_lead_somewhere_of_its_own() -> None:
    call = Call(
        main_flow("""\
  first: {menu: say.first, silence: second}
  second: {hang_up: say.bye}
""")
    )
    call.presses("1")
    call.listens()
    call.lets_expire(TimerName.FIRST_KEY)
    assert call.place == "main.second"
    assert call.entries()[-1] == ("", "no-input")


def test_a_key_that_a_menu_left_out_counts_as_wrong() -> None:
    call = Call(main_flow("  first: {menu: say.first, choices: {0: menu}, global_keys: ['#']}"))
    call.presses("1")
    call.presses("*")
    assert call.entries()[-1] == ("*", "no-match")
    call.listens()
    call.presses("0")
    assert call.place == "main.menu"


def test_keys_that_no_telephone_has_are_dropped() -> None:
    call = Call(DEEP)
    call.presses("A")
    assert call.hearing == ["say.menu"]
    assert call.state.counts.dropped_keys == 1


def test_an_answer_with_an_old_generation_changes_nothing_but_its_count() -> None:
    call = Call(DEEP)
    old = call.state.voice
    call.presses("1")
    assert old is not None
    state = call.state
    for late in (Played(generation=old.generation), TimerExpired(generation=999)):
        call.give(late)
    assert call.state.counts.late_inputs == state.counts.late_inputs + 2
    assert call.state.voice == state.voice


def test_every_timer_that_is_started_runs_once_and_is_stopped_when_it_is_not_needed() -> None:
    call = Call(DEEP)
    call.presses("11")
    started = [e.generation for e in call.effects if isinstance(e, StartTimer)]
    stopped = [e.generation for e in call.effects if isinstance(e, StopTimer)]
    assert len(set(started)) == len(started)
    assert set(started) - set(stopped) == set(call.state.timers.values())
