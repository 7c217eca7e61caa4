"""Where a node leads: to a node of its flow, or by a way that is found while the call runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ivrengine.flow.speech_lines import Speech


class Way(StrEnum):
    """A target that is found while the call runs, by its name in flow files."""

    BACK = "@back"
    """The menu before this one; without any, the main menu."""
    MAIN = "@main"
    """The main menu, everything else forgotten."""
    PERSON = "@person"
    """The flow that leads to a person; coming back from it enters this node again."""
    OFFER = "@offer"
    """The flow that offers a person to a caller who cannot cope."""
    REPEAT = "@repeat"
    """This node from its beginning."""
    STAY = "@stay"
    """Go on with what is being done; only for keys while waiting."""
    HANG_UP = "@hang_up"
    """The end of the call, without another word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoTo:
    """On to a node of the same flow."""

    line: int
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One of the ways that the dialplan or the call's past decides."""

    line: int
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Back to an entry whose keys proved wrong: a round of it is counted as lost.

    ``speech`` is said instead of the entry's own ``no_match``.
    """

    line: int
    node: str
    speech: Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Another flow while the caller goes on waiting; only for keys while waiting.

    The search for a person goes on behind it: when that flow returns, the caller is where the
    search stands then, and an agent who answers ends it.
    """

    line: int
    flow: str


Target = GoTo | Take | Reject | Ask


GLOBAL_KEYS: Mapping[str, Way] = {
    "0": Way.PERSON,
    "*": Way.BACK,
    "#": Way.REPEAT,
    "**": Way.MAIN,
}
"""What keys mean in every menu, unless a menu leaves one of them out."""
