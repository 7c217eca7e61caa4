"""Which metrics the engine shows, and which ones an expression of Prometheus asks for."""

import re

from prometheus_client.registry import CollectorRegistry

from ivrengine.telemetry.gauges import HELP, show_count, show_number
from ivrengine.telemetry.metrics import Metrics, new_registry

_ENDINGS = {
    "counter": ("_total",),
    "histogram": ("_bucket", "_sum", "_count"),
    "summary": ("_sum", "_count"),
}
_MADE_BY_PROMETHEUS = {"up"}
_OPERATORS = {"and", "or", "unless", "bool", "offset"}

_LABELS = re.compile(
    r"\{[^}]*\}|\[[^]]*\]|\b(?:by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)"
)
_WORD = re.compile(r"(?<![\w.])[a-z_]\w*\b(?!\s*\()", re.IGNORECASE)


def shown_by_engine() -> set[str]:
    """Every name that a scrape of a whole engine can bring, with endings such as ``_bucket``."""
    registry = new_registry()
    Metrics(registry)
    _show_gauges(registry)
    names = set(_MADE_BY_PROMETHEUS)
    for family in registry.collect():
        names.update(family.name + ending for ending in _ENDINGS.get(family.type, ("",)))
    return names


def asked_for(expression: str) -> set[str]:
    """The names of all metrics in ``expression``."""
    # A matcher's text in quotes may hold anything, a closing brace too.
    without_texts = re.sub(r'"[^"]*"', '""', expression)
    without_labels = _LABELS.sub(" ", without_texts)
    words = re.sub(r"\b\d+(?:\.\d+)?(?:e-?\d+|[a-z]+)?\b", " ", without_labels)
    words = re.sub(r"\b(?:sum|min|max|avg|count|topk|quantile)\b", " ", words)
    return {word for word in _WORD.findall(words) if word not in _OPERATORS}


def _show_gauges(registry: CollectorRegistry) -> None:
    for name in HELP:
        if name.endswith("_total"):
            show_count(registry, name, lambda: 0)
        else:
            show_number(registry, name, lambda: 0)
