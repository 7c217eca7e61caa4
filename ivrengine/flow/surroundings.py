"""What flows find around them: prompts, actions and queues that exist, as the linter asks for them.

The flow engine knows neither the catalogue nor the services nor the agents; whoever starts it
hands in what they offer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ivrengine.values import Language, PromptId


class ActionShape(Protocol):
    """What an action takes and gives. The kinds of values are words.

    They are ``text``, ``whole``, ``decimal``, ``yes-no``, ``moment``, ``prompt`` and ``secret``.
    """

    @property
    def arguments(self) -> Mapping[str, str]:
        """Return what must be given, by name."""
        ...

    @property
    def optional(self) -> Mapping[str, str]:
        """Return what may be given, by name."""
        ...

    @property
    def outcomes(self) -> Sequence[str]:
        """Return its own outcomes, ``error`` and ``timeout`` aside."""
        ...

    @property
    def values(self) -> Mapping[str, str]:
        """Return what comes with the outcome ``ok``, by name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What exists: prompts in a language, actions by name, queues by name."""

    has_prompt: Callable[[PromptId, Language], bool]
    actions: Mapping[str, ActionShape] = field(default_factory=dict)
    queues: frozenset[str] = frozenset()
