"""What is said: barge-in line by line, early keys, failures, languages, the last word."""

import pytest

from ivrengine.flow.effects import HangUp, Play, Silence, SpeakLanguage
from ivrengine.flow.inputs import KeyPressed, Played
from ivrengine.flow.state import TimerName
from ivrengine.values import Language
from tests.kit.flows import Call, main_flow

pytestmark = pytest.mark.unit

MIXED = main_flow("""\
  first:
    play:
      - say.a
      - {prompt: say.law, barge_in: false}
      - {prompt: say.rule, barge_in: false}
      - say.b
    next: second
  second: {menu: say.second, choices: {7: third}}
  third: {hang_up: say.bye}
""")


def test_lines_are_played_together_unless_their_barge_in_differs() -> None:
    call = Call(MIXED)
    call.presses("1")
    call.listens()
    assert call.plays()[1:4] == [["say.a"], ["say.law", "say.rule"], ["say.b"]]


def test_a_key_cuts_what_it_may_and_what_it_may_not_is_said_all_the_same() -> None:
    call = Call(MIXED)
    call.presses("1")
    call.presses("7")
    assert call.hearing == ["say.law", "say.rule"]
    assert call.presses("8") == []
    call.listens()
    assert call.entries()[-1] == ("7", "matched")
    assert ["say.b"] not in call.plays()


def test_keys_pressed_far_ahead_are_kept_across_nodes() -> None:
    call = Call(MIXED)
    call.presses("17")
    assert call.hearing == ["say.law", "say.rule"]
    call.listens()
    assert call.ended
    assert ["say.second"] not in call.plays()


def test_flush_makes_a_play_forget_early_keys() -> None:
    call = Call(
        main_flow("""\
  first: {play: {prompt: say.a, barge_in: false}, next: second}
  second: {play: say.b, flush: true, next: third}
  third: {menu: say.third, choices: {7: menu}}
""")
    )
    call.presses("17")
    call.listens()
    assert call.place == "main.third"
    assert ["say.b"] in call.plays()


def test_a_failed_playback_is_counted_and_the_call_goes_on() -> None:
    call = Call(MIXED)
    voice = call.state.voice
    assert voice is not None
    call.playing = None
    call.give(Played(generation=voice.generation, failed=True))
    assert call.state.counts.failed_plays == 1
    assert TimerName.FIRST_KEY in call.state.timers


def test_a_playback_that_never_ends_is_cut_off_by_its_limit() -> None:
    call = Call(MIXED)
    call.setting = type(call.setting)(prompt_s=1000)
    call.presses("1")
    effects = len(call.effects)
    call.wait(201)
    assert call.state.counts.failed_plays == 1
    assert call.hearing == ["say.law", "say.rule"]
    assert Silence() not in call.effects[effects:]


def test_a_line_whose_condition_is_false_is_left_out() -> None:
    call = Call(
        main_flow(
            "  first: {set: {n: 2}, next: second}\n"
            "  second:\n    play:\n"
            "      - {prompt: say.one, when: n == 1}\n"
            "      - {prompt: say.two, when: n == 2}\n"
            "      - {say: n + 1, as: cardinal, language: zh}\n"
            "    next: menu",
            "vars: {n: integer}",
        )
    )
    call.presses("1")
    assert call.hearing == ["say.two", "cardinal 3"]


def test_a_play_of_which_nothing_is_left_goes_on_at_once() -> None:
    call = Call(main_flow("  first: {play: [{prompt: say.a, when: 1 > 2}], next: menu}"))
    call.presses("1")
    assert call.place == "main.menu"


def test_the_prompt_that_a_variable_names_is_played() -> None:
    call = Call(
        main_flow(
            "  first: {set: {which: \"'security.600519'\"}, next: second}\n"
            "  second: {play: {prompt: {var: which}}, next: menu}",
            "vars: {which: prompt}",
        )
    )
    call.presses("1")
    assert call.hearing == ["security.600519"]


def test_what_is_no_prompt_id_never_reaches_the_player() -> None:
    call = Call(
        main_flow(
            "  first: {set: {which: \"'../../etc/passwd'\"}, next: menu}", "vars: {which: prompt}"
        )
    )
    call.presses("1")
    assert call.place == "trouble.sorry"


def test_a_language_is_spoken_from_there_on() -> None:
    call = Call(main_flow("  first: {language: zh, next: menu}"))
    effects = call.presses("1")
    assert SpeakLanguage(language=Language.MANDARIN) in effects
    assert call.state.language is Language.MANDARIN


def test_the_last_word_is_heard_to_its_end_whatever_is_pressed() -> None:
    call = Call(main_flow("  first: {hang_up: say.bye}"))
    call.presses("1")
    assert call.presses("123*#0") == []
    assert not call.ended
    call.listens()
    assert call.ended
    assert call.effects[-1] == HangUp()


def test_nothing_follows_the_end_of_a_call() -> None:
    call = Call(main_flow("  first: {hang_up: []}"))
    call.presses("1")
    assert call.ended
    state = call.state
    call.give(KeyPressed(key="1"))
    assert call.state.counts.late_inputs == state.counts.late_inputs + 1
    assert call.effects[-1] == HangUp()
    assert call.state.timers == {}


def test_a_node_that_cannot_do_its_work_leads_to_trouble_once_and_then_to_the_end() -> None:
    broken = {
        "trouble": "flow: trouble\nstart: sorry\nvars: {n: integer}\nnodes:\n"
        "  sorry: {set: {n: 1 / 0}, next: bye}\n  bye: {hang_up: say.bye}\n"
    }
    call = Call(main_flow("  first: {set: {n: 1 / 0}, next: menu}", "vars: {n: integer}"), **broken)
    call.presses("1")
    assert call.ended
    assert call.state.counts.faults == 2


def test_a_prompt_that_replaces_another_comes_without_a_silence_before_it() -> None:
    call = Call(main_flow("  first: {play: say.a, next: menu}"))
    effects = call.presses("1")
    assert [type(e) for e in effects if isinstance(e, Play | Silence)] == [Play]
