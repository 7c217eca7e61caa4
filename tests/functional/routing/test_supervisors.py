"""Supervisors pull and advance callers, and operators change rules, while telephones ring."""

import pytest

from ivrengine.softphone.sip.call import CallState
from tests.functional.conftest import NewAgent, order
from tests.functional.routing.conftest import Asks
from tests.functional.routing.floors import call_of, ceases, parts, picks_up
from tests.kit.api import Refused, asked
from tests.kit.instance import Instance
from tests.kit.person import Caller
from tests.kit.walks import hear_each_other

pytestmark = [pytest.mark.functional, pytest.mark.timeout(90)]

FIRST, SECOND = "13900000171", "13900000172"


async def moves(instance: Instance, caller: Caller, **to: object) -> None:
    """A supervisor's order for a caller who waits."""
    call = await call_of(instance, caller)
    await asked(lambda: instance.api.post(f"/api/contacts/{call}/move", to))


async def test_a_caller_is_pulled_to_an_agent_whom_the_rules_would_not_ring(
    ready_agent: NewAgent, instance: Instance, asks: Asks
) -> None:
    trainee = await ready_agent(8003)
    caller = await asks(FIRST, "experts")
    await caller.hears_music()
    assert not trainee.phone.calls
    await moves(instance, caller, agent="8003")
    await picks_up(trainee, caller)
    await parts(caller, trainee)


async def test_an_offer_is_withdrawn_when_the_caller_is_pulled_to_somebody_else(
    ready_agent: NewAgent, instance: Instance, asks: Asks
) -> None:
    first = await ready_agent(8001)
    second = await ready_agent(8002)
    caller = await asks(FIRST, "plain")
    bell = await first.rings()
    await moves(instance, caller, agent="8002")
    await ceases(bell)
    await picks_up(second, caller)
    await parts(caller, second)


async def test_a_caller_is_advanced_before_others(
    agent: NewAgent, instance: Instance, waits: Asks
) -> None:
    attendant = await agent(8001)
    await order(instance, 8001, "login")
    foremost = await waits(FIRST, "plain")
    urgent = await waits(SECOND, "plain")
    await moves(instance, urgent, band=0)
    await order(instance, 8001, "ready")
    await picks_up(attendant, urgent)
    assert foremost.call.state is CallState.TALKING
    await parts(urgent, attendant)
    await picks_up(attendant, foremost)
    await parts(foremost, attendant)


async def test_a_caller_who_talks_cannot_be_pulled_away(
    ready_agent: NewAgent, instance: Instance, asks: Asks
) -> None:
    first, second = await ready_agent(8001), await ready_agent(8002)
    caller = await asks(FIRST, "plain")
    await picks_up(first, caller)
    with pytest.raises(Refused) as refusal:
        await moves(instance, caller, agent="8002")
    assert refusal.value.status == 409
    await hear_each_other(caller, first)
    assert not second.phone.calls
    await parts(caller, first)


async def test_a_telephone_rings_on_and_may_be_answered_though_the_rules_no_longer_suit(
    ready_agent: NewAgent, instance: Instance, asks: Asks
) -> None:
    attendant = await ready_agent(8001)
    caller = await asks(FIRST, "plain")
    bell = await attendant.rings()
    try:
        await alters(instance, 8001, {"desk": None})
        await caller.waits(0.3)
        assert bell.state is CallState.RINGING
        bell.accept()
        await hear_each_other(caller, attendant)
        await parts(caller, attendant)
    finally:
        await alters(instance, 8001, {"desk": 1})


async def test_a_caller_who_hangs_up_as_the_rules_change_is_gone(
    ready_agent: NewAgent, instance: Instance, asks: Asks
) -> None:
    attendant = await ready_agent(8002)
    caller = await asks(FIRST, "experts")
    await caller.hangs_up()
    try:
        await alters(instance, 8002, {"trading": 3})
        following = await asks(SECOND, "experts")
        await picks_up(attendant, following)
        await parts(following, attendant)
        assert len(attendant.phone.calls) == 1
    finally:
        await alters(instance, 8002, {"trading": 1})


async def alters(instance: Instance, number: int, skills: dict[str, int | None]) -> None:
    """An operator alters what an agent can do, over the API."""
    address = f"/api/agents/{number}"
    await asked(lambda: instance.api.text("PATCH", address, {"skills": skills}))
