"""Brings facts into the database behind the calls' backs: no call ever waits for it.

Facts wait in memory for a moment and are written in batches by one task. When the database is
away they move into a file and follow when it is back; when the disk is full as well, they stay in
memory. After a crash, the facts that the journal still holds are written again; equal ones are kept
once. Only a full memory, a full file or a fact that the database will never take loses anything,
and each such loss is counted.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from ivrengine.calls.facts import AnyFact
from ivrengine.calls.ports import CallRecords
from ivrengine.errors import StorageError
from ivrengine.storage.database import RecordRefused
from ivrengine.storage.settings import StorageSettings
from ivrengine.storage.spool import Spool

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What the journal held at the start, and whom to tell once it is safe elsewhere."""

    facts: Sequence[AnyFact] = ()
    release: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindState:
    """How far the database is behind; ``fault`` is empty while it takes what it is given."""

    waiting: int
    spooled_bytes: int
    lost: int
    fault: str


class WriteBehind:
    """Writes facts to ``records``; :meth:`note` is a ``FactSubscriber``."""

    def __init__(
        self,
        records: CallRecords,
        spool: Spool,
        *,
        settings: StorageSettings,
        recovered: Recovered | None = None,
    ) -> None:
        """Prepare; nothing is written before :meth:`run`."""
        self._records = records
        self._spool = spool
        self._settings = settings
        self._queue: deque[AnyFact] = deque()
        self._in_hand: Sequence[AnyFact] = ()
        self._release = recovered.release if recovered else _nothing
        self._recovered = deque(recovered.facts if recovered else ())
        self._arrived = asyncio.Event()
        self._lost = 0
        self._fault = ""

    @property
    def state(self) -> BehindState:
        """How far behind the database is at this moment."""
        return BehindState(
            waiting=len(self._in_hand) + len(self._queue) + len(self._recovered),
            spooled_bytes=self._spool.waiting_bytes,
            lost=self._lost + self._spool.lost,
            fault=self._fault,
        )

    @property
    def all_safe(self) -> bool:
        """Whether every fact is in the database or the file, so that memory may go."""
        return self.state.waiting == 0

    def note(self, fact: AnyFact) -> None:
        """Take one fact at once; when too many wait, it is lost and counted."""
        if len(self._queue) >= self._settings.waiting_facts:
            self._lose(fact, "too many facts wait for the database")
            return
        self._queue.append(fact)
        self._arrived.set()

    async def run(self) -> None:
        """Write until cancelled; on the way out, what still waits is written or spooled."""
        pause_s = self._settings.retry_first_s
        try:
            while True:
                await self._wait_for_work()
                if await self._round():
                    pause_s = self._settings.retry_first_s
                    continue
                self._spool_rest()
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, self._settings.retry_longest_s)
        finally:
            await self._finish()

    async def _wait_for_work(self) -> None:
        self._release_when_done()
        if self._spool.waiting_bytes or self._recovered:
            return
        if not self._queue and not self._in_hand:
            self._arrived.clear()
            await self._arrived.wait()
        if len(self._queue) < self._settings.batch_facts:
            await asyncio.sleep(self._settings.linger_s)

    async def _round(self) -> bool:
        """Write one batch of the file and one from memory; False when the database is away."""
        try:
            if self._spool.waiting_bytes:
                await self._store(self._spool.peek(self._settings.batch_facts))
                self._spool.drop()
            self._in_hand = self._in_hand or self._take()
            await self._store(self._in_hand)
            self._in_hand = ()
        except StorageError as fault:
            if not self._fault:
                log.error("database_away", reason=str(fault))
            self._fault = str(fault)
            return False
        if self._fault:
            log.info("database_back", spooled_bytes=self._spool.waiting_bytes)
        self._fault = ""
        return True

    async def _store(self, facts: Sequence[AnyFact]) -> None:
        """Write facts; when they are refused, find the ones to blame and write the others."""
        try:
            await self._records.append(facts)
        except StorageError as fault:
            if not isinstance(fault, RecordRefused):
                raise
            await self._store_halves(facts, fault)
        except Exception as fault:
            # A journal subscriber is one of the places where no fault may go further: a fact that
            # nobody foresaw must not end the recording of all the others.
            log.exception("facts_not_stored", count=len(facts))
            await self._store_halves(facts, fault)

    async def _store_halves(self, facts: Sequence[AnyFact], fault: Exception) -> None:
        if len(facts) == 1:
            self._lose(facts[0], str(fault))
            return
        middle = len(facts) // 2
        await self._store(facts[:middle])
        await self._store(facts[middle:])

    def _take(self) -> Sequence[AnyFact]:
        room = self._settings.batch_facts
        fresh = [self._queue.popleft() for _ in range(min(room, len(self._queue)))]
        room -= len(fresh)
        old = [self._recovered.popleft() for _ in range(min(room, len(self._recovered)))]
        return (*old, *fresh)

    def _spool_rest(self) -> None:
        """Move everything into the file; on a disk that takes nothing it waits on in memory."""
        rest = (*self._in_hand, *self._recovered, *self._queue)
        if rest:
            try:
                self._spool.extend(rest)
            except StorageError as fault:
                log.error("facts_not_spooled", count=len(rest), reason=str(fault))
                return
        self._in_hand = ()
        self._recovered.clear()
        self._queue.clear()
        self._release_when_done()

    def _release_when_done(self) -> None:
        if not self._recovered and not self._in_hand:
            self._release()
            self._release = _nothing

    async def _finish(self) -> None:
        try:
            async with asyncio.timeout(self._settings.deadline_s):
                while self._in_hand or self._queue or self._recovered:
                    if not await self._round():
                        break
        except TimeoutError:
            log.warning("facts_left_for_the_next_start", count=self.state.waiting)
        finally:
            self._spool_rest()

    def _lose(self, fact: AnyFact, reason: str) -> None:
        self._lost += 1
        if self._lost.bit_count() == 1:
            # At powers of two: a flood that loses facts must not flood the log as well.
            log.error("fact_lost", call_id=fact.call, reason=reason, lost=self._lost)


def _nothing() -> None:
    """Tell nobody."""
