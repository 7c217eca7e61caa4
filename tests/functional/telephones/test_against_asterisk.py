"""The kit's telephones and ears against a real Asterisk whose every sound is known beforehand."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TypeVar

import pytest
import pytest_asyncio

from ivrengine.softphone.hearing.figures import digit_to_prompt_s, gap_samples
from ivrengine.softphone.hearing.library import PromptLibraries
from ivrengine.softphone.hearing.transcript import Heard
from ivrengine.softphone.sip.call import CallState
from ivrengine.softphone.sip.dtmf import KeyStyle
from ivrengine.softphone.sip.phone import CallRefused, PhoneSettings
from ivrengine.softphone.sip.registration import RegistrationRefused
from ivrengine.softphone.sound.codec import SAMPLE_RATE_HZ, Codec
from ivrengine.softphone.sound.tones import tone_share
from ivrengine.softswitch.local import installation
from ivrengine.softswitch.local.asterisk import LocalSoftswitch
from ivrengine.softswitch.local.debian.progress import silent
from ivrengine.softswitch.settings import SoftswitchSettings
from tests.kit.baresip import Softphone, SoftphoneSettings
from tests.kit.measures import Measures
from tests.kit.person import Agent, Caller, Person
from tests.kit.ports import free_ports
from tests.kit.prompts import write_library
from tests.kit.switch import bare_asterisk

pytestmark = [pytest.mark.functional, pytest.mark.asyncio(loop_scope="module")]

FRAMES = {"zh/menu/main": 60, "zh/num/1": 15, "en/menu/main": 35, "music/calm": 250}
P = TypeVar("P", bound=Person)
CODECS = pytest.mark.parametrize("codec", list(Codec), ids=lambda codec: codec.name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def switch(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalSoftswitch]:
    state = tmp_path_factory.mktemp("switch")
    write_library(state / "prompts", FRAMES)
    templates = Path(__file__).with_name("asterisk")
    modules = ("app_read.so", "app_echo.so")
    async with bare_asterisk(state, templates=templates, modules=modules) as running:
        yield running


@pytest.fixture(scope="module")
def libraries(switch: LocalSoftswitch) -> PromptLibraries:
    return PromptLibraries(switch.paths.prompts).load_all()


class House:
    """Hands out telephones that are put away when the test is over."""

    def __init__(
        self, switch: LocalSoftswitch, libraries: PromptLibraries, stack: AsyncExitStack
    ) -> None:
        self._server = (str(switch.settings.sip_address), switch.settings.sip_port)
        self._libraries = libraries
        self._stack = stack

    async def caller(self, codecs: Iterable[Codec] = Codec) -> Caller:
        settings = PhoneSettings(user="139", server=self._server, codecs=tuple(codecs))
        return await self._enter(await Caller.with_phone(settings, self._libraries))

    async def agent(self, number: str, *, password: str | None = None) -> Agent:
        settings = PhoneSettings(
            user=number, server=self._server, password=password or f"demo{number}"
        )
        return await self._enter(await Agent.with_phone(settings, self._libraries))

    async def _enter(self, person: P) -> P:
        await self._stack.enter_async_context(person)
        return person


@pytest_asyncio.fixture(loop_scope="module")
async def house(switch: LocalSoftswitch, libraries: PromptLibraries) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield House(switch, libraries, stack)


@CODECS
async def test_prompts_in_a_row_are_heard_whole_and_seamless(house: House, codec: Codec) -> None:
    caller = await house.caller([codec])
    await caller.dials("100")
    first, second, third = await caller.hears_in_order("menu.main", "num.1", "num.1", language="zh")
    assert caller.call.media.codec is codec
    assert gap_samples(second, third) == 0
    assert gap_samples(first, second) == 0
    await caller.is_hung_up_on()


@CODECS
async def test_keys_interrupt_a_prompt_and_are_understood(
    house: House, codec: Codec, measures: Measures
) -> None:
    caller = await house.caller([codec])
    await caller.dials("101")
    await caller.hears("menu.main", language="zh")
    press = await caller.presses("123")
    answer = await caller.hears("menu.main", language="en", to_the_end=True)
    cut = caller.ear.transcript[0]
    assert isinstance(cut, Heard)
    assert not cut.complete
    assert digit_to_prompt_s(press, answer) > 0
    measures.note("bare Asterisk: digit to prompt", digit_to_prompt_s(press, answer))


@pytest.mark.parametrize(
    "style",
    [
        KeyStyle(end_packets=1),
        KeyStyle(lost_packets=2),
        KeyStyle(marker=False),
        KeyStyle(duration_s=0.06, pause_s=0.06),
        KeyStyle(duration_s=1.0),
        KeyStyle(end_packets=0, pause_s=0.4),
    ],
    ids=["one end packet", "lost start", "no marker", "hasty", "long", "no end"],
)
async def test_keys_in_odd_styles_are_understood(house: House, style: KeyStyle) -> None:
    caller = await house.caller()
    await caller.dials("101")
    await caller.hears("menu.main")
    await caller.presses("123", style=style)
    await caller.hears("menu.main", language="en")


async def test_keys_are_understood_without_sound_between_them(house: House) -> None:
    caller = await house.caller()
    await caller.dials("101")
    await caller.hears("menu.main")
    caller.call.media.sends_sound = False
    await caller.presses("123")
    await caller.hears("menu.main", language="en")


async def test_keys_are_understood_from_a_changed_source(house: House) -> None:
    caller = await house.caller()
    await caller.dials("101")
    await caller.hears("menu.main")
    await caller.presses("1")
    caller.call.media.change_source()
    await caller.presses("23")
    await caller.hears("menu.main", language="en")


async def test_wrong_keys_lead_elsewhere(house: House) -> None:
    caller = await house.caller()
    await caller.dials("101")
    await caller.hears("menu.main")
    await caller.presses("124")
    await caller.hears("num.1", language="zh", to_the_end=True)
    assert not caller.ear.has_heard("menu.main", language="en")


@CODECS
async def test_what_is_said_comes_back(house: House, codec: Codec) -> None:
    caller = await house.caller([codec])
    await caller.dials("102")
    caller.hums(440)
    await caller.hears_tone(440)
    caller.falls_silent()
    await caller.waits(0.3)
    await caller.hears_nothing_for(0.3)
    await caller.hangs_up()


@CODECS
async def test_music_is_recognised(house: House, codec: Codec) -> None:
    caller = await house.caller([codec])
    await caller.dials("103")
    music = await caller.hears_music()
    assert music.prompt_id == "music.calm"
    await caller.hangs_up()


async def test_a_refused_call_is_busy(house: House) -> None:
    caller = await house.caller()
    with pytest.raises(CallRefused) as refused:
        await caller.dials("104")
    assert refused.value.status == 486


async def test_an_unknown_number_is_not_found(house: House) -> None:
    caller = await house.caller()
    with pytest.raises(CallRefused) as refused:
        await caller.dials("999")
    assert refused.value.status == 404


async def test_a_registered_agent_is_rung_and_both_hear_each_other(house: House) -> None:
    agent, caller = await house.agent("8001"), await house.caller()
    await agent.registers()
    dialling = caller.phone.start_call("8001")
    await agent.answers()
    assert await dialling.reaches(CallState.TALKING, within_s=2)
    caller.hums(440)
    agent.hums(1000)
    await agent.hears_tone(440)
    await caller.hears_tone(1000)
    await agent.hangs_up()
    await caller.is_hung_up_on()


async def test_an_agent_calls_with_a_password(house: House) -> None:
    first, second = await house.agent("8002"), await house.agent("8003")
    await second.registers()
    dialling = first.phone.start_call("8003")
    await second.rejects(status=486)
    end = await dialling.wait_until_ended(within_s=3)
    assert end.status >= 400


async def test_a_wrong_password_does_not_register(house: House) -> None:
    agent = await house.agent("8004", password="wrong")
    with pytest.raises(RegistrationRefused):
        await agent.registers()


async def test_a_withdrawn_registration_is_not_rung(house: House, switch: LocalSoftswitch) -> None:
    agent = await house.agent("8005")
    await agent.registers()
    assert "8005" in await switch.command("pjsip show contacts")
    registration = agent.phone.registration
    assert registration is not None
    await registration.withdraw()
    assert "8005" not in await switch.command("pjsip show contacts")


async def test_no_channel_is_left(house: House, switch: LocalSoftswitch) -> None:
    caller = await house.caller()
    await caller.dials("103")
    await caller.hears_music()
    await caller.hangs_up()
    assert "0 active channels" in await switch.command("core show channels count")


async def test_baresip_registers_is_rung_and_both_hear_each_other(
    house: House, switch: LocalSoftswitch, tmp_path: Path
) -> None:
    tools = await asyncio.to_thread(installation.fetch_test_tools, SoftswitchSettings(), silent)
    ports = free_ports()
    settings = SoftphoneSettings(
        program=tools.baresip,
        modules=tools.baresip_modules,
        user="8006",
        password="demo8006",
        server=("127.0.0.1", switch.settings.sip_port),
        sip_port=ports.sip,
        control_port=ports.api,
        first_rtp_port=ports.rtp_first,
    )
    caller = await house.caller()
    async with await Softphone.start(settings, tmp_path / "baresip") as softphone:
        dialling = caller.phone.start_call("8006")
        await softphone.answers()
        assert await dialling.reaches(CallState.TALKING, within_s=2)
        caller.hums(440)
        await caller.hears_tone(settings.hums_hz)
        await caller.waits(1.0)
        await caller.hangs_up()
        await softphone.is_hung_up_on()
        heard = softphone.heard()
    assert tone_share(heard[-SAMPLE_RATE_HZ // 2 :], 440) > 0.5
