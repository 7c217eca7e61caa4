"""The inside of the simulated exchange: its legs and bridges, and the way its events take."""

import asyncio
from collections.abc import Callable

from ivrengine.clock import Clock
from ivrengine.errors import LegGone, SwitchRefused
from ivrengine.simulator.leg import Origin, SimulatedLeg
from ivrengine.simulator.recordings import TalkRecordings
from ivrengine.simulator.snoops import Snoops
from ivrengine.telephony import (
    BridgeId,
    EventSink,
    HangUpCause,
    LegEnded,
    LegId,
    SwitchEvent,
)


class Fabric:
    """Legs, bridges and recordings of conversations, and the events that tell of them.

    Args:
        clock: the time.
        duration_of: how long a sound lasts, in seconds, by its URI.

    Attributes:
        connected: while it is False, events are kept back.
    """

    def __init__(self, clock: Clock, duration_of: Callable[[str], float]) -> None:
        self.clock = clock
        self.connected = True
        self.legs: dict[LegId, SimulatedLeg] = {}
        self.bridges: dict[BridgeId, list[LegId]] = {}
        self.sinks: list[EventSink] = []
        self._duration_of = duration_of
        self.recordings = TalkRecordings(clock, self.report)
        self.snoops = Snoops()
        self._kept_back: list[SwitchEvent] = []

    def report(self, event: SwitchEvent) -> None:
        """Send an event on its way: it arrives after what happens now, never in its midst."""
        if self.connected:
            asyncio.get_running_loop().call_soon(self._deliver, event)
        else:
            self._kept_back.append(event)

    def _deliver(self, event: SwitchEvent) -> None:
        for sink in self.sinks:
            sink(event)

    def release_events(self) -> None:
        """Send what was kept back, in its order."""
        kept_back, self._kept_back = self._kept_back, []
        for event in kept_back:
            self.report(event)

    def new_leg(self, leg: LegId, origin: Origin) -> SimulatedLeg:
        """Add a leg."""
        self.legs[leg] = SimulatedLeg(
            leg, origin, self.clock, report=self.report, duration_of=self._duration_of
        )
        return self.legs[leg]

    def there(self, leg: LegId) -> SimulatedLeg:
        """Return a leg that is up.

        Raises:
            LegGone: it is not.
        """
        here = self.legs.get(leg)
        if here is None:
            raise LegGone(f"{leg} is gone")
        return here

    def end(self, leg: LegId, cause: HangUpCause, *, by_far_end: bool) -> None:
        """End a leg; one that is gone is no error."""
        here = self.legs.get(leg)
        if here is None:
            return
        self.take_out(here)
        del self.legs[leg]
        for snoop in self.snoops.forget(leg):
            self.end(snoop, HangUpCause.NORMAL, by_far_end=False)
        self.recordings.close_all_heard_by(leg)
        here.end(LegEnded(leg=leg, cause=cause, by_far_end=by_far_end, at=self.clock.now()))

    def put_in(self, bridge: BridgeId, legs: list[SimulatedLeg], *, keys_pass: bool) -> None:
        """Put legs into a bridge, out of those they are in.

        Raises:
            SwitchRefused: there is no such bridge.
        """
        self.require_bridge(bridge)
        for leg in legs:
            self.take_out(leg)
            leg.bridge, leg.keys_pass = bridge, keys_pass
            self.bridges[bridge].append(leg.id)
        self._touch(bridge)

    def take_out(self, leg: SimulatedLeg) -> None:
        """Take a leg out of the bridge it is in, if any."""
        if leg.bridge is None:
            return
        bridge, leg.bridge = leg.bridge, None
        self.bridges[bridge].remove(leg.id)
        leg.touch()
        self._touch(bridge)

    def require_bridge(self, bridge: BridgeId) -> None:
        """Make sure that a bridge is there.

        Raises:
            SwitchRefused: it is not.
        """
        if bridge not in self.bridges:
            raise SwitchRefused(f"there is no bridge {bridge}", status=404)

    def destroy(self, bridge: BridgeId) -> None:
        """Remove a bridge; legs in it stay up, recordings of it are closed."""
        for leg in tuple(self.bridges.get(bridge, ())):
            self.take_out(self.legs[leg])
        self.recordings.close_all_of(bridge)
        self.bridges.pop(bridge, None)

    def others_in(self, bridge: BridgeId, leg: LegId) -> list[SimulatedLeg]:
        """Return the other legs in a bridge."""
        return [self.legs[other] for other in self.bridges[bridge] if other != leg]

    def voices(self, leg: SimulatedLeg) -> list[str]:
        """Return whom the telephone of a leg hears, by number: talk, listening and whispers."""
        heard: list[SimulatedLeg] = []
        if leg.bridge is not None:
            for other in self.others_in(leg.bridge, leg.id):
                heard += [other, *self._through(other)]
                heard += self._whispering(self.snoops.heard_as(other.id))
        heard += self._whispering(self.snoops.heard_by(leg.id))
        return list(dict.fromkeys(each.origin.number for each in heard if each.id != leg.id))

    def _through(self, snoop: SimulatedLeg) -> list[SimulatedLeg]:
        """Return whom one hears who is in a bridge with ``snoop``."""
        spied = self.legs.get(self.snoops.listened_to(snoop.id) or snoop.id, snoop)
        if spied is snoop:
            return []
        others = [] if spied.bridge is None else self.others_in(spied.bridge, spied.id)
        told = others if self.snoops.takes_told(snoop.id) else []
        return [*([spied] if self.snoops.takes_said(snoop.id) else []), *told]

    def _whispering(self, snoops: list[LegId]) -> list[SimulatedLeg]:
        through = (self.legs[snoop] for snoop in snoops)
        return [
            speaker
            for snoop in through
            if snoop.bridge is not None
            for speaker in self.others_in(snoop.bridge, snoop.id)
        ]

    def die(self) -> None:
        """Lose everything at once and report nothing of it."""
        now = self.clock.now()
        for leg in self.legs.values():
            lost = LegEnded(leg=leg.id, cause=HangUpCause.FAILED, by_far_end=False, at=now)
            leg.end(lost, silently=True)
        self.legs.clear()
        self.bridges.clear()
        self.recordings.forget_all()
        self.snoops = Snoops()
        self._kept_back.clear()

    def _touch(self, bridge: BridgeId) -> None:
        for leg in self.bridges[bridge]:
            self.legs[leg].touch()
