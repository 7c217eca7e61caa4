"""What becomes of a caller whose conversation is over while the caller is still there."""

from dataclasses import dataclass

from ivrengine.calls.fact import Side
from ivrengine.calls.talk.orders import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Somebody to look for next, for at most ``within_s`` seconds; None waits without an end."""

    target: Target
    within_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Whoever served has hung up: the caller's flow goes on behind the conversation."""

    by: Side = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """The caller is led on: each way is tried until somebody comes.

    ``sorry`` tells that the conversation broke off by no will of either side.
    """

    ways: tuple[Way, ...]
    sorry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ToMenu:
    """The caller goes to a flow, from its beginning; an empty name is the dialplan's entry."""

    flow: str


Departure = Served | Onward | ToMenu
