"""Orders that a call cannot do without: given again until the softswitch answers.

A softswitch that is out of reach for a while then costs a caller time and nothing else: the call
stands still, its events wait in the inbox, and it goes on in order. An order that is under way
when the call ends is seen through, so that none takes effect behind the back of the clearing up.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

import structlog

from ivrengine.errors import SwitchRefused, SwitchUnavailable

log = structlog.get_logger(__name__)

Order = ParamSpec("Order")
Given = Coroutine[Any, Any, None]

RETRY_S = 1.0
"""Pause before an order is given again."""


async def insist(order: Callable[Order, Given], *args: Order.args, **kwargs: Order.kwargs) -> None:
    """Give an order until there is an answer to it.

    Raises:
        LegGone: the leg has hung up.
        SwitchRefused: the softswitch does not do it.
    """
    while True:
        try:
            await _see_through(order(*args, **kwargs))
            return
        except SwitchUnavailable as fault:
            log.warning("order_not_answered", fault=str(fault))
        await asyncio.sleep(RETRY_S)


async def attempt(order: Callable[Order, Given], *args: Order.args, **kwargs: Order.kwargs) -> bool:
    """Insist on an order that the call can go on without; tell whether it was carried out.

    Raises:
        LegGone: the leg has hung up.
    """
    try:
        await insist(order, *args, **kwargs)
    except SwitchRefused as fault:
        log.error("order_refused", fault=str(fault))
        return False
    return True


async def once(order: Callable[Order, Given], *args: Order.args, **kwargs: Order.kwargs) -> None:
    """Give an order once and see it through.

    Raises:
        TelephonyError: it was not carried out, as far as anybody knows.
    """
    await _see_through(order(*args, **kwargs))


async def _see_through(given: Given) -> None:
    under_way = asyncio.ensure_future(given)
    try:
        await asyncio.shield(under_way)
    except asyncio.CancelledError:
        # The order has a deadline of its own, so this does not take long.
        await asyncio.gather(under_way, return_exceptions=True)
        raise
