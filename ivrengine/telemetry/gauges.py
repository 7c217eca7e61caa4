"""Gauges that are read at the moment of a scrape, from whoever knows the number."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector, CollectorRegistry

Reading = tuple[tuple[str, ...], float]
"""Values of the labels, in the order of their names, and the number."""

OVERLONG_STATES = ("ring", "talk", "hold", "wrap_up")
"""What an agent can do for too long."""

HELP = {
    "ivr_trunk_lines": "Lines of a trunk group by state: busy or free",
    "acd_waiting": "Callers that wait in a queue",
    "acd_agents": "Agents by state",
    "acd_overlong": "Agents who are ringing, talking, holding or wrapping up for too long",
    "ivr_legs": "Legs, of callers and of agents, that a part of the engine serves",
    "ivr_setups_waiting": "Callers who wait to be answered because the softswitch is busy",
    "ivr_tasks": "Tasks of the engine's event loop",
    "ivr_log_lines_dropped_total": "Log lines that could not be written",
    "ivr_facts_lost_total": "Facts of calls that never reached the database",
    "ivr_journal_failures_total": "Facts that a subscriber of the journal failed to take",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesInUse:
    """Lines of one trunk group at a moment."""

    trunk: str
    lines: int
    in_use: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """Who is asked at every scrape; none may wait or raise."""

    trunks: Callable[[], Iterable[LinesInUse]]
    waiting: Callable[[], Iterable[tuple[str, int]]]
    """Name of each queue and how many callers wait in it."""
    agent_states: Callable[[], Iterable[str]]
    """The state of every agent, one word each."""
    overlong: Callable[[], Iterable[str]] = tuple
    """What each agent is doing for too long, one word for each of it."""


def show(registry: CollectorRegistry, views: Views, *, agent_states: Iterable[str]) -> None:
    """Add the gauges of trunks, queues and agents to ``registry``.

    ``agent_states`` lists every state there is, so that one in which no agent is reads 0.
    """
    every_state = tuple(agent_states)
    registry.register(_Shown("ivr_trunk_lines", ("trunk", "state"), lambda: _lines(views)))
    registry.register(_Shown("acd_waiting", ("queue",), lambda: _waiting(views)))
    registry.register(_Shown("acd_agents", ("state",), lambda: _agents(views, every_state)))
    registry.register(_Shown("acd_overlong", ("state",), lambda: _overlong(views)))


def show_number(registry: CollectorRegistry, name: str, read: Callable[[], int]) -> None:
    """Add a gauge without labels, read at every scrape."""
    registry.register(_Shown(name, (), lambda: [((), read())]))


def show_count(registry: CollectorRegistry, name: str, read: Callable[[], int]) -> None:
    """Add a counter that someone else keeps; ``name`` ends in ``_total``."""
    registry.register(_Counted(name, read))


class _Shown(Collector):
    def __init__(
        self, name: str, labels: tuple[str, ...], read: Callable[[], Iterable[Reading]]
    ) -> None:
        self._name, self._labels, self._read = name, labels, read

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Name the gauge without reading it."""
        yield self._family()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read the gauge."""
        family = self._family()
        for labels, number in self._read():
            family.add_metric(labels, number)
        yield family

    def _family(self) -> GaugeMetricFamily:
        return GaugeMetricFamily(self._name, HELP[self._name], labels=self._labels)


class _Counted(Collector):
    def __init__(self, name: str, read: Callable[[], int]) -> None:
        self._name, self._read = name, read

    def describe(self) -> Iterator[CounterMetricFamily]:
        """Name the counter without reading it."""
        yield CounterMetricFamily(self._name, HELP[self._name])

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Read the counter."""
        yield CounterMetricFamily(self._name, HELP[self._name], value=self._read())


def _lines(views: Views) -> Iterator[Reading]:
    for group in views.trunks():
        yield (group.trunk, "busy"), group.in_use
        yield (group.trunk, "free"), group.lines - group.in_use


def _waiting(views: Views) -> Iterator[Reading]:
    for queue, callers in views.waiting():
        yield (queue,), callers


def _overlong(views: Views) -> Iterator[Reading]:
    counts = dict.fromkeys(OVERLONG_STATES, 0)
    for state in views.overlong():
        counts[state] = counts.get(state, 0) + 1
    for state, count in counts.items():
        yield (state,), count


def _agents(views: Views, every_state: tuple[str, ...]) -> Iterator[Reading]:
    counts = dict.fromkeys(every_state, 0)
    for state in views.agent_states():
        counts[state] = counts.get(state, 0) + 1
    for state, count in counts.items():
        yield (state,), count
