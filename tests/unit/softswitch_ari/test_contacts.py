"""An agent is reachable while any contact of theirs is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.softswitch.ami.contacts import ContactChanged, ContactReport, Contacts
from ivrengine.values import AgentNumber

pytestmark = pytest.mark.unit

AGENT = AgentNumber("8001")


def report(uri: str, status: str, round_trip_us: str = "", agent: str = AGENT) -> ContactReport:
    return ContactReport(
        agent=AgentNumber(agent), uri=uri, status=status, round_trip_us=round_trip_us
    )


@pytest.fixture
def contacts() -> Contacts:
    return Contacts()


def test_a_telephone_comes_and_goes(contacts: Contacts) -> None:
    assert contacts.take(report("sip:a", "Reachable", "596")) == [
        ContactChanged(agent=AGENT, reachable=True, round_trip_ms=0.596)
    ]
    assert contacts.take(report("sip:a", "Reachable", "700")) == ()
    assert contacts.take(report("sip:a", "Unreachable", "0")) == [
        ContactChanged(agent=AGENT, reachable=False)
    ]
    assert contacts.take(report("sip:a", "Removed")) == ()


def test_a_telephone_that_moves_never_counts_as_gone(contacts: Contacts) -> None:
    contacts.take(report("sip:old", "Reachable"))
    moves = [
        report("sip:new", "NonQualified"),
        report("sip:old", "Removed"),
        report("sip:new", "Reachable", "541"),
    ]
    assert [change for move in moves for change in contacts.take(move)] == []


def test_a_status_that_says_nothing_about_it_changes_nothing(contacts: Contacts) -> None:
    contacts.take(report("sip:a", "Reachable"))
    assert contacts.take(report("sip:a", "Updated")) == ()
    assert contacts.take(report("sip:b", "Unknown")) == ()


def test_a_list_ends_what_is_not_in_it_and_begins_what_is(contacts: Contacts) -> None:
    contacts.take(report("sip:a", "Reachable"))
    changes = contacts.replace([report("sip:b", "Reachable", "800", agent="8002")])
    assert changes == [
        ContactChanged(agent=AgentNumber("8002"), reachable=True, round_trip_ms=0.8),
        ContactChanged(agent=AGENT, reachable=False),
    ]


def test_a_list_with_the_same_telephones_is_no_news(contacts: Contacts) -> None:
    contacts.take(report("sip:a", "Reachable"))
    assert contacts.replace([report("sip:a", "Reachable")]) == []


@pytest.mark.parametrize("round_trip_us", ["", "0", "N/A", "-1", "1.5", "\u0665"])
def test_a_round_trip_that_was_not_measured_is_none(contacts: Contacts, round_trip_us: str) -> None:
    (change,) = contacts.take(report("sip:a", "Reachable", round_trip_us))
    assert change.round_trip_ms is None


reports = st.builds(
    report,
    st.sampled_from(["sip:a", "sip:b"]),
    st.sampled_from(["Reachable", "NonQualified", "Unreachable", "Removed", "Updated"]),
    agent=st.sampled_from(["8001", "8002"]),
)


@given(st.lists(reports | st.lists(reports, max_size=3), max_size=30))
def test_changes_alternate_for_each_agent(told: list[ContactReport | list[ContactReport]]) -> None:
    contacts = Contacts()
    reachable: dict[AgentNumber, bool] = {}
    for entry in told:
        changes = contacts.replace(entry) if isinstance(entry, list) else contacts.take(entry)
        for change in changes:
            assert change.reachable is not reachable.get(change.agent, False)
            reachable[change.agent] = change.reachable
