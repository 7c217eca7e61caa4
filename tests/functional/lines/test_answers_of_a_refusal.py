"""What a refused caller's carrier reads: measured on the wire, with nothing but a dialplan."""

from pathlib import Path

import pytest

from tests.functional.guards.guarded import asterisk_for_tests
from tests.functional.guards.raw_sip import Answer, RawSip

pytestmark = pytest.mark.functional

REFUSING = """\
[refusing]
exten => header,1,Set(PJSIP_HEADER(add,Retry-After)=30)
 same => n,Hangup(34)
exten => _cause.,1,Hangup(${EXTEN:5})

[from-carrier]
exten => header,1,Goto(refusing,${EXTEN},1)
exten => _cause.,1,Goto(refusing,${EXTEN},1)
"""


async def _asked(tmp_path: Path, *numbers: str) -> list[Answer | None]:
    edits = {"extensions.conf": {"[from-carrier]\n": REFUSING}}
    async with asterisk_for_tests(tmp_path, edits=edits, settings={}) as asterisk:
        with RawSip(asterisk.sip) as carrier:
            return [
                await carrier.ask("INVITE", to=number, sender="13900000001") for number in numbers
            ]


async def test_asterisk_says_why_and_takes_no_header_of_ours(tmp_path: Path) -> None:
    """Retry-After cannot be sent: should this fail one day, it can."""
    (answer,) = await _asked(tmp_path, "header")
    assert answer is not None
    assert (answer.status, answer.header("Reason")) == (503, "Q.850;cause=34")
    assert answer.header("Retry-After") == ""


async def test_each_cause_of_a_refusal_has_the_status_that_operators_set(tmp_path: Path) -> None:
    answers = await _asked(tmp_path, "cause34", "cause17", "cause20")
    assert [answer and answer.status for answer in answers] == [503, 486, 480]
