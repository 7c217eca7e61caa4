"""Counts wrong PINs where they outlast a restart, and in memory while that is out of reach."""

import asyncio

import structlog

from ivrengine.errors import StorageError
from ivrengine.services.customers.memory import MemoryWrongPins
from ivrengine.services.customers.model import CustomerNumber, WrongInARow
from ivrengine.services.customers.ports import WrongPins

log = structlog.get_logger(__name__)

ASKED_WITHIN_S = 1.0
"""A store that takes longer counts as away: a caller waits for this, several times over."""


class CountedTwice:
    """A store of wrong PINs that never fails.

    While the store behind it is away nobody is kept out who knows the PIN, and nobody may guess
    without end: what this process has seen counts.

    Args:
        store: what outlasts this process.
    """

    def __init__(self, store: WrongPins) -> None:
        self._store = store
        self._seen = MemoryWrongPins()

    async def of(self, number: CustomerNumber) -> WrongInARow:
        """Return the larger of both counts."""
        seen = await self._seen.of(number)
        try:
            async with asyncio.timeout(ASKED_WITHIN_S):
                kept = await self._store.of(number)
        except (StorageError, TimeoutError) as fault:
            log.error("wrong_pins_not_read", fault=str(fault))
            return seen
        return max(seen, kept, key=lambda wrong: wrong.count)

    async def wrong(self, number: CustomerNumber, at: float) -> int:
        """Count a try in both; return the larger count with it."""
        seen = await self._seen.wrong(number, at)
        try:
            async with asyncio.timeout(ASKED_WITHIN_S):
                return max(seen, await self._store.wrong(number, at))
        except (StorageError, TimeoutError) as fault:
            log.error("wrong_pin_not_kept", fault=str(fault))
            return seen

    async def right(self, number: CustomerNumber) -> None:
        """Forget in both what was wrong before a right PIN."""
        await self._seen.right(number)
        try:
            async with asyncio.timeout(ASKED_WITHIN_S):
                await self._store.right(number)
        except (StorageError, TimeoutError) as fault:
            log.error("wrong_pins_not_forgotten", fault=str(fault))
