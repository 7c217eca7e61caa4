"""A caller asks for an agent by number: joined, kept waiting, or told that nobody is there."""

import pytest

from tests.functional.conftest import NewAgent, order
from tests.kit.instance import Instance
from tests.kit.person import Caller
from tests.kit.records import record_of
from tests.kit.walks import PATIENCE_S, comes_to_the_menu, is_joined

pytestmark = [pytest.mark.functional, pytest.mark.timeout(120)]


async def test_the_agent_with_that_number_answers(
    instance: Instance, ready_agent: NewAgent, caller: Caller
) -> None:
    others = await ready_agent(8001)
    wanted = await ready_agent(8013)
    await comes_to_the_menu(caller, "en")
    await caller.presses("5")
    await caller.hears("direct.ask_number", language="en")
    await caller.presses("8013#")
    await caller.hears("direct.connecting", language="en", to_the_end=True)
    await is_joined(caller, wanted, "en")
    await wanted.hangs_up()
    await caller.hears("rating.ask", language="en")
    await caller.presses("4")
    await caller.hears("rating.thanks", language="en", to_the_end=True)
    await caller.hangs_up()
    record = await record_of(instance.api, caller.phone.settings.user)
    assert (record.fields["agent"], record.fields["outcome"]) == ("8013", "answered")
    assert not others.phone.calls, "another agent was rung"


async def test_a_number_that_nobody_has_is_asked_for_again(caller: Caller) -> None:
    await comes_to_the_menu(caller)
    await caller.presses("5999#")
    await caller.hears("direct.wrong_number", language="zh", to_the_end=True)
    await caller.hears("direct.ask_number", language="zh")
    await caller.hangs_up()


async def test_an_agent_who_is_not_on_duty_leaves_a_choice(caller: Caller) -> None:
    await comes_to_the_menu(caller)
    await caller.presses("58013#")
    await caller.hears("direct.absent", language="zh", within_s=PATIENCE_S)
    await caller.presses("3")
    await caller.hears("mailbox.record", language="zh")
    await caller.hangs_up()


async def test_a_busy_agent_is_waited_for(
    instance: Instance, ready_agent: NewAgent, caller: Caller
) -> None:
    wanted = await ready_agent(8013)
    await order(instance, 8013, "not-ready", {"reason": "break"})
    await comes_to_the_menu(caller)
    await caller.presses("58013#")
    await caller.hears("direct.connecting", language="zh", to_the_end=True)
    await caller.hears_music()
    await caller.hears("direct.not_free", language="zh", within_s=PATIENCE_S)
    await caller.presses("1")
    await caller.hears_music()
    await order(instance, 8013, "ready")
    await is_joined(caller, wanted)
    await caller.hangs_up()
    await wanted.is_hung_up_on()
