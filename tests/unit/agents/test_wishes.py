"""What distribution is told that a caller wants: the flow's wishes and the queue's rules."""

import pytest

from acd.model import AgentId, ContactId
from acd.requirements import ANYBODY, parse_requirement
from ivrengine.agents.acquaintances import Acquaintances
from ivrengine.agents.ports import PersonWanted
from ivrengine.agents.queue_settings import (
    HomeFirstSettings,
    LastAgentSettings,
    Members,
    QueueSettings,
)
from ivrengine.agents.settings import Name
from ivrengine.agents.wishes import queued
from ivrengine.flow.effects import Preference
from ivrengine.values import AgentNumber, Language, PhoneNumber

pytestmark = pytest.mark.unit

CALLER = PhoneNumber("13900000001")
NOW = 1_000_000.0
PLAIN = QueueSettings(name="trading", title=Name(zh="名", en="n"), members=Members(skill="a"))
LAST = PLAIN.model_copy(update={"last_agent": LastAgentSettings(within_h=1, for_s=15)})
HOME = PLAIN.model_copy(update={"home_first": HomeFirstSettings(branch=True, for_s=10)})
BOTH = HOME.model_copy(update={"last_agent": LAST.last_agent})


def wanted(**more: object) -> PersonWanted:
    fields: dict[str, object] = {
        "contact": ContactId("c"),
        "queue": "trading",
        "agent": None,
        "caller": CALLER,
        "language": Language.ENGLISH,
        "since": 5.0,
    }
    return PersonWanted(**{**fields, **more})  # type: ignore[arg-type]


def met(agent: str = "8001", at: float = NOW - 60) -> Acquaintances:
    acquaintances = Acquaintances()
    acquaintances.met(CALLER, AgentId(agent), at)
    return acquaintances


def test_nobody_is_preferred_where_neither_flow_nor_queue_asks_for_it() -> None:
    event = queued(wanted(branch="suzhou"), PLAIN, met(), now=NOW)
    assert (event.prefers, event.prefers_needs, event.prefers_for_s) == ((), ANYBODY, 0.0)
    assert (event.queue, event.enqueued_at, event.number) == ("trading", 5.0, CALLER.digits)


def test_who_asks_for_one_agent_waits_in_that_agents_line() -> None:
    event = queued(wanted(queue="", agent=AgentNumber("8003")), None, met(), now=NOW)
    assert event.queue == "agent:8003"


def test_the_last_agent_comes_first_if_the_queue_says_so_and_it_is_not_long_ago() -> None:
    assert queued(wanted(), LAST, met(), now=NOW).prefers == ("8001",)
    assert queued(wanted(), LAST, met(), now=NOW).prefers_for_s == 15
    assert queued(wanted(), LAST, met(at=NOW - 3601), now=NOW).prefers == ()
    assert queued(wanted(), LAST, met(at=NOW - 3601), now=NOW).prefers_for_s == 0


def test_a_flow_may_ask_for_the_last_agent_by_itself() -> None:
    prefers = Preference(last_agent=True, for_s=7)
    event = queued(wanted(prefers=prefers), PLAIN, met(at=NOW - 7200), now=NOW)
    assert (event.prefers, event.prefers_for_s) == (("8001",), 7)


def test_all_wishes_hold_together_for_as_long_as_the_most_patient_allows() -> None:
    prefers = Preference(agent="8005", needs=parse_requirement("lang.en"), for_s=12)
    event = queued(wanted(prefers=prefers, branch="suzhou"), BOTH, met(), now=NOW)
    assert event.prefers == ("8005", "8001")
    assert str(event.prefers_needs) == "lang.en or branch.suzhou"
    assert event.prefers_for_s == 15


def test_a_wish_that_comes_to_nobody_costs_no_time() -> None:
    event = queued(wanted(prefers=Preference(needs=ANYBODY, for_s=30)), HOME, met(), now=NOW)
    assert (event.prefers_needs, event.prefers_for_s) == (ANYBODY, 0.0)


def test_what_is_needed_and_the_band_are_handed_on() -> None:
    needs = parse_requirement("trading >= 2")
    event = queued(wanted(needs=needs, band=0), PLAIN, met(), now=NOW)
    assert (event.needs, event.band) == (needs, 0)


def test_who_is_handed_on_by_an_agent_prefers_nobody() -> None:
    event = queued(wanted(led_on=True, branch="suzhou"), BOTH, met(), now=NOW)
    assert (event.prefers, event.prefers_needs) == ((), ANYBODY)
