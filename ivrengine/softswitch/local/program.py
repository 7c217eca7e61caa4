"""A program that is started, waited for until it does its work, and stopped."""

import asyncio
from collections.abc import Awaitable, Callable

from ivrengine.errors import EngineError
from ivrengine.softswitch.local.processes import Child, Ended
from ivrengine.softswitch.local.relay import Relay

_PROBE_EVERY_S = 0.1
_PROBE_TIMEOUT_S = 1.0

IsAnswering = Callable[[float], Awaitable[bool]]
"""Asks a program whether it does its work, within the given seconds; must not raise."""


class Program:
    """One program, such as Asterisk or the engine; fit to be a part under the supervisor."""

    def __init__(
        self, child: Child | Relay, *, is_answering: IsAnswering, ready_timeout_s: float
    ) -> None:
        self._child = child
        self._is_answering = is_answering
        self._ready_timeout_s = ready_timeout_s

    @property
    def name(self) -> str:
        """What an operator knows it by."""
        return self._child.spec.name

    @property
    def pid(self) -> int:
        """Process id of the running program."""
        return self._child.pid

    async def start(self) -> None:
        """Start it and return once it answers.

        Raises:
            EngineError: it ended, or did not answer in time; it is stopped again. The message
                closes with the last lines that it wrote.
        """
        await self._child.start()
        try:
            async with asyncio.timeout(self._ready_timeout_s):
                await self._until_ready()
        except TimeoutError:
            await self._child.stop()
            raise EngineError(
                f"{self.name} was not ready in {self._ready_timeout_s:.0f} s\n"
                f"{self._child.log_tail()}"
            ) from None
        except BaseException:
            await self._child.stop()
            raise

    async def wait(self) -> Ended:
        """Wait until it has ended, for whatever reason."""
        return await self._child.wait()

    async def stop(self) -> Ended:
        """Stop it within the time of its specification."""
        return await self._child.stop()

    async def is_answering(self, *, timeout_s: float = _PROBE_TIMEOUT_S) -> bool:
        """Tell whether it does its work."""
        return await self._is_answering(timeout_s)

    async def _until_ready(self) -> None:
        while not await self.is_answering():
            if not self._child.is_running():
                ended = await self._child.wait()
                raise EngineError(f"{ended.describe()}\n{self._child.log_tail()}")
            await asyncio.sleep(_PROBE_EVERY_S)
