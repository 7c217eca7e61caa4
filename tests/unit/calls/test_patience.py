"""Orders that are given until they are answered, and seen through to their end."""

import asyncio

import pytest

from ivrengine.calls.patience import RETRY_S, attempt, insist
from ivrengine.errors import LegGone, SwitchRefused, SwitchUnavailable

pytestmark = [pytest.mark.unit, pytest.mark.looptime]


class Order:
    """An order that is answered as told, and takes a second each time."""

    def __init__(self, *answers: Exception | None) -> None:
        self.answers = list(answers)
        self.given: list[str] = []
        self.done: list[str] = []

    async def __call__(self, leg: str) -> None:
        self.given.append(leg)
        await asyncio.sleep(1)
        self.done.append(leg)
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer


async def test_an_order_is_repeated_until_it_is_answered() -> None:
    order = Order(SwitchUnavailable("no answer"), SwitchUnavailable("no answer"))
    began_at = asyncio.get_running_loop().time()
    await insist(order, "leg")
    assert order.given == ["leg"] * 3
    assert asyncio.get_running_loop().time() - began_at == 3 + 2 * RETRY_S


@pytest.mark.parametrize("fault", [LegGone("gone"), SwitchRefused("no", status=500)])
async def test_an_answer_of_another_kind_ends_it(fault: Exception) -> None:
    order = Order(fault)
    with pytest.raises(type(fault)):
        await insist(order, "leg")
    assert order.given == ["leg"]


async def test_an_order_that_is_only_attempted_may_be_refused() -> None:
    assert not await attempt(Order(SwitchRefused("no", status=500)), "leg")
    assert await attempt(Order(SwitchUnavailable("no answer")), "leg")
    with pytest.raises(LegGone):
        await attempt(Order(LegGone("gone")), "leg")


async def test_an_order_under_way_is_seen_through_when_its_call_ends() -> None:
    order = Order()
    call = asyncio.ensure_future(insist(order, "leg"))
    await asyncio.sleep(0.5)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert order.done == ["leg"]


async def test_no_order_is_repeated_after_its_call_ended() -> None:
    order = Order(SwitchUnavailable("no answer"))
    call = asyncio.ensure_future(insist(order, "leg"))
    await asyncio.sleep(1.5)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await asyncio.sleep(5)
    assert order.given == ["leg"]
