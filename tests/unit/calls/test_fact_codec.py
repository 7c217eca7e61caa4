import json

import pytest
from hypothesis import given

from ivrengine.calls import facts
from ivrengine.calls.fact_codec import FACT_TYPES, KINDS, as_json, decode, encode
from ivrengine.calls.facts import AnyFact
from ivrengine.errors import Bug, StorageError
from ivrengine.values import CallId
from tests.kit.facts import any_fact, served_call

pytestmark = pytest.mark.unit

ANSWERED = facts.CallAnswered(call=CallId("c"), at=1.5, setup_s=0.25)


def test_every_kind_of_fact_has_one_word_of_its_own() -> None:
    assert set(KINDS) == set(FACT_TYPES)
    assert len(set(KINDS.values())) == len(KINDS)


@given(any_fact())
def test_a_fact_comes_back_as_it_went(fact: AnyFact) -> None:
    line = encode(fact)
    assert "\n" not in line
    assert decode(line) == fact
    assert decode(line.encode()) == fact
    assert encode(decode(line)) == line


def test_a_line_is_an_object_that_people_can_read() -> None:
    assert json.loads(encode(ANSWERED)) == {
        "kind": "call-answered",
        "call": "c",
        "at": 1.5,
        "setup_s": 0.25,
    }
    assert as_json(ANSWERED)["kind"] == "call-answered"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"kind":"call-answered","call":"c","at":1.5,"set', "not a line of JSON"),
        ("", "not a line of JSON"),
        (b"\xff\xfe", "not a line of JSON"),
        ("[1]", "object"),
        ('{"call":"c","at":1.5,"setup_s":0.1}', "unknown kind"),
        ('{"kind":"call-cloned","call":"c","at":1.5}', "unknown kind"),
        ('{"kind":["call-answered"],"call":"c","at":1.5}', "unknown kind"),
        ('{"kind":"call-answered","call":"c","at":1.5}', "setup_s: Field required"),
        ('{"kind":"call-answered","call":"c","at":"1.5","setup_s":0.1}', "at: "),
        ('{"kind":"call-answered","call":7,"at":1.5,"setup_s":0.1}', "call: "),
        ('{"kind":"call-answered","call":"c","at":1.5,"setup_s":0.1,"pin":"1"}', "['pin']"),
    ],
)
def test_a_line_that_is_not_exactly_a_fact_is_refused(line: str | bytes, says: str) -> None:
    with pytest.raises(StorageError, match=_literally(says)):
        decode(line)


def test_every_torn_beginning_of_a_line_is_refused() -> None:
    for fact in served_call():
        line = encode(fact)
        for end in range(len(line)):
            with pytest.raises(StorageError):
                decode(line[:end])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, object(), "\ud800"])
def test_what_json_cannot_hold_is_our_own_fault(value: object) -> None:
    reached = facts.NodeReached(
        call=CallId("c"), at=1.0, flow="f", version="v", node="n", checkpoint={"x": value}
    )
    with pytest.raises(Bug, match="node-reached"):
        encode(reached)


def _literally(text: str) -> str:
    return text.replace("[", r"\[").replace("]", r"\]")
