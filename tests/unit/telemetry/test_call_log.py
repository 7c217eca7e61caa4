"""The story of a call in two log lines."""

from collections.abc import MutableMapping, Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from ivrengine.calls.facts import (
    AnyFact,
    CallAdmitted,
    CallAnswered,
    CallEnded,
    CallRefused,
    LanguageChosen,
    PersonJoined,
    PersonSought,
    Timeline,
)
from ivrengine.telemetry.call_log import CallLog
from ivrengine.values import CallId

pytestmark = pytest.mark.unit

CALL = CallId("c1")
ADMITTED = CallAdmitted(
    call=CALL,
    at=100.0,
    leg="l",
    caller="13800138000",
    dialled="952588",
    trunk="main",
    caller_class="ordinary",
)
TALKED = (
    CallAnswered(call=CALL, at=100.1, setup_s=0.1),
    LanguageChosen(call=CALL, at=103.0, language="en"),
    PersonSought(call=CALL, at=110.0, contact="v", queue="general", agent="", since=110.0),
    PersonJoined(
        call=CALL,
        at=115.0,
        contact="v",
        agent="8001",
        reservation="r",
        agent_leg="a",
        bridge="b",
        recording="rec",
        waited_s=5.0,
    ),
)
ENDED = CallEnded(
    call=CALL, at=160.0, by="agent", cause="normal", outcome="answered", duration_s=60.0
)
END_LINE = {
    "event": "call_ended",
    "log_level": "info",
    "call": "c1",
    "caller": "138****8000",
    "dialled": "952588",
    "trunk": "main",
    "caller_class": "ordinary",
    "language": "en",
    "queue": "general",
    "agent": "8001",
    "answered": True,
    "recordings": 0,
    "outcome": "answered",
    "by": "agent",
    "cause": "normal",
    "duration_s": 60.0,
}


def lines_of(log: CallLog, facts: Sequence[AnyFact]) -> list[MutableMapping[str, Any]]:
    with capture_logs() as lines:
        for fact in facts:
            log(fact)
    return lines


def test_a_call_leaves_a_line_at_its_beginning_and_one_at_its_end() -> None:
    lines = lines_of(CallLog(), [ADMITTED, *TALKED, ENDED])
    assert [line["event"] for line in lines] == ["call_admitted", "call_ended"]
    assert lines[0]["caller"] == "138****8000"
    assert lines[1] == END_LINE


def test_a_call_taken_up_after_a_restart_ends_with_all_that_was_known() -> None:
    log = CallLog()
    log.remember([Timeline(call=CALL, facts=(ADMITTED, *TALKED))])
    assert lines_of(log, [ENDED]) == [END_LINE]


def test_the_end_of_an_unknown_call_is_logged_all_the_same() -> None:
    (line,) = lines_of(CallLog(), [ENDED])
    assert (line["event"], line["outcome"]) == ("call_ended", "answered")


def test_a_refused_call_leaves_one_line_with_the_reason() -> None:
    refused = CallRefused(
        call=CALL,
        at=1.0,
        leg="l",
        caller="13800138000",
        dialled="10086",
        trunk="main",
        caller_class="ordinary",
        reason="unknown-number",
    )
    (line,) = lines_of(CallLog(), [refused])
    assert (line["event"], line["reason"]) == ("call_refused", "unknown-number")
