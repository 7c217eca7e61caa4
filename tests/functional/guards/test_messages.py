"""Texts sent to us as SIP MESSAGE must not make Asterisk deaf to calls."""

import pytest

from tests.functional.guards.guarded import Edits, Guarded, StartAsterisk
from tests.functional.guards.raw_sip import RawSip

pytestmark = pytest.mark.functional

MESSAGES = 600
"""Asterisk ignores all SIP requests once 500 tasks wait in one of its queues."""

WITH_MESSAGING: Edits = {
    "modules.conf": {
        "load = res_pjsip_nat.so": "load = res_pjsip_nat.so\nload = res_pjsip_messaging.so"
    }
}
STOCK: Edits = {
    **WITH_MESSAGING,
    "pjsip.conf": {
        "message_context = no-messages\n": "",
        "taskprocessor_overload_trigger = pjsip_only\n": "",
    },
    "extensions.conf": {"1,Gosub(guard,s,1)": "1,NoOp()"},
}


async def _send_texts(asterisk: Guarded, *, patience_s: float = 5.0) -> list[int]:
    """Sends them one after another; the status of each, 0 for no answer in time."""
    statuses = []
    with RawSip(asterisk.sip) as carrier:
        for _ in range(MESSAGES):
            answer = await carrier.ask("MESSAGE", to="952588", sender="139", within_s=patience_s)
            statuses.append(answer.status if answer else 0)
            if statuses[-3:] == [0, 0, 0]:
                break
    return statuses


async def _answers_options(asterisk: Guarded) -> bool:
    with RawSip(asterisk.sip) as carrier:
        return await carrier.ask("OPTIONS", to="952588", sender="139", within_s=1.0) is not None


async def test_stock_configuration_goes_deaf_after_five_hundred_texts(
    start_asterisk: StartAsterisk,
) -> None:
    asterisk = await start_asterisk(edits=STOCK)
    statuses = await _send_texts(asterisk, patience_s=1.0)
    assert statuses.count(202) >= 450
    assert not await _answers_options(asterisk)


async def test_our_configuration_refuses_texts_and_hears_calls(
    start_asterisk: StartAsterisk,
) -> None:
    asterisk = await start_asterisk()
    statuses = await _send_texts(asterisk)
    assert len(statuses) == MESSAGES
    assert set(statuses) <= {405, 501}
    assert await _answers_options(asterisk)


async def test_the_empty_message_context_alone_would_hold(start_asterisk: StartAsterisk) -> None:
    asterisk = await start_asterisk(edits=WITH_MESSAGING)
    statuses = await _send_texts(asterisk)
    assert len(statuses) == MESSAGES
    assert set(statuses) == {404}
    assert await _answers_options(asterisk)
