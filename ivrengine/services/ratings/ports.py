"""What ratings need of the world: a store."""

from collections.abc import Sequence
from typing import Protocol

from ivrengine.services.ratings.model import Rating


class RatingStore(Protocol):
    """Keeps ratings, one for each call and agent."""

    async def add(self, rating: Rating) -> None:
        """Keep a rating; a later one of the same call and agent takes its place.

        Raises:
            StorageError: it is not known whether it was kept; adding it again is safe.
        """
        ...

    async def since(self, at: float) -> Sequence[Rating]:
        """Return the ratings given at or after ``at`` (epoch seconds), oldest first.

        Raises:
            StorageError: the store cannot be read.
        """
        ...
