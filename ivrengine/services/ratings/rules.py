"""Which scores can be given."""

LOWEST_SCORE = 1
HIGHEST_SCORE = 5


def is_on_scale(score: int) -> bool:
    """Tell whether a score is one of those that callers are asked for."""
    return LOWEST_SCORE <= score <= HIGHEST_SCORE
