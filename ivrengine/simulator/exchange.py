"""A softswitch in memory: the telephony port without a network.

It keeps to the port's promises as the adapter to Asterisk does, blocking of orders by a playing
prompt included, and is held to the same contract suite. Time is the running loop's, so under a loop
with virtual time a call of minutes passes in milliseconds.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from ivrengine.clock import Clock
from ivrengine.errors import SwitchUnavailable, TelephonyError
from ivrengine.simulator.fabric import Fabric
from ivrengine.simulator.leg import Origin, SimulatedLeg
from ivrengine.simulator.loop_clock import LoopClock
from ivrengine.simulator.phone import Manner, SimulatedPhone
from ivrengine.simulator.surroundings import Surroundings
from ivrengine.telephony import (
    BridgeId,
    EventSink,
    HangUpCause,
    Hears,
    LegAnswered,
    LegId,
    LegRole,
    LiveBridge,
    LiveLeg,
    PlaybackId,
    RecordingName,
    RecordingOrder,
    SwitchConnected,
    SwitchLost,
    Whispers,
    can_be_dialled,
)
from ivrengine.values import PhoneNumber


def _one_second(_: str) -> float:
    return 1.0


class SimulatedExchange(Surroundings):
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
        super().__init__(Fabric(clock or LoopClock(), duration_of))
        self.order_delay_s = 0.0
        self._faults: dict[str, deque[TelephonyError]] = {}

    # What fate does.

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
        self._fabric.recordings.close(recording)
        for leg in self._fabric.legs.values():
            if leg.recording is not None and leg.recording.recording == recording:
                leg.stop_recording()

    async def dial(
        self,
        leg: LegId,
        endpoint: str,
        *,
        caller_id: str,
        ring_timeout_s: float,
        opens_itself: bool = False,
    ) -> None:
        """Ring the telephone under ``endpoint`` as the new leg ``leg``."""
        await self._delay("dial")
        origin = Origin(
            role=LegRole.ORDERED,
            caller=PhoneNumber(caller_id),
            dialled=endpoint,
            agent=endpoint,
            opens_itself=opens_itself,
        )
        self._ring(self._fabric.new_leg(leg, origin), self._phones.get(endpoint), ring_timeout_s)

    async def ring_outside(
        self, leg: LegId, number: str, *, trunk: str, caller_id: str, ring_timeout_s: float
    ) -> None:
        """Ring the telephone outside that has ``number`` as the new leg ``leg``."""
        await self._delay("ring_outside")
        origin = Origin(
            role=LegRole.ORDERED, caller=PhoneNumber(number), dialled=number, trunk=trunk
        )
        if not can_be_dialled(number):
            self._fabric.new_leg(leg, origin)
            self._fabric.end(leg, HangUpCause.UNKNOWN_NUMBER, by_far_end=False)
            return
        self._ring(self._fabric.new_leg(leg, origin), self._outside.get(number), ring_timeout_s)

    def _ring(self, leg: SimulatedLeg, phone: SimulatedPhone | None, ring_timeout_s: float) -> None:
        if phone is None or phone.manner is Manner.IS_AWAY:
            self._fabric.end(leg.id, HangUpCause.UNREACHABLE, by_far_end=False)
            return
        asyncio.get_running_loop().call_later(ring_timeout_s, self._give_up_ringing, leg.id)
        phone.dialled(leg)

    def _give_up_ringing(self, leg: LegId) -> None:
        here = self._fabric.legs.get(leg)
        if here is not None and not here.answered:
            self._fabric.end(leg, HangUpCause.NO_ANSWER, by_far_end=False)

    async def snoop(self, leg: LegId, snoop: LegId, *, hears: Hears, whispers: Whispers) -> None:
        """Make the new leg ``snoop``, which hears what ``leg`` does and may be heard through it."""
        await self._order("snoop", leg)
        origin = Origin(role=LegRole.ORDERED, caller=PhoneNumber(""), dialled=leg)
        here = self._fabric.new_leg(snoop, origin)
        self._fabric.snoops.add(leg, snoop, hears, whispers)
        here.answered = True
        self._fabric.report(LegAnswered(leg=snoop, at=self._fabric.clock.now()))

    async def create_bridge(self, bridge: BridgeId) -> None:
        """Make a mixing bridge under our id."""
        await self._delay("create_bridge")
        self._fabric.bridges.setdefault(bridge, [])

    async def join(
        self, bridge: BridgeId, legs: Sequence[LegId], *, keys_pass: bool = True
    ) -> None:
        """Put answered legs into a bridge, where they hear each other."""
        for leg in legs:
            await self._quiet("join", leg)
        there = [self._fabric.there(leg) for leg in legs]
        self._fabric.put_in(bridge, there, keys_pass=keys_pass)

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

    async def record_talk(
        self, bridge: BridgeId, recording: RecordingName, *, heard_by: LegId
    ) -> None:
        """Record the conversation in a bridge as one of its legs hears it."""
        await self._order("record_talk", heard_by)
        self._fabric.recordings.begin(recording, bridge, heard_by)

    async def pause_recording(self, recording: RecordingName) -> None:
        """Leave out of a recording what is said until it is resumed."""
        await self._delay("pause_recording")
        self._fabric.recordings.pause(recording)

    async def resume_recording(self, recording: RecordingName) -> None:
        """Go on with a paused recording."""
        await self._delay("resume_recording")
        self._fabric.recordings.resume(recording)

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
