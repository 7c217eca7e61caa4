"""The journal reaches every subscriber, whatever one of them does."""

import pytest

from ivrengine.calls.facts import AnyFact, CallAnswered
from ivrengine.calls.journal import Journal
from ivrengine.values import CallId

pytestmark = pytest.mark.unit

FACT = CallAnswered(call=CallId("c"), at=1.0, setup_s=0.01)


def test_subscribers_hear_facts_in_order() -> None:
    heard: list[AnyFact] = []
    journal = Journal()
    journal.subscribe(heard.append)
    later = CallAnswered(call=CallId("c"), at=2.0, setup_s=0.02)
    journal.note(FACT)
    journal.note(later)
    assert heard == [FACT, later]


def test_a_failing_subscriber_is_counted_and_keeps_nothing_from_the_others() -> None:
    def fails(_: AnyFact) -> None:
        raise RuntimeError("disk on fire")

    heard: list[AnyFact] = []
    journal = Journal()
    journal.subscribe(fails)
    journal.subscribe(heard.append)
    journal.note(FACT)
    assert heard == [FACT]
    assert journal.failures == 1
