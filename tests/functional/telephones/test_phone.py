"""Two of the kit's telephones ring each other up on loopback, with nothing in between."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import psutil
import pytest

from ivrengine.softphone.sip.call import CallState, EndedBy
from ivrengine.softphone.sip.dtmf import KeyStyle
from ivrengine.softphone.sip.message import SipRequest, SipResponse
from ivrengine.softphone.sip.phone import CallRefused, Manner, Phone, PhoneSettings
from ivrengine.softphone.sip.transactions import Timers
from ivrengine.softphone.sip.wire import Message
from ivrengine.softphone.sound.codec import FRAME_S, Codec, decode
from ivrengine.softphone.sound.sources import tone
from ivrengine.softphone.sound.tones import tone_share

pytestmark = pytest.mark.functional

QUICK = Timers(t1_s=0.02, t2_s=0.08)
SOMEWHERE = ("127.0.0.1", 9)


@pytest.fixture
async def phones() -> AsyncIterator[tuple[Phone, Phone]]:
    async with AsyncExitStack() as stack:
        callee = await stack.enter_async_context(
            await Phone.open(PhoneSettings(user="8001", server=SOMEWHERE, timers=QUICK))
        )
        settings = PhoneSettings(user="13900000001", server=callee.wire.address, timers=QUICK)
        caller = await stack.enter_async_context(await Phone.open(settings))
        yield caller, callee


class LosesFirst:
    """A network that loses the first few copies of one kind of message."""

    def __init__(self, count: int, *, method: str) -> None:
        self.lost = 0
        self._count = count
        self._method = method

    def __call__(self, message: Message) -> bool:
        method = message.method if isinstance(message, SipRequest) else message.cseq[1]
        if method != self._method or self.lost >= self._count:
            return False
        self.lost += 1
        return True


async def test_a_call_is_answered_and_hung_up_by_the_caller(phones: tuple[Phone, Phone]) -> None:
    caller, callee = phones
    dialling = caller.start_call("8001")
    taken = await callee.answer()
    assert await dialling.reaches(CallState.TALKING, within_s=1)
    assert taken.caller_number == "13900000001"
    await dialling.hang_up()
    end = await taken.wait_until_ended(within_s=1)
    assert end.by is EndedBy.THEM


async def test_a_call_is_hung_up_by_the_one_who_was_called(phones: tuple[Phone, Phone]) -> None:
    caller, callee = phones
    dialling = caller.start_call("8001")
    taken = await callee.answer()
    await taken.hang_up()
    end = await dialling.wait_until_ended(within_s=1)
    assert end.by is EndedBy.THEM


async def test_calls_and_answers_are_stamped_by_the_kernel_however_busy_the_telephones_are(
    phones: tuple[Phone, Phone],
) -> None:
    caller, callee = phones
    dialling = caller.start_call("8001")
    dialled_at = time.monotonic()
    time.sleep(0.1)  # noqa: ASYNC251
    ringing = await callee.wait_for_ring()
    assert ringing.came_at - dialled_at < 0.05
    ringing.accept()
    accepted_at = time.monotonic()
    time.sleep(0.1)  # noqa: ASYNC251
    assert await dialling.reaches(CallState.TALKING, within_s=1)
    assert dialling.answered_at is not None
    assert dialling.answered_at - accepted_at < 0.05


async def test_a_refused_call_says_so(phones: tuple[Phone, Phone]) -> None:
    caller, callee = phones
    callee.manner = Manner.BUSY
    with pytest.raises(CallRefused) as refused:
        await caller.call("8001")
    assert refused.value.status == 486


async def test_a_caller_who_gives_up_stops_the_ringing(phones: tuple[Phone, Phone]) -> None:
    caller, callee = phones
    dialling = caller.start_call("8001")
    ringing = await callee.wait_for_ring(within_s=1)
    assert await dialling.reaches(CallState.RINGING, within_s=1)
    dialling.give_up()
    assert (await ringing.wait_until_ended(within_s=1)).reason == "CANCEL"
    assert (await dialling.wait_until_ended(within_s=1)).status == 487


async def test_what_has_ceased_to_ring_is_neither_picked_up_nor_rejected(
    phones: tuple[Phone, Phone],
) -> None:
    caller, callee = phones
    dead = []
    for take in (callee.answer, callee.reject):
        given_up = caller.start_call("8001")
        assert await given_up.reaches(CallState.RINGING, within_s=1)
        given_up.give_up()
        await given_up.wait_until_ended(within_s=1)
        dead.append(callee.call_in_hand)
        alive = caller.start_call("8001")
        assert await take(within_s=1) is callee.call_in_hand
        await alive.reaches(CallState.TALKING, within_s=1)
        await alive.hang_up()
    assert [call.answered_at for call in dead] == [None, None]


async def test_a_call_that_is_over_cannot_be_picked_up(phones: tuple[Phone, Phone]) -> None:
    caller, callee = phones
    dialling = caller.start_call("8001")
    ringing = await callee.wait_for_ring(within_s=1)
    dialling.give_up()
    await ringing.wait_until_ended(within_s=1)
    with pytest.raises(RuntimeError, match="CANCEL"):
        ringing.accept()


async def test_a_deaf_telephone_is_asked_again_and_given_up(phones: tuple[Phone, Phone]) -> None:
    caller, callee = phones
    callee.manner = Manner.DEAF
    dialling = caller.start_call("8001")
    end = await dialling.wait_until_ended(within_s=64 * QUICK.t1_s + 1)
    assert end.status == 408


@pytest.mark.parametrize("method", ["INVITE", "BYE"])
async def test_lost_requests_are_repeated(phones: tuple[Phone, Phone], method: str) -> None:
    caller, callee = phones
    caller.wire.loses_sent = loss = LosesFirst(2, method=method)
    dialling = caller.start_call("8001")
    taken = await callee.answer(within_s=2)
    assert await dialling.reaches(CallState.TALKING, within_s=1)
    await dialling.hang_up()
    await taken.wait_until_ended(within_s=1)
    assert loss.lost == 2
    assert len(callee.calls) == 1


async def test_a_lost_answer_is_repeated_until_acknowledged(phones: tuple[Phone, Phone]) -> None:
    caller, callee = phones

    def loses_accepting(message: Message) -> bool:
        accepting = isinstance(message, SipResponse) and message.status == 200
        return accepting and first_copies(message)

    first_copies = LosesFirst(3, method="INVITE")
    callee.wire.loses_sent = loses_accepting
    dialling = caller.start_call("8001")
    taken = await callee.answer()
    assert await dialling.reaches(CallState.TALKING, within_s=2)
    assert first_copies.lost == 3
    assert taken.is_up


async def test_keys_arrive_once_each_whatever_their_style(phones: tuple[Phone, Phone]) -> None:
    caller, callee = phones
    dialling = caller.start_call("8001")
    taken = await callee.answer()
    await dialling.reaches(CallState.TALKING, within_s=1)
    await dialling.press("12#", style=KeyStyle(duration_s=0.04, pause_s=0.04))
    await dialling.press("*", style=KeyStyle(end_packets=1, marker=False))
    await dialling.press("00", style=KeyStyle(lost_packets=2, pause_s=0.02))
    assert await taken.media.receives_keys("12#*00", within_s=1)
    assert taken.media.keys_received == "12#*00"


async def test_a_press_knows_when_its_end_left(phones: tuple[Phone, Phone]) -> None:
    caller, callee = phones
    dialling = caller.start_call("8001")
    await callee.answer()
    await dialling.reaches(CallState.TALKING, within_s=1)
    [press] = await dialling.press("5", style=KeyStyle(duration_s=0.2, pause_s=0))
    assert press.ended_at - press.began_at == pytest.approx(0.18, abs=0.1)


@pytest.mark.parametrize("codec", list(Codec))
async def test_both_hear_each_other(phones: tuple[Phone, Phone], codec: Codec) -> None:
    caller, callee = phones
    caller.line = replace(caller.line, codecs=(codec,))
    dialling = caller.start_call("8001")
    taken = await callee.answer()
    await dialling.reaches(CallState.TALKING, within_s=1)
    dialling.play(tone(codec, 440))
    taken.play(tone(codec, 1000))
    await asyncio.sleep(0.3)
    for call, frequency_hz in ((dialling, 1000), (taken, 440)):
        assert call.media.codec is codec
        last = call.media.arrivals[-1].packet.payload
        assert tone_share(decode(last, codec), frequency_hz) > 0.9


async def test_the_beat_is_twenty_milliseconds(phones: tuple[Phone, Phone]) -> None:
    caller, callee = phones
    dialling = caller.start_call("8001")
    await callee.answer()
    await dialling.reaches(CallState.TALKING, within_s=1)
    await asyncio.sleep(1.0)
    arrivals = dialling.media.arrivals
    first, last = arrivals[0], arrivals[-1]
    steps = (last.packet.timestamp - first.packet.timestamp) // 160
    assert steps == len(arrivals) - 1
    assert last.at - first.at == pytest.approx(steps * FRAME_S, abs=0.1)


async def test_a_telephone_that_vanishes_says_nothing(phones: tuple[Phone, Phone]) -> None:
    caller, callee = phones
    dialling = caller.start_call("8001")
    await callee.answer()
    await dialling.reaches(CallState.TALKING, within_s=1)
    callee.vanish()
    with pytest.raises(TimeoutError):
        await dialling.wait_until_ended(within_s=0.3)


def udp_ports() -> set[int]:
    """Every UDP port that this process holds."""
    return {held.laddr.port for held in psutil.Process().net_connections("udp4")}


async def test_a_telephone_put_away_leaves_no_socket_though_nobody_answers_its_farewell() -> None:
    before = udp_ports()
    async with await Phone.open(PhoneSettings(user="8001", server=SOMEWHERE)) as callee:
        settings = PhoneSettings(user="13900000001", server=callee.wire.address)
        async with await Phone.open(settings) as caller:
            callee.manner = Manner.ANSWER
            for _ in range(2):
                await caller.call("8001")
            assert len(udp_ports() - before) == 2 + 2 * 4
            callee.vanish()
    await asyncio.sleep(0)
    assert udp_ports() <= before


async def test_a_call_without_a_contact_is_no_call_and_leaves_no_socket(
    phones: tuple[Phone, Phone],
) -> None:
    caller, callee = phones
    before = udp_ports()
    whole = caller.line.dialog_with("8001").request("INVITE")
    headers = tuple(each for each in whole.headers if each[0] != "Contact")
    caller.wire.send(replace(whole, headers=headers), callee.wire.address)
    async with asyncio.timeout(1):
        while not callee.wire.malformed:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert callee.calls == []
    assert udp_ports() == before


async def test_an_asking_telephone_is_told_who_is_there(phones: tuple[Phone, Phone]) -> None:
    caller, callee = phones
    there = await caller.options()
    assert there is not None
    assert there.status == 200
    callee.vanish()
    assert await caller.options(within_s=0.3) is None
