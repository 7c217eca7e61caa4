"""What calls need of the world besides the softswitch: where facts go and come from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ivrengine.calls.facts import AnyFact, Timeline
from ivrengine.services.callers import STRANGER, CallerProfile
from ivrengine.values import CallId, PhoneNumber

FactSubscriber = Callable[[AnyFact], None]
"""Takes one fact at once; must neither wait nor raise."""


class KnownCallers(Protocol):
    """Knows callers by their number alone, at once: it is asked before the answer.

    A number proves nothing, so this decides about lines and never about what a caller may do.
    """

    def presumed(self, caller: PhoneNumber) -> CallerProfile:
        """Return who calls from this number as a rule, a stranger when nobody knows."""
        ...


class Strangers:
    """Knows nobody: every caller is an ordinary one."""

    def presumed(self, caller: PhoneNumber) -> CallerProfile:
        """Return that of this caller nothing is known."""
        return STRANGER


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSummary:
    """One row of the list of calls; times are epoch seconds, 0.0 for what did not happen.

    ``caller`` is the far end also of an ``outgoing`` call, and ``dialled`` the number shown there.
    """

    call: CallId
    started_at: float
    answered_at: float
    ended_at: float
    caller: str
    dialled: str
    trunk: str
    caller_class: str
    language: str
    queue: str
    agent: str
    outcome: str
    ended_by: str
    recordings: tuple[str, ...] = ()
    outgoing: bool = False


class CallRecords(Protocol):
    """The record of all calls, kept in a database."""

    async def append(self, facts: Sequence[AnyFact]) -> None:
        """Keep facts; one that equals a fact already kept is kept once.

        Raises:
            StorageError: nothing of this batch was kept; the same batch may be tried again.
        """
        ...

    async def summaries(self, *, since: float, number: str, limit: int) -> Sequence[CallSummary]:
        """List calls that began at or after ``since``, newest first.

        ``number`` limits the list to calls from or to that number or agent; empty means all.
        """
        ...

    async def timeline(self, call: CallId) -> Timeline | None:
        """Return a call's facts in order, None for an unknown call."""
        ...
