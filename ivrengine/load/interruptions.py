"""What becomes of a run when somebody ends it before its time, as with Ctrl-C."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Ending = Callable[[], None]


class Interruptions:
    """Signals that usually end a program cancel the run's task, or what :meth:`gently` says."""

    def __init__(self) -> None:
        self._gentle: Ending | None = None

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Take these signals from here on; the run is the task that enters this."""
        loop, run = asyncio.get_running_loop(), asyncio.current_task()

        def end() -> None:
            if self._gentle is not None:
                self._gentle()
            elif run is not None:
                run.cancel()

        for number in _ENDING:
            loop.add_signal_handler(number, end)
        try:
            yield
        finally:
            for number in _ENDING:
                loop.remove_signal_handler(number)

    @contextmanager
    def gently(self, ending: Ending) -> Iterator[None]:
        """Have a signal call ``ending`` for the length of the block, each time one comes."""
        self._gentle = ending
        try:
            yield
        finally:
            self._gentle = None
