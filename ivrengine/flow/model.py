"""A set of flows as the stepper takes it: files, variables, and what all of them share.

Everything here is checked for its form by ``loader`` and for its sense by ``linter``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivrengine.flow.nodes import Node, Rounds, Timing
from ivrengine.flow.variables import VarType
from ivrengine.values import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One file: a graph of nodes with variables of its own.

    ``arguments`` are the variables that a caller of this flow fills; ``returns`` are the names and
    types that it hands back. ``version`` is a hash of what the file says, comments aside.
    """

    name: str
    file: str
    line: int
    version: str
    start: str
    arguments: Mapping[str, VarType]
    variables: Mapping[str, VarType]
    returns: Mapping[str, VarType]
    nodes: Mapping[str, Node]

    @property
    def types(self) -> Mapping[str, VarType]:
        """Types of all variables that nodes of this flow may name."""
        return {**self.arguments, **self.variables, **BUILT_IN}


BUILT_IN: Mapping[str, VarType] = {
    "language": VarType.TEXT,
    "caller": VarType.TEXT,
    "agent": VarType.TEXT,
    "position": VarType.INTEGER,
    "waited": VarType.INTEGER,
    "expected_wait": VarType.INTEGER,
    "takes_longer": VarType.FLAG,
    "callback_offered": VarType.FLAG,
}
"""Variables that every flow has and none may fill.

They are the caller's language and number (empty when it is withheld), and the number of the agent
who served the caller last (empty before the first). The others are about the wait: the place in the
queue, the seconds waited, and the seconds that it will take at most (0 while not known); whether
that is more than the caller was told before; whether the caller may be called back instead.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialplan:
    """What the flows of one business line share. The flows named here lead a call on.

    ``main`` is the node of the flow ``entry`` that is the main menu. ``spent`` is entered when a
    call has taken ``max_steps`` steps, and ``trouble`` when a node cannot do its work; both get
    ``last_steps`` more before the call is ended.
    """

    name: str
    file: str
    line: int
    entry: str
    main: str
    person: str
    offer: str
    spent: str
    trouble: str
    languages: tuple[Language, ...]
    timing: Timing = field(default_factory=Timing)
    menu_rounds: Rounds = field(default_factory=Rounds)
    entry_rounds: Rounds = field(default_factory=Rounds)
    max_steps: int = 500
    last_steps: int = 40

    @property
    def special_flows(self) -> Mapping[str, str]:
        """The flows that lead a call on, by the field that names them."""
        return {
            "entry": self.entry,
            "person": self.person,
            "offer": self.offer,
            "spent": self.spent,
            "trouble": self.trouble,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSet:
    """All flows of a business line. A call keeps the set that it began with to its end.

    ``version`` is a hash over what all files say; its first twelve digits are shown to people.
    """

    dialplan: Dialplan
    flows: Mapping[str, Flow]
    version: str

    @property
    def short_version(self) -> str:
        """The version as people see it."""
        return self.version[:12]

    def node(self, flow: str, name: str) -> Node:
        """Return a node that is known to be there."""
        return self.flows[flow].nodes[name]
