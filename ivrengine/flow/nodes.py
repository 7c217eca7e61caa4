"""The kinds of nodes that a flow is made of.

A new kind of node is a new class here, a reader in ``node_readers``, its parts in ``anatomy`` and a
behaviour: the type checker names every place that has to know it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from acd.requirements import Requirement
from ivrengine.flow.expressions import Expression
from ivrengine.flow.speech_lines import Speech
from ivrengine.flow.targets import Target
from ivrengine.values import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long things are waited for, in seconds.

    The first three are the digit times: they never run together. A node may have its own, down to
    ``second_star_s``; the others belong to the dialplan.
    """

    first_key_s: float = 8.0
    """From the end of the prompt to the first key; that key ends it for good."""
    next_key_s: float = 5.0
    """From each key to the next one."""
    terminator_s: float = 2.0
    """How long after a full entry a ``#`` still belongs to it and is swallowed."""
    entry_s: float = 60.0
    """From an entry's first key to its end, however steadily keys arrive."""
    second_star_s: float = 0.8
    """How long a ``*`` in a menu waits for a second one before it means one level back."""
    speech_limit_s: float = 200.0
    """When a playback that does not report its end counts as ended."""
    answer_grace_s: float = 2.0
    """How long after its own deadline an order that was not answered counts as failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """What is said after an empty or wrong round, and how many there may be.

    The lists escalate: each counts its own rounds, and the last member stays.
    """

    most: int = 3
    no_input: tuple[Speech, ...] = ()
    no_match: tuple[Speech, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeBase:
    """What every node has."""

    name: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayNode(NodeBase):
    """Says something and goes on. ``flush`` forgets keys that were pressed early.

    Here and in other nodes, ``on_hang_up`` names an act node: its service is asked when the caller
    hangs up at this node, and nobody hears the answer.
    """

    speech: Speech
    flush: bool
    next: Target
    on_hang_up: Target | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuNode(NodeBase):
    """Offers a choice by key. The longest choice that fits is taken.

    ``silence`` is taken when nothing is pressed, instead of a lost round. ``level`` tells that
    ``*`` from further on leads back here. ``global_keys`` are those that mean here what they mean
    in every menu.
    """

    speech: Speech
    reprompt: Speech
    choices: Mapping[str, Target]
    silence: Target | None
    exhausted: Target
    back: Target
    global_keys: frozenset[str]
    level: bool
    timing: Timing
    rounds: Rounds
    flush: bool
    on_hang_up: Target | None


class EntryType(StrEnum):
    """What an entry of keys stands for; the value of a member is its name in flow files."""

    DIGITS = "digits"
    """Digits as a text, with their leading zeros."""
    INTEGER = "integer"
    """A whole number."""
    DECIMAL = "decimal"
    """A number in which ``*`` is the point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectNode(NodeBase):
    """Takes an entry of ``least`` to ``most`` digits into a variable.

    ``check`` sees the new value under its variable's name. The value of a ``secret`` entry is
    never seen by anything but the service it is handed to.
    """

    variable: str
    entry: EntryType
    least: int
    most: int
    places: int
    check: Expression | None
    secret: bool
    speech: Speech
    reprompt: Speech
    exhausted: Target
    back: Target
    timing: Timing
    rounds: Rounds
    flush: bool
    next: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One branch: its condition, and where it leads."""

    when: Expression
    target: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchNode(NodeBase):
    """Takes the first case whose condition is true."""

    cases: tuple[Case, ...]
    otherwise: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class SetNode(NodeBase):
    """Fills variables, in the order written."""

    assignments: Mapping[str, Expression]
    next: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNode(NodeBase):
    """Runs another flow and goes on with what it returns; ``into`` maps variables to returns."""

    flow: str
    arguments: Mapping[str, Expression]
    into: Mapping[str, str]
    next: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnNode(NodeBase):
    """Ends this flow and hands values to the one that called it."""

    values: Mapping[str, Expression]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActNode(NodeBase):
    """Asks a service. ``into`` maps variables to the names of the answer's values.

    ``filler`` is said when the answer takes longer than ``filler_after_s``, and ends with it.
    """

    action: str
    arguments: Mapping[str, Expression]
    into: Mapping[str, str]
    filler: Speech
    filler_after_s: float
    deadline_s: float
    outcomes: Mapping[str, Target]


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableName:
    """Stands for a word that a variable holds."""

    variable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a caller is told who has waited ``from_s``, and how often.

    The first time comes ``first_after_s`` after that, or after the search began. ``position`` and
    ``expected_wait`` are variables in it. ``music`` sounds meanwhile, empty for the node's own.
    """

    speech: Speech = ()
    from_s: float = 0.0
    first_after_s: float = 10.0
    every_s: float = 30.0
    music: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A requirement of the agent, or a variable that holds one, where ``when`` is true."""

    requirement: Requirement | VariableName
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefers:
    """Whom the caller had rather; see ``effects.Preference``."""

    agent: str | VariableName | None
    last_agent: bool
    needs: tuple[Need, ...]
    for_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingKey:
    """A key of a waiting caller, which does nothing unless ``when`` is true."""

    target: Target
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekNode(NodeBase):
    """Brings the caller to a person: any of a queue, or one agent (exactly one is given).

    ``news`` are told one after the other, each in place of the one before. ``takes_callback`` says
    whether a caller who waits for a callback takes its place without being asked.
    """

    queue: str | VariableName | None
    agent: str | VariableName | None
    needs: tuple[Need, ...]
    prefers: Prefers | None
    band: int | None
    takes_callback: Expression
    speech: Speech
    announcement: Speech
    news: tuple[News, ...]
    keys: Mapping[str, WaitingKey]
    recorded: bool
    music_class: str
    max_wait_s: float
    outcomes: Mapping[str, Target]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackNode(NodeBase):
    """Has the caller called back who waits behind the flow of this node.

    When it is promised, the search ends with the outcome ``callback``; ``failed`` is taken when it
    cannot be.
    """

    number: Expression
    failed: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNode(NodeBase):
    """Records the caller into a variable until ``#``; less than ``min_s`` counts as nothing.

    A caller who hangs up ends the recording too: ``on_hang_up`` follows when there is one.
    """

    variable: str
    speech: Speech
    min_s: float
    max_s: float
    max_silence_s: float
    beep: bool
    nothing: Target
    next: Target
    on_hang_up: Target | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageNode(NodeBase):
    """Speaks another language from here on."""

    language: Language
    next: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUpNode(NodeBase):
    """Says a last word and ends the call."""

    speech: Speech


Node = (
    PlayNode
    | MenuNode
    | CollectNode
    | SwitchNode
    | SetNode
    | CallNode
    | ReturnNode
    | ActNode
    | SeekNode
    | CallBackNode
    | RecordNode
    | LanguageNode
    | HangUpNode
)
