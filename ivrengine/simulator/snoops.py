"""Who listens to which leg of the simulated exchange, and who is heard through that."""

from dataclasses import dataclass

from ivrengine.telephony import Hears, LegId, Whispers


@dataclass(frozen=True, slots=True)
class _Snoop:
    leg: LegId
    hears: Hears
    whispers: Whispers


class Snoops:
    """The snoops that are up, by their own leg."""

    def __init__(self) -> None:
        self._snoops: dict[LegId, _Snoop] = {}

    def add(self, leg: LegId, snoop: LegId, hears: Hears, whispers: Whispers) -> None:
        """Let ``snoop`` listen to ``leg``."""
        self._snoops[snoop] = _Snoop(leg, hears, whispers)

    def forget(self, leg: LegId) -> list[LegId]:
        """Forget a leg that ended; return the snoops that end with it."""
        self._snoops.pop(leg, None)
        return [snoop for snoop, found in self._snoops.items() if found.leg == leg]

    def listened_to(self, snoop: LegId) -> LegId | None:
        """Return the leg that a snoop listens to, None when ``snoop`` is none."""
        found = self._snoops.get(snoop)
        return found.leg if found else None

    def takes_said(self, snoop: LegId) -> bool:
        """Tell whether one hears through ``snoop`` what the leg's telephone says."""
        return self._snoops[snoop].hears in (Hears.SAID, Hears.BOTH)

    def takes_told(self, snoop: LegId) -> bool:
        """Tell whether one hears through ``snoop`` what the leg's telephone is told."""
        return self._snoops[snoop].hears in (Hears.TOLD, Hears.BOTH)

    def heard_by(self, leg: LegId) -> list[LegId]:
        """Return the snoops whose whispers the telephone of ``leg`` hears."""
        return self._of(leg, Whispers.LEG)

    def heard_as(self, leg: LegId) -> list[LegId]:
        """Return the snoops whose whispers those hear who talk with ``leg``."""
        return self._of(leg, Whispers.OTHERS)

    def _of(self, leg: LegId, whispers: Whispers) -> list[LegId]:
        wanted = (whispers, Whispers.ALL)
        return [
            snoop
            for snoop, found in self._snoops.items()
            if found.leg == leg and found.whispers in wanted
        ]
