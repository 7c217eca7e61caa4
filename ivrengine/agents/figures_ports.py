"""Where figures of intervals gone by are kept, as the agents' side asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from acd.kpis.kpis import Tallies


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyBatch:
    """Tallies that were closed together; ``id`` tells the batch from every other."""

    id: str
    tallies: Tallies


class TallyStore(Protocol):
    """Keeps batches of tallies; those of one subject and interval are to be added up."""

    async def add(self, batch: TallyBatch) -> None:
        """Keep a batch, once.

        Raises:
            StorageError: nothing of it was kept; the same batch may be tried again.
        """
        ...

    async def between(self, begin_s: float, end_s: float) -> Sequence[TallyBatch]:
        """Return what is kept of intervals that began from ``begin_s`` to before ``end_s``.

        Raises:
            StorageError: it could not be read.
        """
        ...
