"""What real callers hear while they wait: the place, the wait, and the place kept."""

import pytest

from tests.functional.conftest import CALLER_NUMBER, NewAgent, NewCaller, order
from tests.kit.instance import Instance
from tests.kit.person import Caller
from tests.kit.records import record_of
from tests.kit.walks import PATIENCE_S, asks_for_trading, is_joined, waits_for_trading

pytestmark = [pytest.mark.functional, pytest.mark.timeout(120)]

OTHER = "13900000002"


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_caller_hears_the_place_and_how_long_it_will_take(
    instance: Instance,
    ready_agent: NewAgent,
    caller: Caller,
    new_caller: NewCaller,
    language: str,
) -> None:
    attendant = await ready_agent(8001)
    talker = await new_caller(OTHER)
    await waits_for_trading(talker, language)
    await is_joined(talker, attendant, language)
    await waits_for_trading(caller, language)
    await caller.hears_in_order(
        "queue.position_lead", "num.1", "queue.position_tail", language=language
    )
    await caller.hears("queue.expected_lead", language=language, to_the_end=True)
    await caller.hears("queue.expected_tail", language=language, to_the_end=True)
    await caller.hangs_up()
    await talker.hangs_up()
    record = await record_of(instance.api, CALLER_NUMBER)
    (told,) = record.of_kind("wait-announced")
    assert told["position"] == 1
    assert told["expected_s"] >= 60


async def test_no_wait_is_promised_while_nobody_is_ready(
    instance: Instance, present_agent: NewAgent, caller: Caller
) -> None:
    await present_agent(8001)
    await waits_for_trading(caller, "en")
    await caller.hears("queue.position_tail", language="en")
    await caller.hears("queue.keys_callback", language="en")
    await caller.hangs_up()
    record = await record_of(instance.api, CALLER_NUMBER)
    assert record.of_kind("wait-announced") == []


async def test_who_goes_to_the_menus_and_comes_back_is_still_the_first_in_line(
    instance: Instance, present_agent: NewAgent, caller: Caller, new_caller: NewCaller
) -> None:
    attendant = await present_agent(8001)
    await waits_for_trading(caller, "en")
    later = await new_caller(OTHER)
    await waits_for_trading(later, "en")
    await caller.presses("*")
    await caller.hears("menu.main", language="en")
    await asks_for_trading(caller, "en")
    await caller.hears_in_order(
        "queue.position_lead", "num.1", "queue.position_tail", language="en", within_s=PATIENCE_S
    )
    await order(instance, 8001, "ready")
    await is_joined(caller, attendant, "en")
    await caller.hangs_up()
    await later.hangs_up()
    first, again = (await record_of(instance.api, CALLER_NUMBER)).of_kind("person-sought")
    assert again["since"] == first["since"]
