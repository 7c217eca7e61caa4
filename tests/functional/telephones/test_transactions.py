"""Telephones that are used for days forget what is long over."""

import asyncio

import pytest

from ivrengine.softphone.sip.phone import Phone, PhoneSettings
from ivrengine.softphone.sip.transactions import Timers

pytestmark = pytest.mark.functional

QUICK = Timers(t1_s=0.005, t2_s=0.02)
"""An unanswered request is given up after 0.32 s."""

EXCHANGES = 12


async def test_transactions_that_are_over_are_forgotten_on_both_sides() -> None:
    async with await Phone.open(PhoneSettings(user="1", server=("127.0.0.1", 9))) as asked:
        settings = PhoneSettings(user="2", server=asked.wire.address, timers=QUICK)
        async with await Phone.open(settings) as asking:
            for _ in range(EXCHANGES):
                assert await asking.options() is not None
                await asyncio.sleep(QUICK.give_up_s / 2)
            assert asking.line.transactions.remembered <= EXCHANGES / 2
        assert asked.line.transactions.remembered == EXCHANGES
