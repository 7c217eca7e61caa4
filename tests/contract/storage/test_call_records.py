from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ivrengine.calls import facts
from ivrengine.calls.ports import CallRecords
from ivrengine.calls.summary import summarise
from ivrengine.errors import StorageError
from ivrengine.values import CallId
from tests.kit.facts import served_call

if TYPE_CHECKING:
    from tests.contract.storage.conftest import Held

pytestmark = pytest.mark.contract


async def test_a_call_is_given_back_fact_by_fact(records: CallRecords) -> None:
    whole = served_call()
    await records.append(whole)
    assert await records.timeline(CallId("c-1")) == facts.Timeline(call=CallId("c-1"), facts=whole)


async def test_an_unknown_call_has_no_timeline(records: CallRecords) -> None:
    await records.append(served_call())
    assert await records.timeline(CallId("other")) is None


async def test_a_call_in_pieces_is_summed_up_as_one(records: CallRecords) -> None:
    whole = served_call()
    for fact in whole:
        await records.append([fact])
    rows = await records.summaries(since=0.0, number="", limit=10)
    assert list(rows) == [summarise(whole)]


async def test_a_call_that_is_still_up_is_listed(records: CallRecords) -> None:
    await records.append(served_call()[:4])
    (row,) = await records.summaries(since=0.0, number="", limit=10)
    assert (row.call, row.language, row.ended_at) == ("c-1", "en", 0.0)


async def test_a_call_that_goes_out_is_listed_as_one(records: CallRecords) -> None:
    came, *_ = served_call("came")
    went, *_ = served_call("went")
    assert isinstance(went, facts.CallAdmitted)
    await records.append([came, replace(went, outgoing=True)])
    rows = await records.summaries(since=0.0, number="", limit=10)
    assert {row.call: row.outgoing for row in rows} == {"came": False, "went": True}


async def test_an_equal_fact_is_kept_once(records: CallRecords) -> None:
    whole = served_call()
    await records.append(whole)
    await records.append([*whole[3:], *whole[3:]])
    timeline = await records.timeline(CallId("c-1"))
    assert timeline is not None
    assert timeline.facts == whole


async def test_two_prompts_that_end_in_the_same_instant_are_two(records: CallRecords) -> None:
    first, second = (
        facts.PromptHeard(
            call=CallId("c"), at=5.0, prompts=(name,), language="zh", heard_s=1.0, cut=False
        )
        for name in ("a", "b")
    )
    await records.append([first, second])
    timeline = await records.timeline(CallId("c"))
    assert timeline is not None
    assert timeline.facts == (first, second)


async def test_facts_that_come_late_take_their_place_in_time(records: CallRecords) -> None:
    whole = served_call()
    await records.append(whole[6:])
    await records.append(whole[:6])
    timeline = await records.timeline(CallId("c-1"))
    assert timeline is not None
    assert timeline.facts == whole
    assert list(await records.summaries(since=0.0, number="", limit=1)) == [summarise(whole)]


async def test_calls_are_listed_newest_first_from_a_time_on_up_to_a_limit(
    records: CallRecords,
) -> None:
    for number in range(5):
        await records.append(served_call(f"c-{number}", at=1000.0 + number))
    rows = await records.summaries(since=1001.0, number="", limit=3)
    assert [row.call for row in rows] == ["c-4", "c-3", "c-2"]
    rows = await records.summaries(since=1003.5, number="", limit=3)
    assert [row.call for row in rows] == ["c-4"]


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("13900000000", {"c-1"}),
        ("8002", {"c-2"}),
        ("952588", {"c-0", "c-1", "c-2"}),
        ("139", set()),
        ("%", set()),
        ("' OR 1=1 --", set()),
    ],
)
async def test_calls_are_found_by_caller_agent_or_dialled_number(
    records: CallRecords, number: str, found: set[str]
) -> None:
    await records.append(served_call("c-0"))
    await records.append(served_call("c-1", caller="13900000000"))
    await records.append(served_call("c-2", agent="8002"))
    rows = await records.summaries(since=0.0, number=number, limit=10)
    assert {row.call for row in rows} == found


@pytest.mark.parametrize("caller", ["", "匿名", "a\x00b", "x" * 10_000, "'; DROP TABLE calls; --"])
async def test_whatever_a_carrier_sends_as_the_caller_is_kept(
    records: CallRecords, caller: str
) -> None:
    whole = served_call(caller=caller)
    await records.append(whole)
    timeline = await records.timeline(CallId("c-1"))
    assert timeline is not None
    assert timeline.facts == whole
    assert len(await records.summaries(since=0.0, number="", limit=10)) == 1


async def test_no_facts_are_no_work(records: CallRecords) -> None:
    await records.append([])
    assert list(await records.summaries(since=0.0, number="", limit=10)) == []


async def test_a_batch_of_a_busy_second_is_kept_whole(records: CallRecords) -> None:
    batch = [fact for number in range(60) for fact in served_call(f"c-{number:02}")]
    await records.append(batch)
    rows = await records.summaries(since=0.0, number="", limit=100)
    assert [row.call for row in rows] == [f"c-{number:02}" for number in reversed(range(60))]


async def test_while_the_database_is_away_it_says_so_and_afterwards_goes_on(held: "Held") -> None:
    first, second = served_call("c-1"), served_call("c-2")
    await held.records.append(first)
    with held.away(), pytest.raises(StorageError):
        await held.records.append(second)
    await held.records.append(second)
    rows = await held.records.summaries(since=0.0, number="", limit=10)
    assert list(rows) == [summarise(second), summarise(first)]
