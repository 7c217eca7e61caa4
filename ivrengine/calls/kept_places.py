"""The places of a caller who went from a queue to the menus, kept for a while."""

from dataclasses import dataclass

from ivrengine.flow.effects import Seek


@dataclass(frozen=True, slots=True, kw_only=True)
class _Left:
    since: float
    at: float


class KeptPlaces:
    """Remembers since when one call waited for whom, and when it left. Times are epoch seconds."""

    def __init__(self) -> None:
        self._left: dict[str, _Left] = {}

    def left(self, asked: Seek, *, since: float, at: float) -> None:
        """Take note that the caller left a line at ``at``, who had waited there ``since``."""
        self._left[_line_of(asked)] = _Left(since=since, at=at)

    def take(self, asked: Seek, *, now: float, keeps_place_s: float) -> float | None:
        """Return since when the wait counts for one who comes back, None when it begins anew."""
        left = self._left.pop(_line_of(asked), None)
        if left is None or now - left.at > keeps_place_s:
            return None
        return left.since


def _line_of(asked: Seek) -> str:
    return asked.queue or f"agent:{asked.agent}"
