"""The engine's page of metrics is read as the engine writes it."""

import pytest
from prometheus_client import generate_latest
from prometheus_client.registry import CollectorRegistry

from acd.trunk_groups import Seizure
from ivrengine.calls.facts import CallAdmitted, CallAnswered, CallRefused, PromptHeard
from ivrengine.load.measures import engine_metrics
from ivrengine.load.measures.engine_metrics import EngineFigures, read_page
from ivrengine.telemetry.gauges import Views, show, show_count, show_number
from ivrengine.telemetry.metrics import Metrics, new_registry
from ivrengine.values import CallId

pytestmark = pytest.mark.unit


def page_of(registry: CollectorRegistry) -> EngineFigures:
    return read_page(generate_latest(registry).decode())


def refused(caller_class: str, reason: Seizure) -> CallRefused:
    return CallRefused(
        call=CallId("c"),
        at=1.0,
        leg="l",
        caller="13800138000",
        dialled="952588",
        trunk="main",
        caller_class=caller_class,
        reason=reason,
    )


def test_calls_and_refusals_are_read_by_trunk_and_class() -> None:
    registry = new_registry()
    metrics = Metrics(registry)
    for number in range(3):
        metrics(
            CallAdmitted(
                call=CallId(f"c{number}"),
                at=1.0,
                leg="l",
                caller="13800138000",
                dialled="952588",
                trunk="tollfree" if number else "main",
                caller_class="ordinary",
            )
        )
    metrics(refused("ordinary", Seizure.KEPT))
    metrics(refused("ordinary", Seizure.NO_LINE))
    metrics(refused("trading", Seizure.NO_LINE))
    figures = page_of(registry)
    assert figures.calls == {"main": 1, "tollfree": 2}
    assert figures.refused == {"ordinary": 2, "trading": 1}
    assert figures.started_at > 0


def test_agents_queues_and_what_went_astray_are_read() -> None:
    registry = new_registry()
    Metrics(registry).event_dropped()
    views = Views(
        trunks=lambda: [],
        waiting=lambda: [("sales", 3), ("general", 4)],
        agent_states=lambda: ["talking", "talking", "ready"],
    )
    show(registry, views, agent_states=("talking", "ready", "wrap_up"))
    show_number(registry, "ivr_legs", lambda: 11)
    show_number(registry, "ivr_tasks", lambda: 12)
    show_count(registry, "ivr_facts_lost_total", lambda: 2)
    figures = page_of(registry)
    assert figures.waiting == 7
    assert figures.talking == 2
    assert figures.agents == {"talking": 2, "ready": 1, "wrap_up": 0}
    assert (figures.legs, figures.tasks) == (11, 12)
    assert figures.lost == {"ivr_events_dropped_total": 1, "ivr_facts_lost_total": 2}


def test_durations_are_read_in_their_buckets() -> None:
    registry = new_registry()
    metrics = Metrics(registry)
    metrics(CallAnswered(call=CallId("c"), at=1.0, setup_s=0.004))
    for delay_s in (0.003, 0.004, 9.0):
        metrics(
            PromptHeard(
                call=CallId("c"),
                at=1.0,
                prompts=("a",),
                language="zh",
                heard_s=1.0,
                cut=False,
                digit_to_prompt_s=delay_s,
            )
        )
    metrics.loop_lag(0.0005)
    metrics.offer_delay(0.0005)
    metrics.ari_request("play", 0.0005)
    metrics.ari_request("stop", 0.0005)
    histograms = page_of(registry).histograms
    assert set(histograms) == set(engine_metrics.HISTOGRAMS)
    prompts = histograms[engine_metrics.DIGIT_TO_PROMPT]
    assert prompts.samples == 3
    assert prompts.counts[prompts.bounds_s.index(0.005)] == 2
    assert prompts.counts[-1] == 1
    assert prompts.total_s == pytest.approx(9.007)
    assert histograms[engine_metrics.ANSWER].samples == 1
    assert histograms[engine_metrics.ORDERS].samples == 2


def test_a_page_that_tells_of_nothing_counts_as_nothing() -> None:
    figures = read_page("# HELP other of somebody else\n# TYPE other gauge\nother 7\n")
    assert (figures.calls, figures.waiting, figures.histograms) == ({}, 0, {})


def test_a_page_that_is_none_is_a_fault() -> None:
    with pytest.raises(ValueError, match="bad"):
        read_page("ivr_legs bad\n")
