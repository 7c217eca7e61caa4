"""What the engine says of itself on its page of metrics, as far as a load's report shows it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Final

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from ivrengine.load.measures.buckets import Buckets

ANSWER: Final = "ivr_answer_seconds"
DIGIT_TO_PROMPT: Final = "ivr_digit_to_prompt_seconds"
OFFER_DELAY: Final = "acd_offer_delay_seconds"
LOOP_LAG: Final = "ivr_loop_lag_seconds"
ORDERS: Final = "ivr_ari_request_seconds"
HISTOGRAMS: Final = (ANSWER, DIGIT_TO_PROMPT, OFFER_DELAY, LOOP_LAG, ORDERS)

_GAUGES: Final = ("ivr_calls_active", "acd_waiting", "acd_agents", "ivr_legs", "ivr_tasks")
_COUNTERS: Final = (
    "ivr_calls_refused_total",
    "ivr_events_dropped_total",
    "ivr_log_lines_dropped_total",
    "ivr_facts_lost_total",
    "ivr_journal_failures_total",
)
_STARTED: Final = "process_start_time_seconds"
_WANTED: Final = (*_GAUGES, *_COUNTERS, *HISTOGRAMS, _STARTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineFigures:
    """One reading. Counts and histograms run from the engine's start, which was at ``started_at``.

    ``agents`` is by state, ``refused`` by class of caller. ``lost`` are events, lines, facts that
    went astray, by the name of their counter without its ending.
    """

    started_at: float
    calls: Mapping[str, int]
    waiting: int
    agents: Mapping[str, int]
    refused: Mapping[str, int]
    legs: int
    tasks: int
    lost: Mapping[str, int]
    histograms: Mapping[str, Buckets]

    @property
    def talking(self) -> int:
        """How many agents talk to callers."""
        return self.agents.get("talking", 0)


def read_page(page: str) -> EngineFigures:
    """Read the page in Prometheus' text format; what it does not tell of counts as nothing.

    Raises:
        ValueError: this is no such page.
    """
    # The parser is slow, and most of the page is about queues and orders one by one.
    lines = (line for line in page.splitlines() if _is_wanted(line))
    families = text_string_to_metric_families("\n".join(lines) + "\n")
    samples = defaultdict[str, list[Sample]](list)
    for family in families:
        for sample in family.samples:
            samples[sample.name].append(sample)
    return EngineFigures(
        started_at=sum(sample.value for sample in samples[_STARTED]),
        calls=_by("trunk", samples["ivr_calls_active"]),
        waiting=_total(samples["acd_waiting"]),
        agents=_by("state", samples["acd_agents"]),
        refused=_by("class", samples["ivr_calls_refused_total"]),
        legs=_total(samples["ivr_legs"]),
        tasks=_total(samples["ivr_tasks"]),
        lost={name: _total(samples[name]) for name in _COUNTERS[1:] if samples[name]},
        histograms={
            name: _buckets(samples[f"{name}_bucket"], samples[f"{name}_sum"])
            for name in HISTOGRAMS
            if samples[f"{name}_bucket"]
        },
    )


def _is_wanted(line: str) -> bool:
    named = line.removeprefix("# HELP ").removeprefix("# TYPE ")
    return named.startswith(_WANTED)


def _total(samples: Iterable[Sample]) -> int:
    return int(sum(sample.value for sample in samples))


def _by(label: str, samples: Iterable[Sample]) -> Mapping[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for sample in samples:
        counts[sample.labels[label]] += int(sample.value)
    return dict(counts)


def _buckets(counts: Iterable[Sample], sums: Iterable[Sample]) -> Buckets:
    reached: dict[float, float] = defaultdict(float)
    for sample in counts:
        reached[float(sample.labels["le"])] += sample.value
    bounds = sorted(reached)
    return Buckets.cumulative(
        [bound for bound in bounds if bound < inf],
        [reached[bound] for bound in bounds],
        sum(sample.value for sample in sums),
    )
