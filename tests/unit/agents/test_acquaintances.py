"""Who spoke with whom last, as far back as a queue asks."""

import pytest

from acd.model import AgentId
from ivrengine.agents.acquaintances import Acquaintances
from ivrengine.values import PhoneNumber

pytestmark = pytest.mark.unit

CALLER, OTHER = PhoneNumber("13900000001"), PhoneNumber("13900000002")
FIRST, SECOND = AgentId("8001"), AgentId("8002")


def test_the_last_agent_is_known_as_long_as_that_is_not_too_long_ago() -> None:
    known = Acquaintances()
    known.met(CALLER, FIRST, 100.0)
    known.met(CALLER, SECOND, 200.0)
    assert known.of(CALLER, since=150.0) == SECOND
    assert known.of(CALLER, since=201.0) is None
    assert known.of(OTHER, since=0.0) is None


def test_what_is_learnt_late_of_an_earlier_conversation_changes_nothing() -> None:
    known = Acquaintances()
    known.met(CALLER, SECOND, 200.0)
    known.met(CALLER, FIRST, 100.0)
    assert known.of(CALLER, since=0.0) == SECOND


def test_withheld_numbers_are_nobodys() -> None:
    known = Acquaintances()
    known.met(PhoneNumber(""), FIRST, 100.0)
    assert known.of(PhoneNumber(""), since=0.0) is None


def test_those_met_longest_ago_are_forgotten_first() -> None:
    known = Acquaintances(most=2)
    for number, at in (("1", 1.0), ("2", 2.0), ("1", 3.0), ("3", 4.0)):
        known.met(PhoneNumber(number), FIRST, at)
    assert len(known) == 2
    assert known.of(PhoneNumber("2"), since=0.0) is None
    assert known.of(PhoneNumber("1"), since=0.0) == FIRST
