"""Waiting for a person: what is said, which keys act, and every way it can end."""

import pytest

from ivrengine.flow.effects import AGENT, NoteFault, Say, Seek, Silence, Withdraw
from ivrengine.flow.inputs import Joined, Played, SeekEnded, Waiting
from ivrengine.flow.state import TimerName
from ivrengine.speech.readings import Reading
from tests.kit.flows import Call, main_flow

pytestmark = pytest.mark.unit

WAITING = main_flow("""\
  first:
    queue: general
    prompts: {prompt: say.consent, barge_in: false}
    announcement: [say.agent, {say: '@agent', as: phone}]
    while_waiting:
      prompts:
        - {say: position, as: cardinal, when: position > 0}
        - {prompt: say.hold, when: position > 0}
      first_after_s: 10
      every_s: 30
    keys: {'*': '@main', 1: '@stay', 2: message}
    recorded: false
    music: soft
    max_wait_s: 100
    outcomes: {served: rated, nobody: nobody, timed-out: late, failed: sorry}
  message: {hang_up: say.message}
  rated: {say: agent, as: phone, next: menu}
  nobody: {play: say.nobody, next: menu}
  late: {play: say.late, next: menu}
  sorry: {play: say.sorry, next: menu}
""")


def waiting() -> Call:
    call = Call(WAITING)
    call.presses("1")
    call.listens()
    return call


def order(call: Call) -> Seek:
    assert call.seeking is not None
    return call.seeking


def test_consent_is_told_before_anybody_is_looked_for() -> None:
    call = Call(WAITING)
    call.presses("1")
    assert call.hearing == ["say.consent"]
    assert call.seeking is None
    call.listens()
    seek = order(call)
    assert (seek.queue, seek.agent, seek.recorded, seek.music_class) == (
        "general",
        "",
        False,
        "soft",
    )
    assert seek.announcement[1] == Say(value=AGENT, reading=Reading.PHONE)


def test_the_place_is_told_again_and_again_once_it_is_known() -> None:
    call = waiting()
    call.wait(11)
    assert call.hearing == []
    call.seek_answer(Waiting(generation=order(call).generation, position=3))
    call.wait(30)
    assert call.hearing == ["cardinal 3", "say.hold"]
    call.seek_answer(Waiting(generation=order(call).generation, position=1))
    call.wait(30)
    assert call.hearing == ["cardinal 1", "say.hold"]


def test_a_key_acts_at_once_and_withdraws() -> None:
    call = waiting()
    effects = call.presses("2")
    assert [e.cause for e in effects if isinstance(e, Withdraw)] == ["key"]
    assert call.place == "main.message"


def test_star_leads_to_the_menus_without_waiting_for_a_second_one() -> None:
    call = waiting()
    call.presses("*")
    assert call.place == "main.menu"


def test_a_key_that_means_nothing_neither_cuts_nor_waits() -> None:
    call = waiting()
    call.seek_answer(Waiting(generation=order(call).generation, position=2))
    call.wait(10)
    assert call.hearing == ["cardinal 2", "say.hold"]
    assert call.presses("9") == []
    assert call.state.keys == ""
    assert call.state.counts.dropped_keys == 1


def test_staying_cuts_the_news_and_goes_on_waiting() -> None:
    call = waiting()
    call.seek_answer(Waiting(generation=order(call).generation, position=2))
    call.wait(10)
    effects = call.presses("1")
    assert Silence() in effects
    assert order(call)
    assert TimerName.WAIT in call.state.timers


def test_keys_pressed_during_the_consent_act_as_soon_as_the_search_begins() -> None:
    call = Call(WAITING)
    call.presses("1")
    call.presses("92")
    call.listens()
    assert call.place == "main.message"
    assert any(isinstance(e, Withdraw) for e in call.effects)


def test_a_conversation_takes_all_keys_and_has_no_end_of_its_own() -> None:
    call = waiting()
    call.give(Joined(generation=order(call).generation, agent="8001"))
    assert not call.state.timers
    assert call.presses("12*#") == []
    call.wait(10_000)
    assert call.place == "main.first"


def test_the_agent_hangs_up_first_and_the_number_is_known_afterwards() -> None:
    call = waiting()
    generation = order(call).generation
    call.give(Joined(generation=generation, agent="8001"))
    call.give(SeekEnded(generation=generation, outcome="served"))
    assert call.hearing == ["phone 8001"]


def test_news_that_an_answer_overtook_does_not_come_back() -> None:
    call = waiting()
    generation = order(call).generation
    call.give(Waiting(generation=generation, position=1))
    call.wait(10)
    news = call.state.voice
    assert news is not None
    call.give(Joined(generation=generation, agent="8001"))
    before = call.state.counts.late_inputs
    call.give(Played(generation=news.generation))
    assert call.state.counts.late_inputs == before + 1
    assert call.state.joined


@pytest.mark.parametrize(
    ("outcome", "said"),
    [("nobody", "say.nobody"), ("failed", "say.sorry"), ("unknown", "say.sorry"),
     ("timed-out", "say.late"), ("surprise", "say.sorry")],
)  # fmt: skip
def test_every_end_of_the_search_has_its_way(outcome: str, said: str) -> None:
    call = waiting()
    call.seek_answer(SeekEnded(generation=order(call).generation, outcome=outcome))
    assert call.hearing == [said]


def test_news_that_cannot_be_told_are_left_out_and_the_place_is_kept() -> None:
    call = Call(
        WAITING.replace(
            "- {say: position, as: cardinal, when: position > 0}",
            "- {say: 1 / position, as: decimal}",
        ).replace("        - {prompt: say.hold, when: position > 0}\n", "")
    )
    call.presses("1")
    call.listens()
    call.wait(11)
    assert (call.place, call.hearing, call.state.counts.faults) == ("main.first", [], 1)
    call.seek_answer(Waiting(generation=order(call).generation, position=2))
    call.wait(30)
    assert call.hearing == ["decimal 0.5"]


def test_a_wait_that_is_too_long_is_ended_by_the_flow() -> None:
    call = waiting()
    call.wait(99)
    assert call.place == "main.first"
    call.wait(1.1)
    assert call.hearing == ["say.late"]
    assert [e.cause for e in call.effects if isinstance(e, Withdraw)] == ["timed-out"]


def test_what_comes_of_a_search_that_was_given_up_is_late() -> None:
    call = waiting()
    generation = order(call).generation
    call.presses("*")
    late = call.state.counts.late_inputs
    call.give(Joined(generation=generation, agent="8001"))
    call.give(SeekEnded(generation=generation, outcome="served"))
    assert call.state.counts.late_inputs == late + 2
    assert call.place == "main.menu"


def test_one_agent_is_looked_for_by_the_number_in_a_variable() -> None:
    call = Call(
        main_flow(
            "  first: {collect: number, max: 4, next: second}\n"
            "  second: {agent: {var: number}, outcomes: {served: menu, failed: menu}}",
            "vars: {number: text}",
        )
    )
    call.presses("1")
    call.presses("8001")
    assert (order(call).queue, order(call).agent) == ("", "8001")


def test_an_empty_name_is_trouble_and_nobody_is_looked_for() -> None:
    call = Call(
        main_flow(
            "  first: {set: {where: \"''\"}, next: second}\n"
            "  second: {queue: {var: where}, outcomes: {served: menu, failed: menu}}",
            "vars: {where: text}",
        )
    )
    call.presses("1")
    assert call.seeking is None
    assert any(isinstance(e, NoteFault) for e in call.effects)
