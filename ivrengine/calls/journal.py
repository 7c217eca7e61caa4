"""Where calls note what happens: one place in, any number of subscribers out.

Storage, metrics, logs and the console hang on the journal, so that business code calls none of
them. A subscriber that fails is logged and counted and never disturbs a call.
"""

import structlog

from ivrengine.calls.facts import AnyFact
from ivrengine.calls.ports import FactSubscriber

log = structlog.get_logger(__name__)


class Journal:
    """Hands every fact to every subscriber, in order and at once."""

    def __init__(self) -> None:
        self._subscribers: list[FactSubscriber] = []
        self.failures = 0

    def subscribe(self, subscriber: FactSubscriber) -> None:
        """Give ``subscriber`` every fact from here on."""
        self._subscribers.append(subscriber)

    def note(self, fact: AnyFact) -> None:
        """Hand on one fact; returns when every subscriber has it."""
        for subscriber in self._subscribers:
            try:
                subscriber(fact)
            except Exception:
                self.failures += 1
                log.exception("journal_subscriber_failed", kind=type(fact).__name__)
