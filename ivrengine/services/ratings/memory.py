"""Ratings in memory, for whole-call tests and for the terminal simulator."""

from collections.abc import Sequence

from ivrengine.services.ratings.model import Rating
from ivrengine.values import AgentNumber, CallId


class MemoryRatings:
    """A :class:`~ivrengine.services.ratings.ports.RatingStore` that forgets at exit."""

    def __init__(self) -> None:
        self._ratings: dict[tuple[CallId, AgentNumber], Rating] = {}

    async def add(self, rating: Rating) -> None:
        """Keep a rating; a later one of the same call and agent takes its place."""
        self._ratings[rating.call, rating.agent] = rating

    async def since(self, at: float) -> Sequence[Rating]:
        """Return the ratings given at or after ``at``, oldest first."""
        recent = (rating for rating in self._ratings.values() if rating.rated_at >= at)
        return tuple(sorted(recent, key=lambda rating: rating.rated_at))
