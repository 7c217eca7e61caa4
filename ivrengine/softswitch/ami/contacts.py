"""Which agents' telephones can be reached, from what Asterisk says of their contacts.

A contact is the address under which a telephone has registered. When a telephone registers anew
from another address, Asterisk reports the new contact before the end of the old one, so contacts
are kept one by one and an agent is reachable while any of them is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ivrengine.values import AgentNumber

_REACHABLE = frozenset({"Reachable", "NonQualified"})
"""``NonQualified`` is said of a telephone that registered in this moment, or is never asked."""

_GONE = frozenset({"Unreachable", "Removed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChanged:
    """An agent's telephone came or went.

    ``round_trip_ms`` is how long it took to answer Asterisk's OPTIONS, None when it was not asked.
    """

    agent: AgentNumber
    reachable: bool
    round_trip_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReport:
    """What Asterisk says of one contact, with its own word for the status."""

    agent: AgentNumber
    uri: str
    status: str
    round_trip_us: str = ""


class Contacts:
    """Knows every contact and tells when an agent's reachability changes."""

    def __init__(self) -> None:
        self._reachable: dict[AgentNumber, set[str]] = {}

    def take(self, report: ContactReport) -> Sequence[ContactChanged]:
        """Learn of one contact; statuses that say nothing about reachability change nothing."""
        if report.status in _REACHABLE:
            return self._came(report)
        if report.status in _GONE:
            return self._went(report.agent, report.uri)
        return ()

    def replace(self, reports: Iterable[ContactReport]) -> Sequence[ContactChanged]:
        """Learn of all contacts at once: what is not among them is gone."""
        found = list(reports)
        listed = {(report.agent, report.uri) for report in found}
        changes: list[ContactChanged] = []
        for report in found:
            changes.extend(self.take(report))
        for agent, uris in list(self._reachable.items()):
            for uri in sorted(uris):
                if (agent, uri) not in listed:
                    changes.extend(self._went(agent, uri))
        return changes

    def _came(self, report: ContactReport) -> Sequence[ContactChanged]:
        uris = self._reachable.setdefault(report.agent, set())
        was_reachable = bool(uris)
        uris.add(report.uri)
        if was_reachable:
            return ()
        return [
            ContactChanged(
                agent=report.agent,
                reachable=True,
                round_trip_ms=_milliseconds(report.round_trip_us),
            )
        ]

    def _went(self, agent: AgentNumber, uri: str) -> Sequence[ContactChanged]:
        uris = self._reachable.get(agent, set())
        if uri not in uris:
            return ()
        uris.discard(uri)
        if uris:
            return ()
        del self._reachable[agent]
        return [ContactChanged(agent=agent, reachable=False)]


def _milliseconds(round_trip_us: str) -> float | None:
    if not (round_trip_us.isascii() and round_trip_us.isdigit()) or int(round_trip_us) == 0:
        return None
    return int(round_trip_us) / 1000
