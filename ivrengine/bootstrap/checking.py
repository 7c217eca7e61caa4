"""Operators' files other than flows, checked as a start would, with every fault and its place."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ivrengine.agents.licences import notices
from ivrengine.agents.roster import Roster
from ivrengine.agents.roster_files import RosterRead, read_roster, read_texts
from ivrengine.bootstrap.books import line_book_of
from ivrengine.config import Settings
from ivrengine.errors import ConfigError
from ivrengine.flow.findings import Finding
from ivrengine.services.customers.book import CustomerBook
from ivrengine.speech.catalogue import Catalogue

_PLACED = re.compile(r"(?P<file>[^:]+):(?P<line>\d+):(?:(?P<column>\d+):)? ?(?P<message>.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFiles:
    """What was found at ``where``; ``contents`` says how much there is.

    ``warnings`` are about what is right and will not be so for long.
    """

    where: Path
    contents: str
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...] = ()


def read_roster_files(settings: Settings, catalogue: Catalogue) -> RosterRead:
    """Read agents, queues and calendars, or find out all that is wrong with them."""
    try:
        return read_roster(read_texts(settings.roster), catalogue.has)
    except ConfigError as fault:
        return RosterRead(roster=None, queue_names=frozenset(), findings=_findings(fault))


def check_files(
    settings: Settings, catalogue: Catalogue, roster_read: RosterRead, *, day: date
) -> Iterator[CheckedFiles]:
    """Tell what was found in each place where operators' files lie; ``day`` judges licences."""
    roster = roster_read.roster
    yield CheckedFiles(
        where=settings.roster,
        contents="" if roster is None else _size(roster),
        findings=roster_read.findings,
        warnings=() if roster is None else tuple(map(str, notices(roster, day))),
    )
    yield _checked(settings.lines, lambda: _lines(settings, catalogue))
    yield _checked(settings.customers.directory, lambda: _customers(settings))


def _size(roster: Roster) -> str:
    agents, queues, calendars = len(roster.agents), len(roster.queues), len(roster.calendars)
    return f"{agents} agents, {queues} queues, {calendars} calendars"


def _lines(settings: Settings, catalogue: Catalogue) -> str:
    groups = line_book_of(settings, catalogue.has).rules.groups
    return f"{len(groups)} groups, {sum(group.lines for group in groups)} lines"


def _customers(settings: Settings) -> str:
    return f"{len(list(CustomerBook(settings.customers).read()))} customers"


def _checked(where: Path, read: Callable[[], str]) -> CheckedFiles:
    try:
        return CheckedFiles(where=where, contents=read(), findings=())
    except ConfigError as fault:
        return CheckedFiles(where=where, contents="", findings=_findings(fault))


def _findings(fault: ConfigError) -> tuple[Finding, ...]:
    return tuple(_finding(line) for line in str(fault).splitlines())


def _finding(line: str) -> Finding:
    placed = _PLACED.fullmatch(line)
    if placed is None:
        return Finding(file=line, line=1, message="")
    return Finding(
        file=placed["file"],
        line=int(placed["line"]),
        column=int(placed["column"] or 0),
        message=placed["message"],
    )
