"""An agent's telephone loses its power: the caller is brought to the next, or let go on."""

import pytest

from tests.functional.conftest import NewAgent
from tests.kit.instance import Instance
from tests.kit.person import Caller
from tests.kit.records import record_of
from tests.kit.walks import PATIENCE_S, asks_for_trading, comes_to_the_menu, is_joined

pytestmark = [pytest.mark.functional, pytest.mark.timeout(120)]


async def test_while_ringing_and_the_next_agent_is_rung(
    instance: Instance, ready_agent: NewAgent, caller: Caller
) -> None:
    doomed = await ready_agent(8001)
    await comes_to_the_menu(caller)
    await asks_for_trading(caller)
    await doomed.rings(within_s=PATIENCE_S)
    mark = instance.log.mark()
    doomed.vanishes()
    spare = await ready_agent(8002)
    await is_joined(caller, spare)
    await caller.hangs_up()
    record = await record_of(instance.api, caller.phone.settings.user)
    [failed] = record.of_kind("offer-failed")
    assert failed["agent"] == "8001"
    told = [line for line in instance.log.lines(mark) if line.get("subject") == "8001"]
    assert told, "nothing was logged of the agent"


async def test_while_talking_and_the_caller_is_told_so_and_waits_for_the_next(
    instance: Instance, ready_agent: NewAgent, caller: Caller
) -> None:
    doomed = await ready_agent(8001)
    await comes_to_the_menu(caller)
    await asks_for_trading(caller)
    await is_joined(caller, doomed)
    doomed.vanishes()
    await caller.hears("talk.interrupted", language="zh", within_s=30)
    await caller.hears_music(within_s=30)
    await caller.hangs_up()
    record = await record_of(instance.api, caller.phone.settings.user)
    assert record.fields["outcome"] == "answered"
    assert record.of_kind("recording-kept")
    assert [left["by"] for left in record.of_kind("person-left")] == ["system"]
