"""How far a call had come, read from its facts."""

from dataclasses import replace

import pytest

from ivrengine.calls import facts, talk_facts
from ivrengine.calls.facts import AnyFact, Timeline
from ivrengine.calls.resuming import admission, resumption, was_answered, without_gone
from ivrengine.calls.visit_resumed import resumed_partner, resumed_third
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
    assert without_gone(found, {LegId("c-1-al")}) == found
    gone = without_gone(found, set())
    assert gone.visit is not None
    assert gone.visit.agent_left
    waiting = resumption(until(facts.PersonSought))
    assert without_gone(waiting, set()) == waiting


def turned(phase: str, **third: str) -> talk_facts.TalkTurned:
    return talk_facts.TalkTurned(
        call=CALL, at=1020.0, contact="c-1-ct", agent="8001", phase=phase, **third
    )


def test_a_conversation_is_taken_up_in_the_phase_in_which_it_was_left() -> None:
    visit = resumption(until(facts.PersonJoined, turned("held"))).visit
    assert visit is not None
    assert visit.turned is not None
    assert visit.turned.phase == "held"


def test_a_third_whose_leg_is_gone_has_left_and_the_agent_has_not() -> None:
    consulted = turned("consulting", third="outside:138", third_leg="c-1-leg9")
    found = resumption(until(facts.PersonJoined, consulted))
    assert found.visit is not None
    assert resumed_third(found.visit) is not None
    left = without_gone(found, {LegId("c-1-al")}).visit
    assert left is not None
    assert (left.agent_left, resumed_third(left)) == (False, None)


def transferred(target: str) -> tuple[AnyFact, ...]:
    left = facts.PersonLeft(
        call=CALL, at=1030.0, contact="c-1-ct", agent="8001", by="agent", talked_s=9.0
    )
    handed = facts.PersonTransferred(
        call=CALL,
        at=1030.0,
        contact="c-1-ct",
        agent="8001",
        target=target,
        attended=False,
        queue="general",
        since=1006.0,
    )
    return left, handed


def test_a_transfer_that_had_reached_nobody_is_known_with_its_way_back() -> None:
    found = resumption(until(facts.PersonJoined, *transferred("outside:138")))
    assert found.stage == "waiting"
    assert found.visit is not None
    assert not found.visit.is_sought
    assert (found.visit.queue, found.visit.talk.since) == ("general", 1006.0)


def test_a_talk_with_a_telephone_outside_is_one_and_over_when_that_left() -> None:
    outside = talk_facts.OutsideJoined(
        call=CALL, at=1040.0, number="138", leg="c-1-leg9", bridge="c-1-br1", recording=""
    )
    found = resumption(until(facts.PersonJoined, *transferred("outside:138"), outside))
    assert found.stage == "talking"
    assert found.visit is not None
    assert resumed_partner(found.visit).leg == "c-1-leg9"
    over = talk_facts.OutsideLeft(call=CALL, at=1050.0, number="138", by="outside", talked_s=10.0)
    onward = facts.NodeReached(
        call=CALL, at=1051.0, flow="main", version="1", node="rate", checkpoint={}
    )
    story = until(facts.PersonJoined, *transferred("outside:138"), outside, over, onward)
    assert resumption(story).visit is None


def recording_ordered(at: float, *, begins: bool) -> talk_facts.RecordingOrdered:
    return talk_facts.RecordingOrdered(
        call=CALL, at=at, agent="8001", recording="c-1-rec7", by="supervisor 8033", begins=begins
    )


def not_recorded() -> facts.PersonJoined:
    joined = next(fact for fact in STORY if isinstance(fact, facts.PersonJoined))
    return replace(joined, recording="")


def test_a_recording_that_was_ordered_goes_on_and_one_whose_end_was_ordered_does_not() -> None:
    began = recording_ordered(1500.0, begins=True)
    visit = resumption(until(facts.PersonSought, not_recorded(), began)).visit
    assert visit is not None
    assert (visit.recording, visit.is_recording_ordered) == ("c-1-rec7", True)
    ended = recording_ordered(1600.0, begins=False)
    visit = resumption(until(facts.PersonSought, not_recorded(), began, ended)).visit
    assert visit is not None
    assert (visit.recording, visit.is_recording_ordered) == (None, False)


def test_a_recording_that_a_transfer_took_along_can_still_be_ended_by_order() -> None:
    began = recording_ordered(1500.0, begins=True)
    sought = next(fact for fact in STORY if isinstance(fact, facts.PersonSought))
    taken_along = replace(not_recorded(), at=1700.0, recording="c-1-rec7")
    visit = resumption(
        until(facts.PersonSought, not_recorded(), began, replace(sought, at=1700.0), taken_along)
    ).visit
    assert visit is not None
    assert (visit.recording, visit.is_recording_ordered) == ("c-1-rec7", True)


def test_a_recording_of_an_earlier_conversation_is_none_of_a_later_one() -> None:
    began = recording_ordered(1500.0, begins=True)
    later = replace(not_recorded(), at=1700.0)
    visit = resumption(until(facts.PersonSought, not_recorded(), began, later)).visit
    assert visit is not None
    assert (visit.recording, visit.is_recording_ordered) == (None, False)


def test_a_checkpoint_of_another_version_of_this_program_counts_as_none() -> None:
    odd = facts.NodeReached(
        call=CALL, at=1.0, flow="main", version="1", node="menu", checkpoint={"frames": 7}
    )
    assert resumption(until(facts.LanguageChosen, odd)).checkpoint is None
    assert resumption(until(facts.LanguageChosen, replace(odd, checkpoint={}))).checkpoint is None
