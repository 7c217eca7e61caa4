"""A softswitch in memory: the telephony port without a network.

It keeps to the port's promises as the adapter to Asterisk does, blocking of orders by a playing
prompt included, and is held to the same contract suite. Time is the running loop's, so under a loop
with virtual time a call of minutes passes in milliseconds.
"""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Sequence

from ivrengine.clock import Clock
from ivrengine.errors import SwitchUnavailable, TelephonyError
from ivrengine.simulator.fabric import Fabric
from ivrengine.simulator.leg import Origin, SimulatedLeg
from ivrengine.simulator.loop_clock import LoopClock
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import Manner, SimulatedPhone
from ivrengine.telephony import (
    BridgeId,
    DigitPressed,
    EventSink,
    HangUpCause,
    LegAnswered,
    LegArrived,
    LegId,
    LegRinging,
    LegRole,
    LiveBridge,
    LiveLeg,
    PlaybackId,
    RecordingName,
    RecordingOrder,
    SwitchConnected,
    SwitchLost,
)
from ivrengine.values import PhoneNumber

KEY_MS = 100
"""How long a simulated key is held."""

MEDIA_TIMEOUT_S = 15.0
"""How long a telephone may be silent in a conversation until its leg is ended."""


def _one_second(_: str) -> float:
    return 1.0


