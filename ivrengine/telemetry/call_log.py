"""One log line when a call begins and one when it ends: the story of a day, fit for grep."""

from collections.abc import Sequence

import structlog

from ivrengine.calls.facts import AnyFact, CallAdmitted, CallEnded, CallRefused, Timeline
from ivrengine.telemetry.open_calls import OpenCalls
from ivrengine.values import PhoneNumber

log = structlog.get_logger(__name__)


class CallLog:
    """A subscriber of the journal."""

    def __init__(self) -> None:
        self._calls = OpenCalls()

    def remember(self, unfinished: Sequence[Timeline]) -> None:
        """Learn of the calls that went on while the engine was away, before the first fact."""
        self._calls.remember(unfinished)

    def __call__(self, fact: AnyFact) -> None:
        """Take one fact and log it if it is one of those."""
        self._calls.take(fact)
        match fact:
            case CallAdmitted() | CallRefused():
                _log_arrival(fact)
            case CallEnded():
                self._log_end(fact)
            case _:
                pass

    def _log_end(self, ended: CallEnded) -> None:
        call = self._calls.close(ended)
        known = (
            {}
            if call is None
            else {
                "caller": PhoneNumber(call.caller).masked(),
                "dialled": call.dialled,
                "trunk": call.trunk,
                "caller_class": call.caller_class,
                "language": call.language,
                "queue": call.queue,
                "agent": call.agent,
                "answered": call.answered_at > 0,
                "recordings": len(call.recordings),
            }
        )
        log.info(
            "call_ended",
            call=ended.call,
            outcome=ended.outcome,
            by=ended.by,
            cause=ended.cause,
            duration_s=ended.duration_s,
            **known,
        )


def _log_arrival(fact: CallAdmitted | CallRefused) -> None:
    refused = {"reason": fact.reason} if isinstance(fact, CallRefused) else {}
    log.info(
        "call_refused" if refused else "call_admitted",
        call=fact.call,
        caller=PhoneNumber(fact.caller).masked(),
        dialled=fact.dialled,
        trunk=fact.trunk,
        caller_class=fact.caller_class,
        **refused,
    )
