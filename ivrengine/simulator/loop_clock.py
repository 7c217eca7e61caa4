"""Time as the event loop counts it, so that simulated time moves everything alike."""

import asyncio

EPOCH = 1_767_225_600.0
"""Where simulated time begins: 1 January 2026, 00:00 UTC."""


class LoopClock:
    """The running loop's time, as seconds since the Unix epoch; to be used within one loop."""

    def __init__(self, began_at: float = EPOCH) -> None:
        self._began_at = began_at

    def now(self) -> float:
        """Return seconds since the Unix epoch, never less than the last answer."""
        return self._began_at + asyncio.get_running_loop().time()
