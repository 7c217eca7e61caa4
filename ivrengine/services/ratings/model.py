"""A caller's score of one conversation."""

from dataclasses import dataclass

from ivrengine.values import AgentNumber, CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """A score from 1 to 5, 5 being the best; ``rated_at`` is epoch seconds.

    ``agent`` is who is rated; empty when the caller rated the call as a whole.
    """

    call: CallId
    agent: AgentNumber
    score: int
    rated_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """The score counts."""

    rating: Rating


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfScale:
    """The score is none that can be given; nothing was kept."""


RatingAnswer = Rated | OutOfScale
