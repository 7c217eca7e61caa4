"""Takes the score that a caller keys after a conversation."""

from ivrengine.services.ratings.model import OutOfScale, Rated, Rating, RatingAnswer
from ivrengine.services.ratings.ports import RatingStore
from ivrengine.services.ratings.rules import is_on_scale
from ivrengine.services.ratings.speech import RATE, spoken
from ivrengine.services.registry import Action, ActionContext, ActionResult, Arguments
from ivrengine.values import AgentNumber


class Ratings:
    """The action ``calls.rate``."""

    def __init__(self, ratings: RatingStore) -> None:
        self._ratings = ratings

    def actions(self) -> tuple[Action, ...]:
        """Return what flows can ask of the ratings."""
        return (Action(name="calls.rate", spec=RATE, run=self._rate),)

    async def rate(self, rating: Rating) -> RatingAnswer:
        """Keep a rating if its score is on the scale.

        Raises:
            StorageError: it may not have been kept.
        """
        if not is_on_scale(rating.score):
            return OutOfScale()
        await self._ratings.add(rating)
        return Rated(rating=rating)

    async def _rate(self, context: ActionContext, arguments: Arguments) -> ActionResult:
        rating = Rating(
            call=context.call,
            agent=AgentNumber(arguments.text("agent")),
            score=arguments.whole("score"),
            rated_at=context.now,
        )
        return spoken(await self.rate(rating))
