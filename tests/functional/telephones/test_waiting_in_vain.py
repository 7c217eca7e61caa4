"""What a person waits for and what does not happen fails the test that waits."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from ivrengine.softphone.hearing.ear import NotHeard
from ivrengine.softphone.hearing.library import PromptLibraries
from ivrengine.softphone.sip.phone import Manner, PhoneSettings
from tests.kit.person import Agent, Caller
from tests.kit.prompts import write_library

pytestmark = pytest.mark.functional

SHORT_S = 0.2


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> PromptLibraries:
    root = write_library(tmp_path_factory.mktemp("prompts"), {"zh/menu/main": 40, "music/calm": 40})
    return PromptLibraries(root).load_all()


@pytest.fixture
async def both(libraries: PromptLibraries) -> AsyncIterator[tuple[Caller, Agent]]:
    async with AsyncExitStack() as stack:
        settings = PhoneSettings(user="8001", server=("127.0.0.1", 9))
        agent = await stack.enter_async_context(await Agent.with_phone(settings, libraries))
        settings = PhoneSettings(user="139", server=agent.phone.wire.address)
        caller = await stack.enter_async_context(await Caller.with_phone(settings, libraries))
        yield caller, agent


async def test_a_telephone_that_nobody_rings(both: tuple[Caller, Agent]) -> None:
    _, agent = both
    for waits in (agent.rings, agent.answers, agent.rejects):
        with pytest.raises(TimeoutError, match="did not ring"):
            await waits(within_s=SHORT_S)


async def test_prompts_music_and_tones_that_nobody_plays(both: tuple[Caller, Agent]) -> None:
    caller, agent = both
    agent.phone.manner = Manner.ANSWER
    await caller.dials("8001")
    with pytest.raises(NotHeard, match=r"menu\.main was not heard"):
        await caller.hears("menu.main", within_s=SHORT_S)
    with pytest.raises(NotHeard, match=r"menu\.main was not heard"):
        await caller.hears_in_order("menu.main", "menu.main", within_s=SHORT_S)
    with pytest.raises(NotHeard, match="music was not heard"):
        await caller.hears_music(within_s=SHORT_S)
    with pytest.raises(NotHeard, match="no tone of 440 Hz"):
        await caller.hears_tone(440, within_s=SHORT_S)


async def test_a_call_that_nobody_or_oneself_ends(both: tuple[Caller, Agent]) -> None:
    caller, agent = both
    agent.phone.manner = Manner.ANSWER
    await caller.dials("8001")
    with pytest.raises(TimeoutError, match="still up"):
        await caller.is_hung_up_on(within_s=SHORT_S)
    await caller.hangs_up()
    await agent.is_hung_up_on()
    with pytest.raises(RuntimeError, match="ended from this side"):
        await caller.is_hung_up_on()
