"""An agent's telephone in the simulated exchange, which does with a call what its script says."""

import asyncio
from collections.abc import Callable
from enum import Enum, auto
from typing import Protocol

from ivrengine.simulator.leg import SimulatedLeg
from ivrengine.simulator.party import HEARS_WITHIN_S, Network, NotHeard, Party
from ivrengine.telephony import HangUpCause, LegId


class Manner(Enum):
    """What a telephone does when it is rung."""

    ANSWERS = auto()
    RINGS = auto()
    """Rings until somebody calls :meth:`SimulatedPhone.answers` or gives up."""
    REJECTS = auto()
    IS_BUSY = auto()
    IS_DEAD = auto()
    """Is registered and does not react at all."""
    IS_AWAY = auto()
    """Is not registered."""


class PhoneNetwork(Network, Protocol):
    """What an agent's telephone does to the exchange besides."""

    def rang(self, leg: LegId) -> None:
        """Report that the telephone rings."""
        ...

    def picked_up(self, leg: LegId) -> None:
        """Report that the telephone was picked up."""
        ...

    def turned_down(self, leg: LegId, cause: HangUpCause) -> None:
        """Report that the telephone does not want the call."""
        ...

    def media_stops(self, leg: LegId) -> None:
        """Let the telephone fall silent for good."""
        ...

    def agent_dials(self, agent: str, dialled: str) -> Party:
        """Let an agent's telephone call in."""
        ...


class SimulatedPhone:
    """A telephone under an agent's number.

    Attributes:
        manner: what it does from the next call on.
        rings_after_s: from being dialled to ringing.
        acts_after_s: from ringing to answering or rejecting.
        opens_itself: whether it answers by itself when the exchange asks it to.
    """

    def __init__(
        self,
        number: str,
        network: PhoneNetwork,
        *,
        manner: Manner,
        rings_after_s: float,
        acts_after_s: float,
    ) -> None:
        self.number = number
        self.manner = manner
        self.rings_after_s = rings_after_s
        self.acts_after_s = acts_after_s
        self.opens_itself = True
        self.calls: list[Party] = []
        self._network = network
        self._rung = asyncio.Event()

    @property
    def call(self) -> Party | None:
        """The call that rings or talks here now."""
        return next((party for party in reversed(self.calls) if not party.is_over), None)

    def dialled(self, leg: SimulatedLeg) -> None:
        """Take a call: the exchange rings this telephone."""
        self.calls.append(Party(leg, self._network))
        match self.manner:
            case Manner.IS_BUSY:
                self._soon(0.0, lambda: self._network.turned_down(leg.id, HangUpCause.BUSY))
            case Manner.ANSWERS | Manner.RINGS | Manner.REJECTS:
                self._soon(self.rings_after_s, lambda: self._ring(leg))
            case Manner.IS_DEAD | Manner.IS_AWAY:
                pass

    def _ring(self, leg: SimulatedLeg) -> None:
        if leg.ended is not None:
            return
        self._network.rang(leg.id)
        self._rung.set()
        if leg.origin.opens_itself and self.opens_itself:
            self._network.picked_up(leg.id)
        elif self.manner in (Manner.ANSWERS, Manner.REJECTS):
            self._soon(self.acts_after_s, lambda: self._act(leg))

    def _act(self, leg: SimulatedLeg) -> None:
        # The telephone may have been told otherwise, or have vanished, while it rang.
        if self.manner is Manner.ANSWERS:
            self._network.picked_up(leg.id)
        elif self.manner is Manner.REJECTS:
            self._network.turned_down(leg.id, HangUpCause.REJECTED)

    async def rings(self, *, within_s: float = HEARS_WITHIN_S) -> Party:
        """Wait for the next ringing, or take one that nobody waited for yet.

        Raises:
            NotHeard: it did not ring in time.
        """
        try:
            async with asyncio.timeout(within_s):
                await self._rung.wait()
        except TimeoutError:
            raise NotHeard(f"{self.number} was not rung within {within_s} s") from None
        self._rung.clear()
        return self.calls[-1]

    def answers(self) -> Party:
        """Pick up what rings."""
        party = self._ringing()
        self._network.picked_up(party.leg.id)
        return party

    def rejects(self) -> None:
        """Turn down what rings."""
        self._network.turned_down(self._ringing().leg.id, HangUpCause.REJECTED)

    def hangs_up(self) -> None:
        """Hang up what rings or talks; nothing is no error."""
        if self.call is not None:
            self.call.hangs_up()

    def vanishes(self) -> None:
        """Lose the network: what rings goes on unheard, a conversation ends after some silence."""
        self.manner = Manner.IS_DEAD
        if self.call is not None and self.call.is_answered:
            self._network.media_stops(self.call.leg.id)

    def dials(self, number: str) -> Party:
        """Call in from this telephone."""
        return self._network.agent_dials(self.number, number)

    def _ringing(self) -> Party:
        if self.call is None:
            raise NotHeard(f"nothing rings at {self.number}")
        return self.call

    def _soon(self, after_s: float, act: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_later(after_s, act)
