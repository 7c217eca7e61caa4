"""The figures that callers and agents feel, measured on one idle system and printed, not judged.

Each is taken from what arrives at a telephone, by the kernel's own stamps: nothing is asked of the
system about itself.
"""

import asyncio

import pytest

from ivrengine.softphone.hearing.figures import digit_to_prompt_s
from ivrengine.softphone.sip.call import CallState
from tests.functional.conftest import NewAgent, NewCaller, order
from tests.kit.instance import Instance
from tests.kit.measures import Measures
from tests.kit.person import Caller
from tests.kit.walks import NUMBER, asks_for_trading, comes_to_the_menu

pytestmark = [pytest.mark.functional, pytest.mark.timeout(120)]

SAMPLES = 12

SERVED_BY_NOBODY = "13900000015"
"""A caller without a last agent, for whom the queue would hold the others back."""


async def test_from_a_key_to_the_first_frame_of_the_next_prompt(
    caller: Caller, measures: Measures
) -> None:
    await comes_to_the_menu(caller)
    for _ in range(SAMPLES):
        await asyncio.sleep(0.5)
        press = await caller.presses("4")
        heard = await caller.hears("mailbox.menu")
        measures.note("digit to first frame of the next prompt", digit_to_prompt_s(press, heard))
        await caller.presses("**")
        await caller.hears("menu.main")
    await caller.hangs_up()


async def test_from_the_invite_to_the_answer_and_the_first_sound(
    caller: Caller, measures: Measures
) -> None:
    for _ in range(SAMPLES):
        loop = asyncio.get_running_loop()
        dialled_at = loop.time()
        call = caller.phone.start_call(NUMBER)
        assert await call.reaches(CallState.TALKING, within_s=5.0)
        assert call.answered_at is not None
        measures.note("INVITE to 200", call.answered_at - dialled_at)
        heard = await caller.hears("welcome.greeting")
        measures.note("answer to first audio", max(0.0, heard.began_at - call.answered_at))
        await caller.hangs_up()


async def test_from_an_agent_becoming_ready_to_the_ringing_telephone(
    instance: Instance, agent: NewAgent, new_caller: NewCaller, measures: Measures
) -> None:
    caller = await new_caller(SERVED_BY_NOBODY)
    numbers = range(8001, 8001 + SAMPLES)
    attendants = [await agent(number) for number in numbers]
    for number in numbers:
        await order(instance, number, "login")
    await comes_to_the_menu(caller)
    await asks_for_trading(caller)
    loop = asyncio.get_running_loop()
    for number, attendant in zip(numbers, attendants, strict=True):
        ready_at = loop.time()
        ordered = asyncio.ensure_future(order(instance, number, "ready"))
        ringing = await attendant.rings(within_s=5.0)
        measures.note("agent ready (over HTTP) to ringing", loop.time() - ready_at)
        await ordered
        ringing.refuse(486, "Busy Here")
        await ringing.wait_until_ended(within_s=5.0)
    await caller.hangs_up()
