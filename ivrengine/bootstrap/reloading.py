"""Reads operators' files again while calls go on: all of them, at once, or none.

Every file is read and checked first. Only when none has a fault are all put in force, between two
events of the engine, so that no call ever meets half of a change. Who asked, and what changed, is
logged.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence

import structlog

from ivrengine.agents.change_log import AuditedChange, ChangeLog
from ivrengine.agents.changes import Book, Change, Prepared
from ivrengine.agents.roster import Roster
from ivrengine.agents.roster_book import RosterBook
from ivrengine.agents.roster_edits import Edit
from ivrengine.bootstrap.flow_shelf import FlowShelf
from ivrengine.errors import ConfigError

log = structlog.get_logger(__name__)


class Reloading:
    """Puts other files in force; :meth:`run` is kept running for those who cannot wait.

    Args:
        roster: agents, queues and calendars.
        flows: the flows, which are checked beside the queues of the same reading.
        others: further files, which are checked by themselves.
        change_log: keeps who changed what.
    """

    def __init__(
        self,
        roster: RosterBook,
        flows: FlowShelf,
        others: Sequence[Book] = (),
        *,
        change_log: ChangeLog | None = None,
    ) -> None:
        self._change_log = change_log
        self._roster = roster
        self._flows = flows
        self._others = others
        self._turn = asyncio.Lock()
        self._wanted = asyncio.Event()

    @property
    def roster(self) -> Roster:
        """The agents, queues and calendars in force."""
        return self._roster.roster

    def request(self) -> None:
        """Have everything read again soon; what comes of it is logged."""
        self._wanted.set()

    async def run(self) -> None:
        """Serve requests until cancelled."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self.reload(by="SIGHUP")
            except ConfigError:
                # Logged where it was found; what is in force stays, and nobody waits for an answer.
                continue

    async def reload(self, *, by: str) -> Sequence[Change]:
        """Read all files again and return what changed; ``by`` names who asked.

        Raises:
            ConfigError: with every fault of every file; nothing was changed.
        """
        async with self._turn:
            try:
                prepared = await asyncio.to_thread(self._prepare)
            except ConfigError as fault:
                log.error("reload_refused", by=by, fault=str(fault))
                raise
            return self._put_in_force(prepared, by=by)

    async def edit(self, edit: Edit, *, by: str) -> Sequence[Change]:
        """Write an edit of agents or queues into their files, put it in force, return the changes.

        Raises:
            ConfigError: with every fault of it; nothing was changed.
        """
        async with self._turn:
            try:
                prepared = await self._roster.edit(edit)
            except ConfigError as fault:
                log.warning("edit_refused", by=by, fault=str(fault))
                raise
            return self._put_in_force([prepared], by=by)

    def changes(self, limit: int) -> Sequence[AuditedChange]:
        """Return what was changed last, by whom and when, newest first."""
        return () if self._change_log is None else self._change_log.newest(limit)

    def _put_in_force(self, prepared: Sequence[Prepared], *, by: str) -> Sequence[Change]:
        changes = _put_in_force(prepared, by=by)
        if self._change_log is not None:
            self._change_log.note(by, changes)
        return changes

    def _prepare(self) -> Sequence[Prepared]:
        faults: list[ConfigError] = []
        prepared: list[Prepared] = []

        def attempt(prepare: Callable[[], Prepared]) -> None:
            try:
                prepared.append(prepare())
            except ConfigError as fault:
                faults.append(fault)

        queues: Collection[str] = self._roster.roster.queues
        try:
            roster = self._roster.prepare()
        except ConfigError as fault:
            faults.append(fault)
        else:
            prepared.append(roster)
            queues = roster.roster.queues
        attempt(lambda: self._flows.prepare(queues))
        for book in self._others:
            attempt(book.prepare)
        if faults:
            raise _joined(faults)
        return prepared


def _put_in_force(prepared: Sequence[Prepared], *, by: str) -> Sequence[Change]:
    changes = [change for each in prepared for change in each.changes]
    for each in prepared:
        each.put_in_force()
    if changes:
        log.warning("reloaded", by=by, changes=[str(change) for change in changes])
    else:
        log.info("reloaded", by=by, changes=[])
    return changes


def _joined(faults: Sequence[ConfigError]) -> ConfigError:
    lines = dict.fromkeys(line for fault in faults for line in str(fault).splitlines())
    remedies = dict.fromkeys(fault.remedy for fault in faults if fault.remedy)
    return ConfigError("\n".join(lines), remedy="; ".join(remedies))
