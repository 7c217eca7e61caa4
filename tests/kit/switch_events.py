"""What a softswitch reported, kept in order, for tests that wait for one thing or count another."""

from dataclasses import dataclass
from typing import Final, TypeVar

from ivrengine.softphone.watch import Watch
from ivrengine.telephony import LegEnded, LegId, SwitchConnected, SwitchEvent, SwitchLost

E = TypeVar("E")

TOLD_WITHIN_S: Final = 20.0
"""For what is bound to come, on a machine that is busy with others."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the report, so that what came before does not count."""

    place: int = 0


class SwitchEvents:
    """A sink for a softswitch's events."""

    def __init__(self) -> None:
        self.all: list[SwitchEvent] = []
        self._watch = Watch()

    def __call__(self, event: SwitchEvent) -> None:
        """Take one event."""
        self.all.append(event)
        self._watch.notify()

    def mark(self) -> Mark:
        """Where the report stands now."""
        return Mark(len(self.all))

    def find(self, kind: type[E], *, since: Mark | None = None, **fields: object) -> E | None:
        """The first event of a kind whose fields are these, if it has come."""
        for event in self.all[since.place if since else 0 :]:
            if isinstance(event, kind) and all(
                getattr(event, name) == value for name, value in fields.items()
            ):
                return event
        return None

    async def told(
        self,
        kind: type[E],
        *,
        since: Mark | None = None,
        within_s: float = TOLD_WITHIN_S,
        **fields: object,
    ) -> E:
        """Waits for such an event.

        Raises:
            AssertionError: it did not come; what came is listed.
        """
        await self._watch.until(
            lambda: self.find(kind, since=since, **fields) is not None, within_s=within_s
        )
        found = self.find(kind, since=since, **fields)
        if found is None:
            came = "\n  ".join(map(str, self.all[since.place if since else 0 :]))
            raise AssertionError(f"no {kind.__name__} {fields} in {within_s} s; came:\n  {came}")
        return found

    def of(self, leg: LegId) -> list[SwitchEvent]:
        """Everything about one leg, in order."""
        return [
            event
            for event in self.all
            if not isinstance(event, SwitchLost | SwitchConnected) and event.leg == leg
        ]

    def ends(self, leg: LegId) -> list[LegEnded]:
        """Every report of the end of a leg; there must never be two."""
        return [event for event in self.of(leg) if isinstance(event, LegEnded)]
