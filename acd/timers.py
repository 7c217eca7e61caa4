"""The timers that matter: one a key, told apart by generation, so that a stale expiry is late."""

from acd.commands import StartTimer
from acd.model import TimerKey, TimerKind
from acd.outbox import Outbox


class Timers:
    """Starts and forgets timers; whoever carries out the commands waits for them."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._running: dict[TimerKey, StartTimer] = {}
        self.generations = 0

    def start(self, kind: TimerKind, subject: str, at: float) -> None:
        """Start the timer of ``kind`` for ``subject``, in place of one that runs."""
        self.generations += 1
        key = TimerKey(kind=kind, subject=subject)
        timer = StartTimer(key=key, generation=self.generations, at=at)
        self._running[key] = timer
        self._outbox.emit(timer)

    def stop(self, kind: TimerKind, subject: str) -> None:
        """Forget a timer; none running is no error."""
        self._running.pop(TimerKey(kind=kind, subject=subject), None)

    def restore(self, key: TimerKey, generation: int, at: float) -> None:
        """Take up a timer from a snapshot."""
        self._running[key] = StartTimer(key=key, generation=generation, at=at)

    def expire(self, key: TimerKey, generation: int) -> bool:
        """Take an expiry; False, and counted, when that timer no longer runs."""
        timer = self._running.get(key)
        if timer is None or timer.generation != generation:
            self._outbox.late("timer", key.subject, "stopped", key.kind)
            return False
        del self._running[key]
        return True

    def is_running(self, timer: StartTimer) -> bool:
        """Tell whether ``timer`` was neither stopped nor started anew."""
        return self._running.get(timer.key) == timer

    def running(self) -> tuple[StartTimer, ...]:
        """Return every timer that matters, in the order of their starts."""
        return tuple(self._running.values())
