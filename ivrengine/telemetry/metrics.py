"""Metrics in Prometheus' terms: a fold over the journal, and what observers report.

The names are a promise to operators' dashboards and alarms. Business code calls nothing here:
calls are counted from their facts, durations come from the observers of whoever measures them.
"""

from collections.abc import Sequence

from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import CollectorRegistry

from acd.trunk_groups import Seizure
from ivrengine.calls.facts import (
    AnyFact,
    CallAdmitted,
    CallAnswered,
    CallEnded,
    CallRefused,
    PersonJoined,
    PromptHeard,
    SeekGivenUp,
    ServiceAsked,
    Timeline,
    WaitAnnounced,
)
from ivrengine.calls.talk_facts import WrapUpNoted
from ivrengine.telemetry.instruments import AcdInstruments, CallInstruments, EngineInstruments
from ivrengine.telemetry.open_calls import OpenCalls
from ivrengine.values import CallId

_UNKNOWN = "unknown"
_FOR_WANT_OF_A_LINE = frozenset(answer for answer in Seizure if not answer)
DIRECT = "direct"
"""Stands as the queue of callers who asked for one agent by number."""


def new_registry() -> CollectorRegistry:
    """Return a registry that shows the process' memory, files, time and garbage as well."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


class Metrics:
    """A subscriber of the journal, and the place where observers report.

    Args:
        registry: where the metrics are shown.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._open = OpenCalls()
        self._calls = CallInstruments(registry)
        self._acd = AcdInstruments(registry)
        self._engine = EngineInstruments(registry)
        self._told: dict[CallId, WaitAnnounced] = {}

    def remember(self, unfinished: Sequence[Timeline]) -> None:
        """Learn of the calls that went on while the engine was away, before the first fact."""
        self._open.remember(unfinished)
        for admitted in map(self._open.admission, {timeline.call for timeline in unfinished}):
            if admitted is not None:
                self._calls.active.labels(admitted.trunk).inc()

    def __call__(self, fact: AnyFact) -> None:
        """Take one fact of the journal."""
        match fact:
            case CallAdmitted(trunk=trunk):
                self._calls.active.labels(trunk).inc()
            case CallRefused():
                self._calls.ended.labels(fact.trunk, fact.caller_class, fact.reason).inc()
                if fact.reason in _FOR_WANT_OF_A_LINE:
                    self._calls.refused.labels(fact.trunk, fact.caller_class).inc()
            case CallAnswered(call=call, setup_s=setup_s) if not self._goes_out(call):
                self._calls.answer.observe(setup_s)
            case PromptHeard(digit_to_prompt_s=float(delay_s)):
                self._calls.digit_to_prompt.observe(delay_s)
            case ServiceAsked():
                self._calls.service.labels(fact.action, fact.outcome).observe(fact.took_s)
            case WaitAnnounced(call=call):
                self._told[call] = fact
            case PersonJoined() if fact.contact:
                self._wait_ended(fact)
                queue = self._queue(fact)
                self._acd.wait.labels(queue).observe(fact.waited_s)
                self._acd.seeks.labels(queue, "joined").inc()
            case SeekGivenUp():
                self._told.pop(fact.call, None)
                self._acd.seeks.labels(self._queue(fact), fact.outcome).inc()
            case WrapUpNoted(queue=queue, code=code):
                self._acd.wrap_up_codes.labels(queue or DIRECT, code).inc()
            case CallEnded():
                self._call_ended(fact)
            case _:
                pass
        self._open.take(fact)

    def event_dropped(self, _cause: object = None) -> None:
        """Count an event that was lost; takes the cause of the softswitch's observer."""
        self._engine.dropped.inc()

    def ari_request(self, operation: str, seconds: float) -> None:
        """Take the duration of an order to the softswitch, refused or not."""
        self._engine.ari_request.labels(operation).observe(seconds)

    def loop_lag(self, seconds: float) -> None:
        """Take one measurement of the event loop's lag."""
        self._engine.loop_lag.observe(seconds)

    def offer_delay(self, seconds: float) -> None:
        """Take the time from when caller and agent were both there to the telephone's ringing."""
        self._acd.offer_delay.observe(seconds)

    def overlong(self, queue: str, state: str) -> None:
        """Count a stretch of an agent's work for a queue that lasts too long."""
        self._acd.overlong.labels(queue or _UNKNOWN, state).inc()

    def signed_out(self, cause: str) -> None:
        """Count an agent who was signed out by a time limit."""
        self._acd.signed_out.labels(cause).inc()

    def _wait_ended(self, joined: PersonJoined) -> None:
        told = self._told.pop(joined.call, None)
        if told is not None and told.contact == joined.contact:
            waited_s = joined.at - told.at
            self._acd.expected_wait_error.labels(told.queue).observe(told.expected_s - waited_s)

    def _call_ended(self, ended: CallEnded) -> None:
        self._told.pop(ended.call, None)
        call = self._open.close(ended)
        if call is None:
            self._calls.ended.labels(_UNKNOWN, _UNKNOWN, ended.outcome).inc()
            return
        self._calls.active.labels(call.trunk).dec()
        self._calls.ended.labels(call.trunk, call.caller_class, ended.outcome).inc()

    def _goes_out(self, call: CallId) -> bool:
        admitted = self._open.admission(call)
        return admitted is not None and admitted.outgoing

    def _queue(self, fact: PersonJoined | SeekGivenUp) -> str:
        sought = self._open.sought(fact.call, fact.contact)
        if sought is None:
            return _UNKNOWN
        return sought.queue or DIRECT
