"""The calls that are up, as far as their facts tell: what a later fact leaves out, this knows."""

from collections.abc import Sequence

from ivrengine.calls.facts import AnyFact, CallAdmitted, CallEnded, PersonSought, Timeline
from ivrengine.calls.ports import CallSummary
from ivrengine.calls.summary import SUMMARISED, summarise
from ivrengine.values import CallId


class OpenCalls:
    """Follows the journal; a call is forgotten by :meth:`close`, which its end is to call."""

    def __init__(self) -> None:
        self._facts: dict[CallId, list[AnyFact]] = {}

    def remember(self, unfinished: Sequence[Timeline]) -> None:
        """Learn of calls that went on while the engine was away."""
        for timeline in unfinished:
            for fact in timeline.facts:
                self.take(fact)

    def take(self, fact: AnyFact) -> None:
        """Follow one fact of a call that is up or begins."""
        if isinstance(fact, CallAdmitted):
            self._facts[fact.call] = [fact]
        elif isinstance(fact, SUMMARISED) and fact.call in self._facts:
            self._facts[fact.call].append(fact)

    def close(self, ended: CallEnded) -> CallSummary | None:
        """Forget a call that ended and return all that is known of it; None if nothing is."""
        facts = self._facts.pop(ended.call, None)
        return None if facts is None else summarise([*facts, ended])

    def admission(self, call: CallId) -> CallAdmitted | None:
        """Return how a call that is up began."""
        facts = self._facts.get(call)
        return facts[0] if facts and isinstance(facts[0], CallAdmitted) else None

    def sought(self, call: CallId, contact: str) -> PersonSought | None:
        """Return whom a call that is up asked for under ``contact``."""
        for fact in reversed(self._facts.get(call, ())):
            if isinstance(fact, PersonSought) and fact.contact == contact:
                return fact
        return None
