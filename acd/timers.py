"""The timers that matter: one a key, told apart by generation, so that a stale expiry is late."""

from acd.commands import StartTimer
from acd.model import TimerKey, TimerKind
from acd.outbox import Outbox


class Timers:
    """Starts and forgets timers; whoever carries out the commands waits for them."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        # By subject first: most subjects have none, and one that goes takes all of its own along.
        self._running: dict[str, dict[TimerKind, StartTimer]] = {}
        self.generations = 0

    def start(self, kind: TimerKind, subject: str, at: float) -> None:
        """Start the timer of ``kind`` for ``subject``, in place of one that runs."""
        self.generations += 1
        key = TimerKey(kind=kind, subject=subject)
        timer = StartTimer(key=key, generation=self.generations, at=at)
        self._running.setdefault(subject, {})[kind] = timer
        self._outbox.emit(timer)

    def keep(self, kind: TimerKind, subject: str, at: float | None) -> None:
        """See that the timer runs until ``at``, and anew only if it ran otherwise; None stops it."""
        if at is None:
            self.stop(kind, subject)
        elif self.ends_at(kind, subject) != at:
            self.start(kind, subject, at)

    def ends_at(self, kind: TimerKind, subject: str) -> float | None:
        """Return when the timer will expire, None when it does not run."""
        timer = self._get(kind, subject)
        return None if timer is None else timer.at

    def _get(self, kind: TimerKind, subject: str) -> StartTimer | None:
        own = self._running.get(subject)
        return None if own is None else own.get(kind)

    def stop(self, kind: TimerKind, subject: str) -> None:
        """Forget a timer; none running is no error."""
        own = self._running.get(subject)
        if own is not None and own.pop(kind, None) is not None and not own:
            del self._running[subject]

    def restore(self, key: TimerKey, generation: int, at: float) -> None:
        """Take up a timer from a snapshot."""
        timer = StartTimer(key=key, generation=generation, at=at)
        self._running.setdefault(key.subject, {})[key.kind] = timer

    def expire(self, key: TimerKey, generation: int) -> bool:
        """Take an expiry; False, and counted, when that timer no longer runs."""
        timer = self._get(key.kind, key.subject)
        if timer is None or timer.generation != generation:
            self._outbox.late("timer", key.subject, "stopped", key.kind)
            return False
        self.stop(key.kind, key.subject)
        return True

    def is_running(self, timer: StartTimer) -> bool:
        """Tell whether ``timer`` was neither stopped nor started anew."""
        return self._get(timer.key.kind, timer.key.subject) == timer

    def running(self) -> tuple[StartTimer, ...]:
        """Return every timer that matters, in the order of their starts."""
        every = (timer for own in self._running.values() for timer in own.values())
        return tuple(sorted(every, key=lambda timer: timer.generation))
