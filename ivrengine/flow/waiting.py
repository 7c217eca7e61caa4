"""What callers of one queue hear while they wait, as its operator set it: plain values.

A plan goes beside what the flow's own node says. Times count from the moment at which the caller
began to wait for the queue, wherever that was; all are in seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivrengine.values import Language, PromptId


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMusic:
    """The class of music that sounds from ``after_s`` on."""

    after_s: float
    music_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWords:
    """A prompt, said after ``after_s`` and then every ``every_s``, once without the latter.

    Callers of a language that ``prompts`` does not know hear nothing.
    """

    after_s: float
    every_s: float | None
    prompts: Mapping[Language, PromptId]
    barge_in: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFigure:
    """When a figure of the wait is said; one greater than ``at_most`` is kept from the caller."""

    after_s: float
    every_s: float
    at_most: float | None = None

    def may_be_said(self, figure: float) -> bool:
        """Tell whether callers are to hear ``figure``."""
        return figure > 0 and (self.at_most is None or figure <= self.at_most)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPlan:
    """One queue's plan. A figure that is set here is not said by the flow's node any more."""

    music: tuple[PlannedMusic, ...] = ()
    words: tuple[PlannedWords, ...] = ()
    position: PlannedFigure | None = None
    expected_wait: PlannedFigure | None = None

    def music_at(self, waited_s: float) -> str:
        """Return the class of music that is due after ``waited_s``, empty for the node's own."""
        due = (each.music_class for each in reversed(self.music) if each.after_s <= waited_s)
        return next(due, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a waiting caller stands at this moment, as far as it may be told.

    ``position`` counts from 1 and ``expected_wait_s`` is a round number of seconds; both are 0 when
    there is nothing to be told. ``takes_longer`` tells that the caller was promised less before.
    ``callback_offered`` tells that the caller may be called back instead.
    """

    waited_s: float = 0.0
    position: int = 0
    expected_wait_s: int = 0
    takes_longer: bool = False
    callback_offered: bool = False
    plan: WaitingPlan = field(default_factory=WaitingPlan)
