"""Feature codes with something behind them: supervisors', and those of wrap-up."""

import pytest

from ivrengine.agents.observing import ObserveMode
from ivrengine.agents.recording import RecordingVerb
from ivrengine.agents.supervisor_codes import (
    IntercomCode,
    LogOffCode,
    ObserveCode,
    RecordCode,
    parse_supervisor_code,
)
from ivrengine.agents.wrap_up_codes import parse_wrap_up_code
from ivrengine.values import AgentNumber

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("code", "mode"),
    [
        ("*20", ObserveMode.LISTEN),
        ("*21", ObserveMode.WHISPER),
        ("*22", ObserveMode.BARGE_IN),
        ("*23", ObserveMode.TAKE_OVER),
    ],
)
def test_a_supervisors_code_names_a_mode_and_an_agent(code: str, mode: ObserveMode) -> None:
    wanted = ObserveCode(agent=AgentNumber("8005"), mode=mode)
    assert parse_supervisor_code(f"{code}8005") == wanted


def test_a_code_asks_for_a_word_with_an_agent() -> None:
    assert parse_supervisor_code("*278005") == IntercomCode(agent=AgentNumber("8005"))


def test_another_code_logs_an_agent_out() -> None:
    assert parse_supervisor_code("*248005") == LogOffCode(agent=AgentNumber("8005"))


@pytest.mark.parametrize(
    ("code", "verb"), [("*25", RecordingVerb.START), ("*26", RecordingVerb.STOP)]
)
def test_further_codes_begin_and_end_a_recording(code: str, verb: RecordingVerb) -> None:
    wanted = RecordCode(agent=AgentNumber("8005"), verb=verb)
    assert parse_supervisor_code(f"{code}8005") == wanted


@pytest.mark.parametrize(
    "dialled", ["", "*20", "*25", "*298005", "8005", "*20x", "*10", "*20*8005"]
)
def test_anything_else_is_no_supervisors_code(dialled: str) -> None:
    assert parse_supervisor_code(dialled) is None


@pytest.mark.parametrize(("dialled", "code"), [("*142", "2"), ("*140017", "0017")])
def test_a_wrap_up_code_stands_behind_its_feature_code(dialled: str, code: str) -> None:
    assert parse_wrap_up_code(dialled) == code


@pytest.mark.parametrize("dialled", ["*14", "*15", "*1400017", "*14*", "142"])
def test_anything_else_is_no_wrap_up_code(dialled: str) -> None:
    assert parse_wrap_up_code(dialled) is None
