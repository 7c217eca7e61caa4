"""The metrics themselves: names, labels, buckets. The names are a promise to operators."""

from collections.abc import Sequence

from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.registry import CollectorRegistry

_BUCKETS_FAST = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_BUCKETS_SERVICE = (0.01, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 15.0)
_BUCKETS_ERROR = (-600.0, -300.0, -120.0, -60.0, -30.0, 0.0, 30.0, 60.0, 120.0, 300.0, 600.0)
_BUCKETS_WAIT = (1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)


class CallInstruments:
    """What callers meet."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.active = Gauge(
            "ivr_calls_active", "Calls that hold a line", ["trunk"], registry=registry
        )
        self.ended = Counter(
            "ivr_calls_total",
            "Calls that ended or were refused",
            ["trunk", "class", "outcome"],
            registry=registry,
        )
        self.refused = Counter(
            "ivr_calls_refused_total",
            "Calls for which there was no line",
            ["trunk", "class"],
            registry=registry,
        )
        self.answer = _histogram(
            registry, "ivr_answer_seconds", "From a call's arrival to its answer", _BUCKETS_FAST
        )
        self.digit_to_prompt = _histogram(
            registry,
            "ivr_digit_to_prompt_seconds",
            "From a key to the first frame of the prompt that it led to",
            _BUCKETS_FAST,
        )
        self.service = _histogram(
            registry,
            "ivr_service_seconds",
            "From a flow's question to a service's answer",
            _BUCKETS_SERVICE,
            labels=("action", "outcome"),
        )


class AcdInstruments:
    """The search for people."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.seeks = Counter(
            "acd_seeks_total",
            "Searches for a person that ended: joined, or why not",
            ["queue", "outcome"],
            registry=registry,
        )
        self.wait = _histogram(
            registry,
            "acd_wait_seconds",
            "How long callers waited who were joined to an agent",
            _BUCKETS_WAIT,
            labels=("queue",),
        )
        self.expected_wait_error = _histogram(
            registry,
            "acd_expected_wait_error_seconds",
            "What callers were told they would wait at most, less what they then waited",
            _BUCKETS_ERROR,
            labels=("queue",),
        )
        self.wrap_up_codes = Counter(
            "acd_wrap_up_codes_total",
            "What agents noted of conversations",
            ["queue", "code"],
            registry=registry,
        )
        self.overlong = Counter(
            "acd_overlong_spells_total",
            "Stretches of ringing, talking, holding or wrapping up that lasted too long",
            ["queue", "state"],
            registry=registry,
        )
        self.signed_out = Counter(
            "acd_signed_out_total",
            "Agents who were signed out because they took no callers for too long",
            ["cause"],
            registry=registry,
        )
        self.offer_delay = _histogram(
            registry,
            "acd_offer_delay_seconds",
            "From caller and agent both being there to the agent's telephone ringing",
            _BUCKETS_FAST,
        )


class EngineInstruments:
    """The engine's own health."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.dropped = Counter(
            "ivr_events_dropped_total",
            "Events that came too late, twice, unreadable or into a full inbox",
            registry=registry,
        )
        self.loop_lag = _histogram(
            registry, "ivr_loop_lag_seconds", "How late the event loop wakes up", _BUCKETS_FAST
        )
        self.ari_request = _histogram(
            registry,
            "ivr_ari_request_seconds",
            "Duration of an order to the softswitch",
            _BUCKETS_FAST,
            labels=("operation",),
        )


def _histogram(
    registry: CollectorRegistry,
    name: str,
    meaning: str,
    buckets: Sequence[float],
    *,
    labels: Sequence[str] = (),
) -> Histogram:
    return Histogram(name, meaning, labels, buckets=buckets, registry=registry)
