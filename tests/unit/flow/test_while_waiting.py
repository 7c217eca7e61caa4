"""What waiting callers hear, when, and which keys they have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.flow.effects import ChangeMusic, NoteAnnounced, StartTimer
from ivrengine.flow.sayings import EXPECTED_WORDS, POSITION_WORDS
from ivrengine.flow.speech_lines import PromptLine
from ivrengine.flow.waiting import (
    PlannedFigure,
    PlannedMusic,
    PlannedWords,
    Standing,
    WaitingPlan,
)
from ivrengine.values import Language, PromptId
from tests.kit.flows import Call, main_flow
from tests.kit.speech import house_catalogue

pytestmark = pytest.mark.unit

STAGES = main_flow("""\
  first:
    queue: general
    music: quick
    while_waiting:
      - prompts:
          - {say: position, as: cardinal, when: position > 0}
          - {say: expected_wait, as: duration, when: expected_wait > 0}
          - say.hold
        first_after_s: 5
        every_s: 30
      - from_s: 100
        first_after_s: 10
        every_s: 60
        music: slow
        prompts: say.sorry
    max_wait_s: 1000
    outcomes: {served: menu, failed: menu}
""")

PLACE = "queue.position_lead, cardinal {}, queue.position_tail"


def a_wait(standing: Standing | None = None, flow: str = STAGES) -> Call:
    call = Call(flow)
    call.standing = standing or Standing()
    call.presses("1")
    call.listens()
    return call


def said_at(call: Call, for_s: float) -> list[tuple[float, str]]:
    """Let time pass; return what was begun to be said and when, counted from now."""
    began, before = call.now, len(call.happenings)
    call.wait(for_s)
    told = call.happenings[before:]
    return [(round(each.at - began, 1), each.text) for each in told if each.kind == "hear"]


def planned(**figures: PlannedFigure) -> WaitingPlan:
    return WaitingPlan(**figures)


def words(after_s: float, prompt: str, every_s: float | None = None) -> PlannedWords:
    prompts = {language: PromptId(prompt) for language in Language}
    return PlannedWords(after_s=after_s, every_s=every_s, prompts=prompts)


def test_each_stage_of_the_wait_has_its_news_and_takes_the_place_of_the_one_before() -> None:
    assert said_at(a_wait(), 240) == [
        (5.0, "say.hold"),
        (35.0, "say.hold"),
        (65.0, "say.hold"),
        (95.0, "say.hold"),
        (110.0, "say.sorry"),
        (170.0, "say.sorry"),
        (230.0, "say.sorry"),
    ]


def test_music_changes_with_the_wait_at_its_own_time() -> None:
    call = a_wait()
    call.wait(99)
    assert not any(isinstance(each, ChangeMusic) for each in call.effects)
    call.wait(1.1)
    assert ChangeMusic(music_class="slow") in call.effects


def test_who_comes_back_late_hears_the_stage_of_the_whole_wait() -> None:
    call = a_wait(Standing(waited_s=130))
    assert said_at(call, 69) == [(10.0, "say.sorry")]
    assert ChangeMusic(music_class="slow") in call.effects


def test_place_and_expected_wait_are_those_of_the_moment_in_which_they_are_said() -> None:
    call = a_wait(Standing(position=3, expected_wait_s=240))
    call.wait(4)
    call.standing = Standing(position=2, expected_wait_s=180)
    assert said_at(call, 2) == [(1.0, "cardinal 2, duration 180, say.hold")]
    promised = [each for each in call.effects if isinstance(each, NoteAnnounced)]
    assert [(each.position, each.expected_wait_s) for each in promised] == [(2, 180)]


def test_no_wait_counts_as_promised_that_was_not_said() -> None:
    call = a_wait(Standing(position=3, expected_wait_s=0))
    call.wait(40)
    assert not any(isinstance(each, NoteAnnounced) for each in call.effects)


def test_figures_that_the_queue_plans_come_when_it_says_and_the_node_says_them_no_more() -> None:
    plan = planned(
        position=PlannedFigure(after_s=0, every_s=40, at_most=5),
        expected_wait=PlannedFigure(after_s=20, every_s=40),
    )
    call = a_wait(Standing(position=3, expected_wait_s=240, plan=plan))
    place = PLACE.format(3)
    wait = "queue.expected_lead, duration 240, queue.expected_tail"
    assert said_at(call, 64) == [
        (0.0, place),
        (6.0, "say.hold"),
        (20.0, wait),
        (36.0, "say.hold"),
        (40.0, place),
        (60.0, wait),
    ]


def test_a_figure_that_is_too_great_is_kept_from_the_caller() -> None:
    plan = planned(position=PlannedFigure(after_s=0, every_s=40, at_most=5))
    call = a_wait(Standing(position=6, plan=plan))
    assert said_at(call, 20) == [(5.0, "say.hold")]
    call.standing = Standing(position=5, plan=plan)
    assert [text for _, text in said_at(call, 25)] == ["say.hold", PLACE.format(5)]


def test_a_wait_of_more_than_half_an_hour_is_not_put_into_figures() -> None:
    plan = planned(expected_wait=PlannedFigure(after_s=0, every_s=40))
    call = a_wait(Standing(position=90, expected_wait_s=3600, plan=plan))
    assert said_at(call, 1) == [(0.0, "queue.expected_long")]


def test_a_wait_that_takes_longer_than_promised_is_said_with_an_apology() -> None:
    plan = planned(expected_wait=PlannedFigure(after_s=0, every_s=40))
    call = a_wait(Standing(position=2, expected_wait_s=120, takes_longer=True, plan=plan))
    said = "queue.takes_longer, queue.expected_lead, duration 120, queue.expected_tail"
    assert said_at(call, 1) == [(0.0, said)]


def test_words_of_the_queue_are_said_once_or_again_and_again_beside_the_nodes() -> None:
    plan = WaitingPlan(words=(words(20, "say.once"), words(30, "say.often", every_s=25)))
    call = a_wait(Standing(plan=plan))
    assert said_at(call, 85) == [
        (5.0, "say.hold"),
        (20.0, "say.once"),
        (30.0, "say.often"),
        (35.0, "say.hold"),
        (55.0, "say.often"),
        (65.0, "say.hold"),
        (80.0, "say.often"),
    ]


def test_what_falls_together_is_said_in_one_breath() -> None:
    plan = WaitingPlan(words=(words(5, "say.once"),))
    assert said_at(a_wait(Standing(plan=plan)), 6) == [(5.0, "say.hold, say.once")]


def test_who_comes_back_does_not_hear_again_what_is_said_once() -> None:
    plan = WaitingPlan(words=(words(20, "say.once"), words(30, "say.often", every_s=25)))
    call = a_wait(Standing(waited_s=40, plan=plan))
    assert said_at(call, 20) == [(5.0, "say.hold"), (15.0, "say.often")]


def test_callers_of_a_language_without_words_hear_none() -> None:
    prompts = {Language.MANDARIN: PromptId("say.chinese")}
    silent = PlannedWords(after_s=1, every_s=None, prompts=prompts)
    call = a_wait(Standing(plan=WaitingPlan(words=(silent,))))
    assert said_at(call, 4) == []


def test_music_of_the_queue_goes_before_the_nodes() -> None:
    music = (
        PlannedMusic(after_s=0, music_class="house"),
        PlannedMusic(after_s=50, music_class="late"),
    )
    call = a_wait(Standing(plan=WaitingPlan(music=music)))
    call.wait(120)
    changes = [each.music_class for each in call.effects if isinstance(each, ChangeMusic)]
    assert changes == ["house", "late"]


def test_news_that_fall_into_others_wait_until_those_are_over() -> None:
    call = a_wait(Standing(plan=WaitingPlan(words=(words(6, "say.once"),))))
    assert said_at(call, 12) == [(5.0, "say.hold"), (7.0, "say.once")]


def test_a_line_whose_key_has_no_meaning_yet_does_not_cut_the_news() -> None:
    flow = STAGES.replace(
        "    max_wait_s: 1000\n", "    keys: {7: {goto: menu, when: waited > 20}}\n"
    )
    call = a_wait(flow=flow)
    call.wait(5)
    assert call.presses("7") == []
    assert call.state.counts.dropped_keys == 1
    call.wait(31)
    call.presses("7")
    assert call.place == "main.menu"


def test_the_standard_words_exist_in_every_language() -> None:
    catalogue = house_catalogue()
    for line in (*POSITION_WORDS, *EXPECTED_WORDS):
        if isinstance(line, PromptLine):
            assert all(catalogue.has(line.prompt, language) for language in Language), line.prompt


figures = st.none() | st.builds(
    PlannedFigure,
    after_s=st.floats(0, 90),
    every_s=st.floats(5, 90),
    at_most=st.none() | st.floats(1, 10),
)
plans = st.builds(
    WaitingPlan,
    music=st.just(()),
    words=st.lists(
        st.builds(
            PlannedWords,
            after_s=st.floats(0, 200),
            every_s=st.none() | st.floats(5, 60),
            prompts=st.just({each: PromptId("say.x") for each in Language}),
        ),
        max_size=3,
    ).map(tuple),
    position=figures,
    expected_wait=figures,
)


@given(plans, st.floats(0, 300), st.integers(0, 9), st.sampled_from([0, 60, 900, 3600]))
def test_whatever_is_planned_nothing_runs_hot_and_nothing_is_cut(
    plan: WaitingPlan, waited_s: float, position: int, expected_s: int
) -> None:
    standing = Standing(waited_s=waited_s, position=position, expected_wait_s=expected_s, plan=plan)
    call = a_wait(standing)
    before, happened = len(call.effects), len(call.happenings)
    call.wait(300)
    assert call.place == "main.first"
    assert not any(each.kind == "silence" for each in call.happenings[happened:])
    timers = [each for each in call.effects[before:] if isinstance(each, StartTimer)]
    assert len(timers) < 1200
