"""What an operator has decided about lines, as values: groups, bands, refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.trunk_groups import LineClass, TrunkGroup
from ivrengine.telephony import HangUpCause
from ivrengine.values import PromptId


@dataclass(frozen=True, slots=True, kw_only=True)
class Apology:
    """What a refused caller is told before the end.

    Unless ``answered``, it is sent as early media (183 Session Progress, RFC 3960), for which a
    caller does not pay, and which some carriers do not let through.
    """

    prompts: tuple[PromptId, ...]
    answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """How a caller without a line is turned away.

    ``cause`` decides the answer in SIP. The apology is left out when no line can be spared for it.
    """

    cause: HangUpCause = HangUpCause.CONGESTION
    apology: Apology | None = None


PLAIN_REFUSAL = Refusal()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRules:
    """All rules that are in force together.

    ``bands`` holds the classes that wait in a band of their own, in place of their queue's.
    ``goes_out`` names the group for calls that go out; empty: none may.
    """

    groups: tuple[TrunkGroup, ...]
    bands: Mapping[LineClass, int] = field(default_factory=dict)
    refusals: Mapping[tuple[str, LineClass], Refusal] = field(default_factory=dict)
    goes_out: str = ""

    def refusal(self, trunk: str, line_class: LineClass) -> Refusal:
        """Return how callers of ``line_class`` are turned away from ``trunk``."""
        return self.refusals.get((trunk, line_class), PLAIN_REFUSAL)
