"""One byte in a Call-ID that is not ASCII must not blind the engine to all other calls."""

import asyncio

import pytest

from tests.functional.guards.guarded import Guarded, StartAsterisk
from tests.functional.guards.raw_sip import Answer, RawSip
from tests.kit.api import Refused

pytestmark = pytest.mark.functional

POISON = b"call-\xff-1@carrier"
UNUSUAL_BUT_LEGAL = b"Z9-b.7_e+x=/~!*%'(1)<2>[3]{4}?:$&`|,;@carrier.example"
WITHOUT_GUARD = {"extensions.conf": {"1,Gosub(guard,s,1)": "1,NoOp()"}}


async def _calls_with(call_id: bytes, asterisk: Guarded) -> Answer | None:
    with RawSip(asterisk.sip) as carrier:
        return await carrier.ask(
            "INVITE", to="952588", sender="13900000001", call_id=call_id, within_s=3.0
        )


async def test_stock_dialplan_lets_one_byte_break_the_listing_of_channels(
    start_asterisk: StartAsterisk,
) -> None:
    asterisk = await start_asterisk(edits=WITHOUT_GUARD)
    assert await _calls_with(POISON, asterisk) is None
    with pytest.raises(Refused) as refusal:
        await asterisk.channels()
    assert refusal.value.status == 500


async def test_our_dialplan_refuses_that_call_and_lists_the_others(
    start_asterisk: StartAsterisk,
) -> None:
    asterisk = await start_asterisk()
    await asterisk.beats()
    waiting, refused = await asyncio.gather(
        _calls_with(UNUSUAL_BUT_LEGAL, asterisk), _calls_with(POISON, asterisk)
    )
    assert waiting is None, "a legal Call-ID enters the engine and waits there"
    assert refused is not None
    assert refused.status == 403
    listed = [channel["protocol_id"] for channel in await asterisk.channels()]
    assert listed == [UNUSUAL_BUT_LEGAL.decode("ascii")]
