import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.calls import facts
from ivrengine.calls.facts import AnyFact
from ivrengine.calls.ports import CallSummary
from ivrengine.calls.summary import SUMMARISED, summarise
from ivrengine.values import CallId
from tests.kit.facts import any_fact, served_call

pytestmark = pytest.mark.unit


def test_a_served_call_is_summed_up_in_one_row() -> None:
    assert summarise(served_call("c-9", at=1000.0)) == CallSummary(
        call=CallId("c-9"),
        started_at=1000.0,
        answered_at=1000.1,
        ended_at=1060.0,
        caller="13812345678",
        dialled="952588",
        trunk="main",
        caller_class="ordinary",
        language="en",
        queue="general",
        agent="8001",
        outcome="served",
        ended_by="caller",
        recordings=("c-9-rec",),
    )


def test_a_call_that_is_still_up_has_neither_end_nor_outcome() -> None:
    row = summarise(served_call()[:3])
    assert row is not None
    assert (row.language, row.ended_at, row.outcome) == ("en", 0.0, "")


def test_a_refused_call_ends_as_it_begins_with_the_reason_as_its_outcome() -> None:
    refused = facts.CallRefused(
        call=CallId("c"),
        at=5.0,
        leg="l",
        caller="1",
        dialled="2",
        trunk="main",
        caller_class="ordinary",
        reason="lines-full",
    )
    row = summarise([refused])
    assert row is not None
    assert (row.started_at, row.ended_at, row.outcome) == (5.0, 5.0, "lines-full")
    assert (row.caller, row.dialled, row.ended_by) == ("1", "2", "system")


@pytest.mark.parametrize("outgoing", [False, True])
def test_a_row_tells_which_way_the_call_went_also_after_a_proof(outgoing: bool) -> None:
    admitted = facts.CallAdmitted(
        call=CallId("c"),
        at=5.0,
        leg="l",
        caller="1",
        dialled="2",
        trunk="main",
        caller_class="outgoing" if outgoing else "ordinary",
        outgoing=outgoing,
    )
    proof = facts.CallerIdentified(call=CallId("c"), at=6.0, customer="8", caller_class="trading")
    row = summarise([admitted, proof])
    assert row is not None
    assert (row.outgoing, row.caller_class) == (outgoing, "trading")


def test_a_later_search_for_one_agent_does_not_forget_the_queue() -> None:
    sought = facts.PersonSought(
        call=CallId("c-1"), at=1061.0, contact="x", queue="", agent="8009", since=1061.0
    )
    row = summarise([*served_call()[:-1], sought])
    assert row is not None
    assert row.queue == "general"


def test_a_recording_told_of_twice_is_listed_once() -> None:
    call = served_call()
    row = summarise([*call, *(f for f in call if isinstance(f, facts.RecordingKept))])
    assert row is not None
    assert row.recordings == ("c-1-rec",)


def test_no_facts_give_no_row() -> None:
    assert summarise([]) is None


@given(st.lists(any_fact(calls=st.just("c")), max_size=12))
def test_facts_that_are_not_summarised_do_not_matter(timeline: list[AnyFact]) -> None:
    whole = summarise(timeline)
    part = summarise([fact for fact in timeline if isinstance(fact, SUMMARISED)])
    if part is None or whole is None:
        assert part is None
        return
    first = timeline[0]
    if isinstance(first, SUMMARISED):
        assert part == whole
