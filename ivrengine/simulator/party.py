"""A person at a telephone: hears, presses keys, speaks and hangs up, in simulated time."""

import asyncio
from typing import Protocol

from ivrengine.simulator.leg import MUSIC, Heard, SimulatedLeg
from ivrengine.telephony import BridgeId, LegEnded, LegId

HEARS_WITHIN_S = 60.0
"""Simulated seconds after which a person gives up waiting to hear something."""


class Network(Protocol):
    """What a telephone does to the exchange that it hangs on."""

    def press(self, leg: LegId, key: str) -> None:
        """Report a key."""
        ...

    def far_end_hangs_up(self, leg: LegId) -> None:
        """Report that the telephone hung up."""
        ...

    def others_in(self, bridge: BridgeId, leg: LegId) -> list[str]:
        """Return who else is in a bridge: agents by their numbers, callers by theirs."""
        ...

    def voices(self, leg: LegId) -> list[str]:
        """Return whom the telephone of a leg hears, by number, unseen whispers included."""
        ...

    def holds(self, leg: LegId, *, held: bool) -> None:
        """Report that the telephone put the call on hold, or took it back."""
        ...


class NotHeard(AssertionError):
    """What a person waited for did not come; the message lists what came instead."""


class Party:
    """The person at the far end of one leg."""

    def __init__(self, leg: SimulatedLeg, network: Network) -> None:
        self.leg = leg
        self._network = network
        self._place = 0

    @property
    def heard(self) -> list[str]:
        """Everything that was heard, in order, as URIs."""
        return [heard.media for heard in self.leg.heard]

    @property
    def is_answered(self) -> bool:
        """Whether the call was answered."""
        return self.leg.answered

    @property
    def is_over(self) -> bool:
        """Whether the call has ended."""
        return self.leg.ended is not None

    @property
    def ended(self) -> LegEnded | None:
        """How the call ended."""
        return self.leg.ended

    @property
    def partners(self) -> list[str]:
        """Who can be talked with now, by number."""
        bridge = self.leg.bridge
        return self._network.others_in(bridge, self.leg.id) if bridge is not None else []

    @property
    def voices(self) -> list[str]:
        """Whose voices can be heard now, by number; more than partners where there are whispers."""
        return self._network.voices(self.leg.id)

    async def hears(self, what: str, *, within_s: float = HEARS_WITHIN_S) -> Heard:
        """Wait for a sound after those already waited for; others before it are passed over.

        ``what`` is a prompt's id, such as ``menu.main``, or any part of a sound's URI.

        Raises:
            NotHeard: it was not heard in time, or the call ended before.
        """
        await self.leg.until(
            lambda: self._find(what) is not None or self.is_over, within_s=within_s
        )
        place = self._find(what)
        if place is None:
            came = ", ".join(self.heard[self._place :]) or "nothing"
            raise NotHeard(f"{what} was not heard within {within_s} s, but {came}")
        self._place = place + 1
        return self.leg.heard[place]

    async def hears_music(self, *, within_s: float = HEARS_WITHIN_S) -> Heard:
        """Wait until music begins."""
        return await self.hears(MUSIC, within_s=within_s)

    async def meets(self, number: str, *, within_s: float = HEARS_WITHIN_S) -> None:
        """Wait until this person and the one at ``number`` hear each other.

        Raises:
            NotHeard: they did not meet in time.
        """
        if not await self.leg.until(lambda: number in self.partners, within_s=within_s):
            raise NotHeard(f"{number} was not met within {within_s} s, but {self.partners}")

    async def is_let_go(self, *, within_s: float = HEARS_WITHIN_S) -> LegEnded:
        """Wait until the call has ended.

        Raises:
            NotHeard: it did not end in time.
        """
        await self.leg.until(lambda: self.is_over, within_s=within_s)
        if self.leg.ended is None:
            raise NotHeard(f"the call was not ended within {within_s} s")
        return self.leg.ended

    async def presses(self, keys: str, *, gap_s: float = 0.1) -> None:
        """Press ``keys`` one after the other, ``gap_s`` apart."""
        for place, key in enumerate(keys):
            if place:
                await asyncio.sleep(gap_s)
            self._network.press(self.leg.id, key)

    def holds(self) -> None:
        """Put the call on hold with the telephone's own button."""
        self._network.holds(self.leg.id, held=True)

    def retrieves(self) -> None:
        """Take the call back with the telephone's own button."""
        self._network.holds(self.leg.id, held=False)

    async def speaks(self, for_s: float) -> None:
        """Speak for a while."""
        self.leg.speak(for_s)
        await asyncio.sleep(for_s)

    def hangs_up(self) -> None:
        """Hang up; doing so twice is no error."""
        self._network.far_end_hangs_up(self.leg.id)

    def _find(self, what: str) -> int | None:
        path = what.replace(".", "/")
        for place in range(self._place, len(self.leg.heard)):
            media = self.leg.heard[place].media
            if what in media or path in media:
                return place
        return None
