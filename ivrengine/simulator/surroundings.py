"""The world around the simulated exchange: callers and telephones, and what they do to it."""

import asyncio
import itertools

from ivrengine.simulator.fabric import Fabric
from ivrengine.simulator.leg import Origin
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import Manner, SimulatedPhone
from ivrengine.telephony import (
    BridgeId,
    DigitPressed,
    HangUpCause,
    LegAnswered,
    LegArrived,
    LegId,
    LegRinging,
    LegRole,
)
from ivrengine.values import PhoneNumber

KEY_MS = 100
"""How long a simulated key is held."""

MEDIA_TIMEOUT_S = 15.0
"""How long a telephone may be silent in a conversation until its leg is ended."""


class Surroundings:
    """Places callers and telephones, and reports what they do.

    Args:
        fabric: what they are connected to.
    """

    def __init__(self, fabric: Fabric) -> None:
        self._fabric = fabric
        self._numbers = itertools.count(1)
        self._phones: dict[str, SimulatedPhone] = {}
        self._outside: dict[str, SimulatedPhone] = {}

    def call_in(self, caller: str, dialled: str, trunk: str = "main") -> Party:
        """Let somebody call from a carrier."""
        return self._arrive(
            Origin(role=LegRole.CALLER, caller=PhoneNumber(caller), dialled=dialled, trunk=trunk)
        )

    def phone(
        self,
        number: str,
        manner: Manner = Manner.RINGS,
        *,
        rings_after_s: float = 0.05,
        acts_after_s: float = 2.0,
    ) -> SimulatedPhone:
        """Place a telephone under an agent's number, in place of one that is there."""
        phone = SimulatedPhone(
            number,
            self,
            manner=manner,
            rings_after_s=rings_after_s,
            acts_after_s=acts_after_s,
        )
        self._phones[number] = phone
        return phone

    def outside_phone(
        self, number: str, manner: Manner = Manner.RINGS, *, acts_after_s: float = 2.0
    ) -> SimulatedPhone:
        """Place a telephone outside, which calls over any trunk group reach."""
        phone = SimulatedPhone(
            number, self, manner=manner, rings_after_s=0.05, acts_after_s=acts_after_s
        )
        self._outside[number] = phone
        return phone

    def agent_dials(self, agent: str, dialled: str) -> Party:
        """Let an agent's telephone call in."""
        return self._arrive(
            Origin(
                role=LegRole.AGENT_PHONE,
                caller=PhoneNumber(agent),
                dialled=dialled,
                agent=agent,
            )
        )

    def _arrive(self, origin: Origin) -> Party:
        leg = self._fabric.new_leg(LegId(f"sim-{next(self._numbers)}-leg"), origin)
        self._fabric.report(
            LegArrived(
                leg=leg.id,
                role=origin.role,
                caller=origin.caller,
                dialled=origin.dialled,
                trunk=origin.trunk,
                agent=origin.agent,
                at=self._fabric.clock.now(),
            )
        )
        return Party(leg, self)

    def press(self, leg: LegId, key: str) -> None:
        """Report a key; keys of a leg that is gone are lost."""
        here = self._fabric.legs.get(leg)
        if here is None:
            return
        now = self._fabric.clock.now()
        self._fabric.report(DigitPressed(leg=leg, digit=key, duration_ms=KEY_MS, at=now))
        if here.recording is not None and key in here.recording.terminator:
            here.stop_recording()
        if here.bridge is not None and here.keys_pass:
            for other in self._fabric.others_in(here.bridge, leg):
                other.hear_key(key)

    def holds(self, leg: LegId, *, held: bool) -> None:
        """Put a call on hold, or take it back, as its telephone does."""
        here = self._fabric.legs.get(leg)
        if here is not None:
            here.hold(held=held)

    def far_end_hangs_up(self, leg: LegId) -> None:
        """End a leg as its telephone does."""
        self._fabric.end(leg, HangUpCause.NORMAL, by_far_end=True)

    def rang(self, leg: LegId) -> None:
        """Report that a dialled telephone rings."""
        if leg in self._fabric.legs:
            self._fabric.report(LegRinging(leg=leg, at=self._fabric.clock.now()))

    def picked_up(self, leg: LegId) -> None:
        """Report that a dialled telephone was picked up."""
        here = self._fabric.legs.get(leg)
        if here is not None and not here.answered:
            here.answered = True
            self._fabric.report(LegAnswered(leg=leg, at=self._fabric.clock.now()))
            here.touch()

    def turned_down(self, leg: LegId, cause: HangUpCause) -> None:
        """Report that a dialled telephone does not want the call."""
        self._fabric.end(leg, cause, by_far_end=True)

    def media_stops(self, leg: LegId) -> None:
        """Let a telephone fall silent for good, as when its network is gone."""
        asyncio.get_running_loop().call_later(MEDIA_TIMEOUT_S, self._miss_media, leg)

    def _miss_media(self, leg: LegId) -> None:
        self._fabric.end(leg, HangUpCause.FAILED, by_far_end=False)

    def others_in(self, bridge: BridgeId, leg: LegId) -> list[str]:
        """Return who else is in a bridge: agents by their numbers, callers by theirs."""
        return [other.origin.number for other in self._fabric.others_in(bridge, leg)]

    def voices(self, leg: LegId) -> list[str]:
        """Return whom the telephone of a leg hears, by number, unseen whispers included."""
        here = self._fabric.legs.get(leg)
        return self._fabric.voices(here) if here is not None else []
