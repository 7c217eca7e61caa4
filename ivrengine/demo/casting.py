"""Who plays the agent in the demonstration, and about what, so that nobody at work is disturbed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

TOPIC_KEYS: Final[Mapping[str, str]] = {
    "trading": "1",
    "advice": "2",
    "complaints": "3",
    "technical": "4",
    "general": "0",
}
"""What the caller presses for a queue, in the order in which the demonstration prefers them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An agent as far as casting looks."""

    number: str
    queues: Collection[str]
    is_logged_in: bool
    has_telephone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """The agent to play, and the key that brings the caller to a queue of only that agent."""

    desk: Desk
    topic: str
    key: str


def cast(desks: Sequence[Desk], waiting: Collection[str]) -> Role | None:
    """Return a role in which no other agent and no waiting caller is met; None when there is none.

    ``waiting`` names the queues in which callers wait. Agents with high numbers are preferred:
    people try the low ones first.
    """
    staffed = {
        queue for desk in desks if desk.is_logged_in and desk.has_telephone for queue in desk.queues
    }
    for desk in sorted(desks, key=lambda each: each.number, reverse=True):
        free = not (desk.is_logged_in or desk.has_telephone)
        if free and not any(queue in waiting for queue in desk.queues):
            for topic, key in TOPIC_KEYS.items():
                if topic in desk.queues and topic not in staffed:
                    return Role(desk=desk, topic=topic, key=key)
    return None
