"""PINs as Argon2id hashes (RFC 9106), made and checked beside the event loop.

A PIN of six digits is found by trying all of them once its hash is out, however slow the hash. So
the list of customers is to be kept like the PINs themselves; the hash only keeps them from whoever
glances at it.
"""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from ivrengine.services.customers.model import PinHash
from ivrengine.values import Secret

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Some 25 ms and 19 MB for each PIN, so that many callers can key theirs at the same time."""


def hash_pin(pin: Secret) -> PinHash:
    """Return what is kept of a PIN; takes some 25 ms of the processor."""
    return Secret(_HASHER.hash(pin.reveal()))


def is_pin(pin: Secret, kept: PinHash) -> bool:
    """Tell whether a PIN is the one that is kept; takes some 25 ms of the processor."""
    try:
        return _HASHER.verify(kept.reveal(), pin.reveal())
    except VerifyMismatchError:
        return False


class PinChecks:
    """Checks PINs in threads, a few at a time: Argon2 lets go of the interpreter meanwhile."""

    def __init__(self, *, at_once: int) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._nobodys = hash_pin(Secret("no PIN has letters"))

    async def fits(self, pin: Secret, kept: PinHash | None) -> bool:
        """Tell whether ``pin`` is the one that is kept.

        Where nothing is kept the answer is no, and takes as long as any other.
        """
        async with self._free:
            right = await asyncio.to_thread(is_pin, pin, kept or self._nobodys)
        return right and kept is not None
