"""The rival's menus at real telephones: callers hear there what they hear of the engine."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from ivrengine.bench.calls.readouts import Readouts
from ivrengine.bench.calls.rival import DialplanRival, RivalPlace, running_rival
from ivrengine.clock import SteadyClock
from ivrengine.config import load_settings
from ivrengine.load.places import MediaRange
from ivrengine.load.target import LineGroup
from ivrengine.services.quotes.model import SecurityCode
from ivrengine.services.quotes.settings import QuoteSettings
from ivrengine.softphone.hearing.figures import gap_samples
from ivrengine.softphone.hearing.library import PromptLibraries
from ivrengine.softphone.sip.phone import PhoneSettings
from ivrengine.values import Language, PromptId
from tests.kit.laid_out import lay_out
from tests.kit.person import Agent, Caller

pytestmark = [
    pytest.mark.functional,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(120),
]

FIRST_PORT = 22_000
"""Below the ports of the other tests' systems."""

PORTS = 100
WORKERS = 10
"""As many as have ports of their own: each may be given a share of these tests."""

GROUPS = (
    LineGroup(dialled="952588", trunk="main", lines=420),
    LineGroup(dialled="8008202588", trunk="tollfree", lines=60),
)

NewCaller = Callable[[], Awaitable[Caller]]
NewAgent = Callable[[str], Awaitable[Agent]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rival(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[DialplanRival]:
    root = tmp_path_factory.mktemp("rival")
    lay_out(Path(request.config.cache.mkdir("prompts")), root / "prompts")
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    first_port = FIRST_PORT + PORTS * worker
    place = RivalPlace(
        first_port=first_port,
        media=MediaRange(first=first_port + 40, last=first_port + PORTS - 1),
        state=root / "rival",
        prompts=root / "prompts",
        last_agent="8004",
        caller_rtp_timeout_s=30,
    )
    async with running_rival(place, GROUPS, load_settings(), lambda step: None) as running:
        yield running


@pytest.fixture(scope="module")
def libraries(rival: DialplanRival, tmp_path_factory: pytest.TempPathFactory) -> PromptLibraries:
    return PromptLibraries(tmp_path_factory.getbasetemp() / "rival0" / "prompts").load_all()


@pytest_asyncio.fixture(loop_scope="module")
async def people(rival: DialplanRival) -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
def new_caller(
    rival: DialplanRival, libraries: PromptLibraries, people: AsyncExitStack
) -> NewCaller:
    async def make() -> Caller:
        settings = PhoneSettings(user="13900000001", server=rival.sip)
        return await people.enter_async_context(await Caller.with_phone(settings, libraries))

    return make


@pytest.fixture
def new_agent(rival: DialplanRival, libraries: PromptLibraries, people: AsyncExitStack) -> NewAgent:
    async def make(number: str) -> Agent:
        settings = PhoneSettings(user=number, server=rival.sip, password=f"demo{number}")
        agent = await people.enter_async_context(await Agent.with_phone(settings, libraries))
        await agent.registers()
        await rival.log_in([number])
        people.push_async_callback(rival.make_unready, number)
        return agent

    return make


async def in_the_main_menu(caller: Caller, *, language: str = "zh") -> None:
    await caller.dials("952588")
    await caller.hears("welcome.greeting", language="zh")
    await caller.presses("1" if language == "zh" else "2")
    await caller.hears("menu.main", language=language)


@pytest.mark.parametrize("language", list(Language))
async def test_a_quote_is_read_out_of_the_same_fragments_without_a_gap(
    new_caller: NewCaller, language: Language
) -> None:
    readouts = Readouts(QuoteSettings(), SteadyClock())
    wanted = await readouts.of(SecurityCode("600519"), language)
    caller = await new_caller()
    await in_the_main_menu(caller, language=language)
    await caller.presses("1")
    await caller.hears("quotes.notice", language=language)
    await caller.presses("1")
    await caller.hears("quotes.ask_code", language=language)
    await caller.presses("600519")
    # The prices are those of the start, so what is the same at all times is looked for.
    head = wanted[: wanted.index(PromptId("quotes.last")) + 1]
    heard = await caller.hears_in_order(*head, language=language, within_s=30)
    await caller.hears("quotes.high", language=language, within_s=30)
    await caller.hears("quotes.after", language=language, within_s=30)
    assert [gap_samples(one, after) for one, after in pairwise(heard)] == [0] * (len(head) - 1)
    await caller.presses("1")
    await caller.hears("quotes.ask_code", language=language)
    await caller.hangs_up()


async def test_codes_that_are_empty_short_or_unknown_are_asked_for_again(
    new_caller: NewCaller,
) -> None:
    caller = await new_caller()
    await in_the_main_menu(caller)
    await caller.presses("11")
    await caller.hears("quotes.ask_code")
    await caller.presses("999999")
    await caller.hears_in_order("quotes.unknown_code", "quotes.ask_code")
    await caller.presses("60#")
    await caller.hears("quotes.code_has_six")
    await caller.hangs_up()


async def test_wrong_keys_and_stars_lead_as_in_the_menus_of_the_flows(
    new_caller: NewCaller,
) -> None:
    caller = await new_caller()
    await in_the_main_menu(caller)
    await caller.presses("9")
    await caller.hears_in_order("common.no_match", "menu.main")
    await caller.presses("1")
    await caller.hears("quotes.notice")
    await caller.presses("**")
    await caller.hears("menu.main")
    await caller.presses("4")
    await caller.hears("mailbox.menu")
    await caller.presses("*")
    await caller.hears("menu.main")
    await caller.hangs_up()


async def test_a_caller_who_says_nothing_is_helped_offered_a_person_and_let_go(
    new_caller: NewCaller,
) -> None:
    caller = await new_caller()
    await in_the_main_menu(caller)
    await caller.hears_in_order("common.no_input", "menu.main", within_s=30)
    await caller.hears_in_order("common.menu_help", "menu.main", within_s=30)
    await caller.hears("common.offer_person", within_s=30)
    await caller.hears("system.goodbye", within_s=40)
    await caller.is_hung_up_on()


async def test_a_person_comes_with_music_before_and_questions_after(
    rival: DialplanRival, new_caller: NewCaller, new_agent: NewAgent
) -> None:
    agent, caller = await new_agent("8001"), await new_caller()
    await rival.make_unready("8001")
    await in_the_main_menu(caller)
    await caller.presses("01")
    await caller.hears("queue.consent")
    await caller.hears_music()
    assert await rival.waiting() == 1
    assert await rival.lines_in_use() == {"main": 1, "tollfree": 0}
    await rival.make_ready("8001")
    await agent.answers(within_s=5)
    await agent.hears("whisper.queue.trading", language="zh")
    caller.hums(440)
    await agent.hears_tone(440)
    await agent.hangs_up()
    await caller.hears("rating.ask")
    await caller.presses("5")
    await caller.hears("rating.thanks")
    await caller.hears("rating.after")
    await caller.hangs_up()


async def test_an_agent_is_reached_by_number_and_an_absent_one_is_not_waited_for(
    new_caller: NewCaller, new_agent: NewAgent
) -> None:
    agent, caller = await new_agent("8002"), await new_caller()
    await in_the_main_menu(caller)
    await caller.presses("5")
    await caller.hears("direct.ask_number")
    await caller.presses("7777")
    await caller.hears("direct.wrong_number")
    await caller.presses("8002")
    await caller.hears("direct.connecting")
    await agent.answers(within_s=5)
    caller.hums(440)
    await agent.hears_tone(440)
    await caller.hangs_up()
    await agent.is_hung_up_on()
    await in_the_main_menu(caller)
    await caller.presses("5")
    await caller.hears("direct.ask_number")
    await caller.presses("8003")
    await caller.hears("direct.absent")
    await caller.hangs_up()


async def test_a_message_is_recorded_heard_again_and_kept_under_a_number(
    new_caller: NewCaller,
) -> None:
    caller = await new_caller()
    await in_the_main_menu(caller)
    await caller.presses("43")
    await caller.hears("mailbox.record", to_the_end=True)
    await caller.hears("tone.beep", to_the_end=True)
    caller.hums(440)
    await caller.waits(1.5)
    await caller.presses("#")
    await caller.hears("mailbox.review")
    await caller.presses("2")
    await caller.hears_tone(440)
    await caller.presses("1")
    await caller.hears("mailbox.ticket")
    await caller.hears("mailbox.after")
    await caller.hangs_up()


async def test_when_all_have_gone_nothing_is_in_hand(rival: DialplanRival) -> None:
    async with asyncio.timeout(10):
        while any((await rival.in_hand()).values()):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