class SimulatedExchange:
    """Implements ``telephony.Switch`` in memory.

    Args:
        clock: the time; by default the loop's.
        duration_of: how long a sound lasts, in seconds, by its URI; by default one second.

    Attributes:
        order_delay_s: how long every order takes.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        duration_of: Callable[[str], float] = _one_second,
    ) -> None:
        self.order_delay_s = 0.0
        self._fabric = Fabric(clock or LoopClock(), duration_of)
        self._numbers = itertools.count(1)
        self._phones: dict[str, SimulatedPhone] = {}
        self._faults: dict[str, deque[TelephonyError]] = {}

    # The world outside: callers, agents' telephones, faults.

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
        here = self._fabric.bridges[bridge]
        others = (self._fabric.legs[other].origin for other in here if other != leg)
        return [other.agent or other.caller.digits for other in others]

    def fail(self, operation: str, fault: TelephonyError, *, times: int = 1) -> None:
        """Make the next orders of ``operation`` (a method's name) raise ``fault``."""
        self._faults.setdefault(operation, deque()).extend([fault] * times)

    def lose_connection(self) -> None:
        """Break the connection: orders fail, legs go on, events are kept back."""
        self._fabric.report(SwitchLost(at=self._fabric.clock.now()))
        self._fabric.connected = False

    def connect(self) -> None:
        """Make the connection, for the first time or again: what was kept back comes first."""
        self._fabric.connected = True
        self._fabric.release_events()
        self._fabric.report(SwitchConnected(restarted=False, at=self._fabric.clock.now()))

    def unsubscribe(self, sink: EventSink) -> None:
        """Send nothing more to ``sink``, as when the program that it belonged to died."""
        self._fabric.sinks.remove(sink)

    def restart(self) -> None:
        """Die and come back: every leg is gone and nothing of it is reported."""
        self.lose_connection()
        self._fabric.die()
        self._fabric.connected = True
        self._fabric.report(SwitchConnected(restarted=True, at=self._fabric.clock.now()))

    # The port.

    def subscribe(self, sink: EventSink) -> None:
        """Send every event from here on to ``sink``, in the order in which they happened."""
        self._fabric.sinks.append(sink)

    async def lift_guard(self, leg: LegId) -> None:
        """Take away the time limit under which an arriving leg waits for us."""
        here = await self._quiet("lift_guard", leg)
        here.guarded = False

    async def answer(self, leg: LegId) -> None:
        """Answer an arriving leg."""
        here = await self._quiet("answer", leg)
        here.answered = True
        here.touch()

    async def ring(self, leg: LegId) -> None:
        """Let the caller of an unanswered leg hear ringing."""
        here = await self._order("ring", leg)
        here.rings = True
        here.touch()

    async def hang_up(self, leg: LegId, cause: HangUpCause = HangUpCause.NORMAL) -> None:
        """End a leg; a leg that is already gone is no error."""
        await self._delay("hang_up")
        self._fabric.end(leg, cause, by_far_end=False)

    async def play(self, leg: LegId, playback: PlaybackId, media: Sequence[str]) -> None:
        """Play ``media`` after what already plays on the leg."""
        here = await self._order("play", leg)
        here.play(playback, media)

    async def stop(self, playback: PlaybackId) -> None:
        """Silence a playback; one that already ended is no error."""
        await self._delay("stop")
        for leg in self._fabric.legs.values():
            if leg.plays(playback):
                leg.stop(playback)

    async def start_music(self, leg: LegId, music_class: str = "default") -> None:
        """Let a leg hear music."""
        here = await self._order("start_music", leg)
        here.start_music(music_class)

    async def stop_music(self, leg: LegId) -> None:
        """End the music of a leg; no music is no error."""
        here = await self._order("stop_music", leg)
        here.stop_music()

    async def record(self, leg: LegId, order: RecordingOrder) -> None:
        """Record what the leg says."""
        here = await self._order("record", leg)
        here.record(order)

    async def stop_recording(self, recording: RecordingName) -> None:
        """Close a recording of a leg or a bridge and keep it; one that ended is no error."""
        await self._delay("stop_recording")
        self._fabric.close_recording(recording)
        for leg in self._fabric.legs.values():
            if leg.recording is not None and leg.recording.recording == recording:
                leg.stop_recording()

    async def dial(
        self, leg: LegId, endpoint: str, *, caller_id: str, ring_timeout_s: float
    ) -> None:
        """Ring the telephone under ``endpoint`` as the new leg ``leg``."""
        await self._delay("dial")
        origin = Origin(
            role=LegRole.ORDERED,
            caller=PhoneNumber(caller_id),
            dialled=endpoint,
            agent=endpoint,
        )
        here = self._fabric.new_leg(leg, origin)
        phone = self._phones.get(endpoint)
        if phone is None or phone.manner is Manner.IS_AWAY:
            self._fabric.end(leg, HangUpCause.UNREACHABLE, by_far_end=False)
            return
        asyncio.get_running_loop().call_later(ring_timeout_s, self._give_up_ringing, leg)
        phone.dialled(here)

    def _give_up_ringing(self, leg: LegId) -> None:
        here = self._fabric.legs.get(leg)
        if here is not None and not here.answered:
            self._fabric.end(leg, HangUpCause.NO_ANSWER, by_far_end=False)

    async def create_bridge(self, bridge: BridgeId) -> None:
        """Make a mixing bridge under our id."""
        await self._delay("create_bridge")
        self._fabric.bridges.setdefault(bridge, [])

    async def join(self, bridge: BridgeId, legs: Sequence[LegId]) -> None:
        """Put answered legs into a bridge, where they hear each other."""
        for leg in legs:
            await self._quiet("join", leg)
        self._fabric.put_in(bridge, [self._fabric.there(leg) for leg in legs])

    async def leave(self, bridge: BridgeId, leg: LegId) -> None:
        """Take a leg out of a bridge; one that is not in it is no error."""
        await self._delay("leave")
        here = self._fabric.legs.get(leg)
        if here is not None and here.bridge == bridge:
            self._fabric.take_out(here)

    async def destroy_bridge(self, bridge: BridgeId) -> None:
        """Remove a bridge; legs in it stay up. One that is gone is no error."""
        await self._delay("destroy_bridge")
        self._fabric.destroy(bridge)

    async def record_bridge(self, bridge: BridgeId, recording: RecordingName) -> None:
        """Record all sides of a bridge until it is stopped or destroyed."""
        await self._delay("record_bridge")
        self._fabric.record(bridge, recording)

    async def live_legs(self) -> Sequence[LiveLeg]:
        """List the legs that are up or ring."""
        await self._delay("live_legs")
        return tuple(leg.listing() for leg in self._fabric.legs.values())

    async def live_bridges(self) -> Sequence[LiveBridge]:
        """List the bridges."""
        await self._delay("live_bridges")
        return [
            LiveBridge(bridge=bridge, legs=tuple(legs))
            for bridge, legs in self._fabric.bridges.items()
        ]

    # How orders are carried out.

    async def _delay(self, operation: str) -> None:
        await asyncio.sleep(self.order_delay_s)
        if not self._fabric.connected:
            raise SwitchUnavailable(f"{operation}: the exchange is out of reach")
        faults = self._faults.get(operation)
        if faults:
            raise faults.popleft()

    async def _order(self, operation: str, leg: LegId) -> SimulatedLeg:
        await self._delay(operation)
        return self._fabric.there(leg)

    async def _quiet(self, operation: str, leg: LegId) -> SimulatedLeg:
        """Carry out an order that waits for a playing prompt to end (Asterisk 22)."""
        here = await self._order(operation, leg)
        await here.silent()
        return self._fabric.there(leg)
