"""Callers who wait, and whom they come to: places kept, the longest idle chosen, offers refused."""

import pytest

from ivrengine.softphone.sip.call import CallState
from tests.functional.conftest import NewAgent, NewCaller, order
from tests.kit.instance import Instance
from tests.kit.person import Caller
from tests.kit.records import record_of
from tests.kit.walks import (
    PATIENCE_S,
    asks_for_trading,
    comes_to_the_menu,
    is_joined,
    waits_for_trading,
)

pytestmark = [pytest.mark.functional, pytest.mark.timeout(150)]


async def test_star_leads_back_to_the_menus_and_from_there_to_the_queue_again(
    instance: Instance, agent: NewAgent, caller: Caller
) -> None:
    attendant = await agent(8001)
    await order(instance, 8001, "login")
    await waits_for_trading(caller, "en")
    await caller.presses("*")
    await caller.hears("menu.main", language="en")
    await asks_for_trading(caller, "en")
    await caller.hears_music()
    await order(instance, 8001, "ready")
    await is_joined(caller, attendant, "en")
    await caller.hangs_up()
    await attendant.is_hung_up_on()
    record = await record_of(instance.api, caller.phone.settings.user)
    [given_up] = record.of_kind("seek-given-up")
    assert given_up["outcome"] == "key"
    assert len(record.of_kind("person-sought")) == 2


async def test_a_caller_who_hangs_up_first_ends_the_agents_call(
    instance: Instance, ready_agent: NewAgent, caller: Caller
) -> None:
    attendant = await ready_agent(8001)
    await asks_for_a_person(caller)
    await is_joined(caller, attendant)
    await caller.hangs_up()
    await attendant.is_hung_up_on(within_s=2.0)
    record = await record_of(instance.api, caller.phone.settings.user)
    assert record.of_kind("person-left")[0]["by"] == "caller"


async def test_a_caller_who_gives_up_while_it_rings_stops_the_ringing(
    ready_agent: NewAgent, caller: Caller
) -> None:
    attendant = await ready_agent(8001)
    await asks_for_a_person(caller)
    ringing = await attendant.rings(within_s=PATIENCE_S)
    await caller.hangs_up()
    await ringing.wait_until_ended(within_s=2.0)


@pytest.mark.parametrize("fate", ["rejected", "unanswered"])
async def test_the_next_agent_gets_a_caller_who_kept_the_place(
    instance: Instance,
    ready_agent: NewAgent,
    new_caller: NewCaller,
    fate: str,
) -> None:
    unwilling = await ready_agent(8001)
    first, second = await new_caller("13900000031"), await new_caller("13900000032")
    mark = instance.log.mark()
    await asks_for_a_person(first)
    offered = await unwilling.rings(within_s=PATIENCE_S)
    await waits_for_trading(second)
    if fate == "rejected":
        offered.refuse(486, "Busy Here")
    else:
        await offered.wait_until_ended(within_s=PATIENCE_S)
    # Whoever comes before the engine knows that nobody picked up is the second caller's.
    await instance.log.tells("moved", since=mark, before="offered", after="queued")
    await first.hears_music()
    willing = await ready_agent(8002)
    await is_joined(first, willing)
    assert second.call.state is CallState.TALKING
    await first.hangs_up()
    await second.hangs_up()
    record = await record_of(instance.api, "13900000031")
    assert [offer["agent"] for offer in record.of_kind("person-offered")] == ["8001", "8002"]
    [failed] = record.of_kind("offer-failed")
    assert failed["agent"] == "8001"
    assert (await record_of(instance.api, "13900000032")).fields["agent"] == ""


async def test_the_longest_idle_agent_is_rung(
    instance: Instance, ready_agent: NewAgent, caller: Caller
) -> None:
    agents = [await ready_agent(number) for number in (8003, 8001, 8002)]
    await order(instance, 8003, "not-ready", {"reason": "break"})
    await order(instance, 8003, "ready")
    await asks_for_a_person(caller)
    await is_joined(caller, agents[1])
    assert not agents[0].phone.calls
    assert not agents[2].phone.calls
    await caller.hangs_up()


async def asks_for_a_person(caller: Caller) -> None:
    """Comes to the queue while an agent is ready; what rings is left to the test."""
    await comes_to_the_menu(caller)
    await asks_for_trading(caller)
