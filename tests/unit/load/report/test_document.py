"""The report for machines has every figure, and keeps to its own schema."""

import json
from dataclasses import fields, replace

import pytest

from ivrengine.load.report.bars import BARS, Verdict
from ivrengine.load.report.document import VERSION, Document, json_schema, render_json
from ivrengine.load.report.figures import figures_of
from ivrengine.load.report.result import LoadResult
from tests.kit.load_result import ORIGIN, a_result

pytestmark = pytest.mark.unit


def rendered(result: LoadResult) -> dict[str, object]:
    figures = figures_of(result)
    document = json.loads(render_json(result, figures, Verdict.of(result, figures)))
    assert isinstance(document, dict)
    return document


def test_every_part_of_a_report_is_there_and_in_the_schema() -> None:
    document = rendered(a_result(hold_s=40))
    names = {field.name for field in fields(Document)}
    assert set(document) == names
    assert set(json_schema()["properties"]) == names
    assert document["version"] == VERSION


def test_bars_stand_in_it_with_their_figures() -> None:
    bars = rendered(a_result(hold_s=40))["bars"]
    assert isinstance(bars, list)
    assert [bar["name"] for bar in bars] == [bar.name for bar in BARS]
    complete = bars[0]
    assert (complete["standing"], complete["value"], complete["unit"]) == ("met", 480, "calls")
    assert {bar["standing"] for bar in bars} <= {"met", "missed", "not measured"}


def test_times_of_probes_count_from_the_beginning_of_the_run() -> None:
    result = a_result(hold_s=40)
    calls = rendered(result)["probe_calls"]
    assert isinstance(calls, list)
    assert calls[0]["began_at"] == pytest.approx(result.probe_calls[0].began_at - ORIGIN)
    assert calls[0]["began_at"] < 100
    assert calls[0]["began_at"] < calls[0]["pressed_at"][0] < 110


def test_percentiles_beyond_the_last_bucket_are_null() -> None:
    result = a_result(hold_s=40)
    engine = result.moments[-1].engine
    assert engine is not None
    beyond = {
        name: replace(buckets, counts=(*buckets.counts[:-1], 1_000_000))
        for name, buckets in engine.histograms.items()
    }
    last = replace(result.moments[-1], engine=replace(engine, histograms=beyond))
    document = rendered(replace(result, moments=(*result.moments[:-1], last)))
    percentiles = document["engine_percentiles_s"]
    assert isinstance(percentiles, dict)
    assert percentiles["ivr_answer_seconds"]["99%"] is None


def test_a_report_of_nothing_can_be_written() -> None:
    nothing = replace(
        a_result(), moments=(), phases=(), tallies={}, probe_calls=(), rings=(), leftovers=None
    )
    assert rendered(nothing)["leftovers"] is None
