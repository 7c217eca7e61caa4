"""baresip and one of the kit's telephones call each other without a server between them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ivrengine.softphone.sip.call import CallState
from ivrengine.softphone.sip.phone import Phone, PhoneSettings
from ivrengine.softphone.sound.codec import SAMPLE_RATE_HZ, decode
from ivrengine.softphone.sound.sources import tone
from ivrengine.softphone.sound.tones import tone_share
from ivrengine.softswitch.local import installation
from ivrengine.softswitch.local.debian.progress import silent
from ivrengine.softswitch.settings import SoftswitchSettings
from tests.kit.baresip import Softphone, SoftphoneSettings
from tests.kit.ports import free_ports

pytestmark = pytest.mark.functional


@pytest.fixture(scope="module")
def tools() -> installation.TestTools:
    return installation.fetch_test_tools(SoftswitchSettings(), silent)


@pytest.fixture
async def softphone(tools: installation.TestTools, tmp_path: Path) -> AsyncIterator[Softphone]:
    ports = free_ports()
    settings = SoftphoneSettings(
        program=tools.baresip,
        modules=tools.baresip_modules,
        user="8001",
        server=("127.0.0.1", ports.sip),
        sip_port=ports.sip,
        control_port=ports.api,
        first_rtp_port=ports.rtp_first,
        registers=False,
    )
    async with await Softphone.start(settings, tmp_path / "baresip") as started:
        yield started


@pytest.fixture
async def phone(softphone: Softphone) -> AsyncIterator[Phone]:
    server = ("127.0.0.1", softphone.settings.sip_port)
    async with await Phone.open(PhoneSettings(user="139", server=server)) as opened:
        yield opened


async def test_a_softphone_answers_hums_and_writes_down_what_it_hears(
    softphone: Softphone, phone: Phone
) -> None:
    dialling = phone.start_call("8001")
    await softphone.answers()
    assert await dialling.reaches(CallState.TALKING, within_s=2)
    dialling.play(tone(dialling.media.codec, 440))
    await asyncio.sleep(1.5)
    spoken = b"".join(arrival.packet.payload for arrival in dialling.media.arrivals[-25:])
    assert tone_share(decode(spoken, dialling.media.codec), 1000) > 0.9
    await softphone.hangs_up()
    await dialling.wait_until_ended(within_s=2)
    await softphone.is_hung_up_on()
    heard = softphone.heard()
    assert heard.size > SAMPLE_RATE_HZ
    assert tone_share(heard[-SAMPLE_RATE_HZ // 2 :], 440) > 0.5


async def test_a_softphone_is_hung_up_on(softphone: Softphone, phone: Phone) -> None:
    dialling = phone.start_call("8001")
    await softphone.answers()
    assert await dialling.reaches(CallState.TALKING, within_s=2)
    await dialling.hang_up()
    await softphone.is_hung_up_on()


async def test_a_softphone_that_vanishes_says_nothing(softphone: Softphone, phone: Phone) -> None:
    dialling = phone.start_call("8001")
    await softphone.rings()
    softphone.vanishes()
    assert not await dialling.reaches(CallState.TALKING, within_s=0.5)
    assert dialling.end is None
