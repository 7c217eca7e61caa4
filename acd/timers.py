"""The timers that matter: one a key, told apart by generation, so that a stale expiry is late."""

from collections.abc import Iterable

from acd.commands import StartTimer
from acd.model import TimerKey, TimerKind
from acd.outbox import Outbox


class Timers:
    """Starts and forgets timers; whoever carries out the commands waits for them."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
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
        """See that the timer runs until ``at``, anew only if it ran otherwise; None stops it."""
        if at is None:
            self.stop(kind, subject)
        elif self.ends_at(kind, subject) != at:
            self.start(kind, subject, at)

    def ends_at(self, kind: TimerKind, subject: str) -> float | None:
        """Return when a timer runs out, None when none runs."""
        timer = self._get(kind, subject)
        return None if timer is None else timer.at

    def stop(self, kind: TimerKind, subject: str) -> None:
        """Forget a timer; none running is no error."""
        of_subject = self._running.get(subject)
        if of_subject is None or kind not in of_subject:
            return
        del of_subject[kind]
        if not of_subject:
            del self._running[subject]

    def stop_each(self, kinds: Iterable[TimerKind], subject: str) -> None:
        """Forget the timers of ``kinds``; those not running are no error."""
        if subject in self._running:
            for kind in kinds:
                self.stop(kind, subject)

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
        timers = (timer for each in self._running.values() for timer in each.values())
        return tuple(sorted(timers, key=lambda timer: timer.generation))

    def _get(self, kind: TimerKind, subject: str) -> StartTimer | None:
        of_subject = self._running.get(subject)
        return None if of_subject is None else of_subject.get(kind)
