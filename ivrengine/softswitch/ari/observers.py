"""What the adapter tells those who count: durations of orders, lost events, changes of health."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ivrengine.softswitch.ari.health import SwitchHealth


class DropCause(StrEnum):
    """Why something that Asterisk sent was not passed on."""

    UNREADABLE = "unreadable"
    """Not JSON, or a field is missing or of a wrong type."""
    UNKNOWN_TYPE = "unknown-type"
    """An event that this adapter has never heard of."""
    LATE = "late"
    """It concerns a leg that has ended."""
    DUPLICATE = "duplicate"
    """It was said already."""
    UNEXPECTED = "unexpected"
    """Readable, but it makes no sense here."""
    SINK_FAILED = "sink-failed"
    """A subscriber raised, which it must not."""


def _ignore_request(operation: str, seconds: float) -> None:
    """Count nothing."""


def _ignore_drop(cause: DropCause) -> None:
    """Count nothing."""


def _ignore_health(health: SwitchHealth) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AriObservers:
    """Called at once and often; none may wait or raise."""

    request: Callable[[str, float], None] = _ignore_request
    """Operation and its duration in seconds, for every order whether or not it succeeded."""
    dropped: Callable[[DropCause], None] = _ignore_drop
    health: Callable[[SwitchHealth], None] = _ignore_health
