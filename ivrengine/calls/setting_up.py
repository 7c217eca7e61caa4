"""How many callers are answered at once: as many as the softswitch bears, the others in turn.

A softswitch that has more to do than it can is late with every order, those of callers inside
included. So only a few callers are being answered at any moment, fewer while it is slow, one alone
while it is late, and whoever else arrives waits unanswered: trading customers first, then
registered ones. While as many calls are up as it bears, only trading customers are let in. Who
waited too long is turned away, so that the others are served as they should be.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from acd.trunk_groups import CALLER_CLASSES, LineClass
from ivrengine.errors import SwitchOverloaded

_ONE_ALONE: Final = 1
_SLOW_SHARE: Final = 4
_LOOKS_AGAIN_S: Final = 0.2
_TRADING: Final = 0


class SettingUpSettings(BaseModel):
    """How many callers are answered at once, and how long others may wait for that."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at_once: int = Field(
        default=16, ge=1, description="Callers who are being answered at the same time"
    )
    never_too_many: int = Field(
        default=100, ge=1, description="Calls that the softswitch is taken to bear in any case"
    )
    patience_s: float = Field(
        default=4.0,
        gt=0,
        description="Seconds after which a caller who could not be answered is turned away; less "
        "than softswitch.guard_timeout_s",
    )


@dataclass(frozen=True, slots=True, order=True)
class _Turn:
    rank: int
    number: int
    given: asyncio.Future[None] = field(compare=False)


class SettingUp:
    """Gives callers their turn to be answered.

    Args:
        settings: how many at once, and how patiently.
        is_late: whether the softswitch is late with its answers.
        is_slow: whether it begins to be.
        bears_more: whether the softswitch bears one more call; asked as long as anybody waits.
    """

    def __init__(
        self,
        settings: SettingUpSettings | None = None,
        *,
        is_late: Callable[[], bool] = lambda: False,
        is_slow: Callable[[], bool] = lambda: False,
        bears_more: Callable[[], bool] = lambda: True,
    ) -> None:
        self._settings = settings or SettingUpSettings()
        self._is_late = is_late
        self._is_slow = is_slow
        self._bears_more = bears_more
        self._under_way = 0
        self._turns: list[_Turn] = []
        self._numbers = count()

    @property
    def waiting(self) -> int:
        """How many callers wait for their turn."""
        return sum(not turn.given.done() for turn in self._turns)

    @asynccontextmanager
    async def turn(self, line_class: LineClass) -> AsyncIterator[None]:
        """Wait for the turn of a caller of this class, and hold it for the block.

        Raises:
            SwitchOverloaded: it did not come in time.
        """
        rank = CALLER_CLASSES.index(line_class)
        if not self.waiting and self._has_room(rank):
            self._under_way += 1
        else:
            await self._wait(rank)
        try:
            yield
        finally:
            self._end()

    async def _wait(self, rank: int) -> None:
        given: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._turns, _Turn(rank, next(self._numbers), given))
        try:
            async with asyncio.timeout(self._settings.patience_s):
                while not given.done():
                    # Calls end, and strain does, without anybody's word.
                    self._give_turns()
                    await asyncio.wait((given,), timeout=_LOOKS_AGAIN_S)
        except BaseException as fault:
            if not given.cancel():
                # The turn came in the very moment in which the caller gave up.
                self._end()
            if isinstance(fault, TimeoutError):
                raise SwitchOverloaded("it is late with its answers, and others go first") from None
            raise

    def _end(self) -> None:
        self._under_way -= 1
        self._give_turns()

    def _give_turns(self) -> None:
        while self._turns:
            first = self._turns[0]
            if first.given.done():
                heapq.heappop(self._turns)
            elif self._has_room(first.rank):
                first.given.set_result(None)
                self._under_way += 1
            else:
                return

    def _has_room(self, rank: int) -> bool:
        # Asked first, for whoever comes: what is borne is learnt from being asked.
        bears_more = self._bears_more()
        return self._under_way < self._at_once() and (rank == _TRADING or bears_more)

    def _at_once(self) -> int:
        if self._is_late():
            return _ONE_ALONE
        if self._is_slow():
            return max(_ONE_ALONE, self._settings.at_once // _SLOW_SHARE)
        return self._settings.at_once
