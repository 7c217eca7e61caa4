"""How far a call had come, read from its facts."""

from dataclasses import replace

import pytest

from ivrengine.calls import facts
from ivrengine.calls.facts import AnyFact, Timeline
from ivrengine.calls.resuming import admission, resumption, was_answered, without_agent
from ivrengine.telephony import LegId
from ivrengine.values import CallId, Language
from tests.kit.facts import served_call

pytestmark = pytest.mark.unit

CALL = CallId("c-1")
STORY = served_call(CALL)


def until(kind: type[AnyFact], *more: AnyFact) -> Timeline:
    """The story up to its first fact of a kind, that one included."""
    place = next(n for n, fact in enumerate(STORY) if isinstance(fact, kind))
    return Timeline(call=CALL, facts=(*STORY[: place + 1], *more))


def test_a_call_that_was_not_answered_begins_from_the_beginning() -> None:
    assert not was_answered(until(facts.CallAdmitted))
    assert was_answered(until(facts.CallAnswered))
    assert admission(until(facts.CallAdmitted)) == STORY[0]
    assert admission(Timeline(call=CALL)) is None


def test_before_a_language_is_chosen_mandarin_is_spoken() -> None:
    assert resumption(until(facts.CallAnswered)).language is Language.MANDARIN
    assert resumption(until(facts.LanguageChosen)).language is Language.ENGLISH


@pytest.mark.parametrize(
    ("last", "stage", "met"),
    [
        (facts.EntryMade, "menus", False),
        (facts.PersonSought, "waiting", False),
        (facts.PersonOffered, "waiting", False),
        (facts.PersonJoined, "talking", True),
        (facts.PersonLeft, "menus", True),
    ],
)
def test_the_stage_is_that_of_the_last_search(last: type[AnyFact], stage: str, met: bool) -> None:
    found = resumption(until(last))
    assert (found.stage, found.met_person) == (stage, met)


def test_a_waiting_call_keeps_the_place_and_the_beginning_of_its_wait() -> None:
    visit = resumption(until(facts.PersonSought)).visit
    assert visit is not None
    assert (visit.queue, visit.talk.contact, visit.talk.since) == ("general", "c-1-ct", 1006.0)


def test_a_search_that_was_given_up_is_over() -> None:
    given_up = facts.SeekGivenUp(
        call=CALL, at=1007.0, contact="c-1-ct", outcome="key", waited_s=1.0
    )
    assert resumption(until(facts.PersonSought, given_up)).visit is None


def test_an_agent_whose_leg_is_gone_has_left() -> None:
    found = resumption(until(facts.PersonJoined))
    assert without_agent(found, {LegId("c-1-al")}) == found
    gone = without_agent(found, set())
    assert gone.visit is not None
    assert gone.visit.agent_left
    waiting = resumption(until(facts.PersonSought))
    assert without_agent(waiting, set()) == waiting


def test_a_checkpoint_of_another_version_of_this_program_counts_as_none() -> None:
    odd = facts.NodeReached(
        call=CALL, at=1.0, flow="main", version="1", node="menu", checkpoint={"frames": 7}
    )
    assert resumption(until(facts.LanguageChosen, odd)).checkpoint is None
    assert resumption(until(facts.LanguageChosen, replace(odd, checkpoint={}))).checkpoint is None
