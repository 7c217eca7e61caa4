"""Keeps figures: closes intervals as they end, and brings them into the database behind the calls.

A closed batch is first part of the state on disk, then of the database, and only then forgotten.
The database takes a batch once, however often it is brought, so a death in between doubles nothing.
"""

import asyncio
from collections.abc import Callable

import structlog

from ivrengine.agents.figures import Figures
from ivrengine.agents.figures_file import FiguresFile
from ivrengine.agents.figures_ports import TallyStore
from ivrengine.clock import Clock
from ivrengine.errors import StorageError

log = structlog.get_logger(__name__)

_GRACE_S = 1.0
"""An interval is closed this long after its end: clocks of other parts may be behind."""

_RETRY_FIRST_S = 1.0
_RETRY_LONGEST_S = 60.0


class FiguresKeeping:
    """Brings figures to where they last; :meth:`run` is kept running.

    Args:
        figures: what is counted.
        file: the state of the counting.
        store: the database.
        clock: tells when intervals end.
        begin_log: has the log of distribution begin anew, which calls :meth:`log_begun`.
    """

    def __init__(
        self,
        figures: Figures,
        file: FiguresFile,
        store: TallyStore,
        clock: Clock,
        *,
        begin_log: Callable[[], None],
    ) -> None:
        self._figures = figures
        self._file = file
        self._store = store
        self._clock = clock
        self._begin_log = begin_log

    def resume(self, log_begins_at: float | None) -> None:
        """Take up what an earlier process counted, before the events of its log follow.

        Raises:
            StorageError: the state is there and cannot be read.
        """
        state = self._file.load()
        if state is not None:
            self._figures.restore(state, log_begins_at)

    def log_begun(self, now: float) -> None:
        """Write the state of the moment at which the log of distribution began anew."""
        try:
            self._file.save(self._figures.state(now))
        except StorageError as fault:
            # Figures are worth less than calls: the next beginning tries again.
            log.error("figures_not_saved", fault=str(fault))

    async def run(self) -> None:
        """Serve until cancelled."""
        pause_s = _RETRY_FIRST_S
        while True:
            if await self._bring_all():
                pause_s = _RETRY_FIRST_S
                await asyncio.sleep(self._until_next_s())
                self._close()
            else:
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, _RETRY_LONGEST_S)
                self._close()

    def _until_next_s(self) -> float:
        interval_s = self._figures.interval_s
        return interval_s - self._clock.now() % interval_s + _GRACE_S

    def _close(self) -> None:
        if self._figures.close(self._clock.now()) is not None:
            self._begin_log()

    async def _bring_all(self) -> bool:
        for batch in tuple(self._figures.unstored):
            try:
                await self._store.add(batch)
            except StorageError as fault:
                log.warning("figures_wait_for_the_database", batch=batch.id, reason=str(fault))
                return False
            self._figures.stored(batch)
        return True
