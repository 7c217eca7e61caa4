import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.calls.facts import AnyFact, NodeReached, PromptHeard
from ivrengine.cli.dialogue import dialogue
from ivrengine.values import CallId
from tests.kit.facts import any_fact, served_call

pytestmark = pytest.mark.unit

TEXTS = {("menu.main", "en"): "For quotes, press 1."}


def _text(prompt: str, language: str) -> str:
    return TEXTS.get((prompt, language), prompt)


def test_a_served_call_reads_as_a_dialogue() -> None:
    told = [
        f"{line.after_s:.1f} {line.who}: {line.words}" for line in dialogue(served_call(), _text)
    ]
    assert told == [
        "0.0 caller: dials 952588 from 13812345678 (lines main)",
        "0.1 engine: answers (100 ms)",
        "2.0 engine: speaks en from here on",
        "5.0 engine: says “For quotes, press 1.” (2.5 s, cut short)",
        "5.0 caller: presses 0 at main (matched)",
        "6.0 caller: asks for anybody of queue general",
        "7.0 engine: rings agent 8001",
        "10.0 agent 8001: talks with the caller after a wait of 4.0 s, recorded",
        "55.0 agent 8001: ends the conversation after 45.0 s",
        "55.0 engine: keeps 45.0 s of conversation: c-1-rec",
        "60.0 caller: hangs up after 60.0 s: served (normal)",
    ]


def test_a_line_is_given_out_before_the_next_fact_is_asked_for() -> None:
    whole = iter(served_call())
    lines = dialogue(whole, _text)
    assert next(lines).who == "caller"
    assert len(list(whole)) == len(served_call()) - 1


def test_what_only_a_restart_needs_is_not_told() -> None:
    reached = NodeReached(
        call=CallId("c"), at=1.0, flow="f", version="v", node="n", checkpoint={"x": 1}
    )
    assert list(dialogue([reached], _text)) == []


@given(st.lists(any_fact()))
def test_every_kind_of_fact_is_told_in_words_or_left_out(timeline: list[AnyFact]) -> None:
    told = list(dialogue(timeline, _text))
    assert len(told) == sum(not isinstance(fact, NodeReached) for fact in timeline)
    assert all(line.who and line.words for line in told)


def test_a_prompt_in_another_language_is_told_in_its_own() -> None:
    greeting = PromptHeard(
        call=CallId("c"),
        at=5.0,
        prompts=("welcome.greeting", "welcome.greeting@en"),
        language="zh",
        heard_s=5.0,
        cut=False,
    )
    (line,) = dialogue([greeting], lambda prompt, language: f"{prompt} in {language}")
    assert line.words == "says “welcome.greeting in zh welcome.greeting in en” (5.0 s)"
