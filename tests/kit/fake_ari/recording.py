"""A recording in a pretended Asterisk."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Recording:
    """A recording that runs, or waits for its turn."""

    name: str
    target_uri: str
    began_at: float | None = None
    timer: asyncio.TimerHandle | None = None
    paused_at: float | None = None
    paused_s: float = 0.0

    def length_s(self, now: float) -> float:
        """How much is in it at this moment: pauses do not count."""
        if self.began_at is None:
            return 0.0
        resting_s = 0.0 if self.paused_at is None else now - self.paused_at
        return now - self.began_at - self.paused_s - resting_s

    def describe(self) -> Mapping[str, object]:
        """As Asterisk describes it."""
        state = "recording" if self.paused_at is None else "paused"
        return {
            "name": self.name,
            "format": "wav",
            "target_uri": self.target_uri,
            "state": "queued" if self.began_at is None else state,
        }
