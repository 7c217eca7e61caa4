"""Asterisk as a :class:`~ivrengine.telephony.Switch`: orders over REST, events over a websocket."""

import asyncio
import math
from collections.abc import Sequence

import structlog

from ivrengine.clock import Clock
from ivrengine.errors import LegGone, SwitchRefused, SwitchUnavailable
from ivrengine.softswitch.ari import playbacks
from ivrengine.softswitch.ari.causes import q850_code
from ivrengine.softswitch.ari.client import AriClient, Operation, Parameter
from ivrengine.softswitch.ari.connection import EventConnection, LinkState
from ivrengine.softswitch.ari.health import SwitchHealth
from ivrengine.softswitch.ari.heartbeat import Heartbeat
from ivrengine.softswitch.ari.listing import Listing
from ivrengine.softswitch.ari.observers import AriObservers, DropCause
from ivrengine.softswitch.ari.opening import OPENS_ITSELF
from ivrengine.softswitch.ari.recordings import LiveRecordings
from ivrengine.softswitch.ari.server import EventServer
from ivrengine.softswitch.ari.settings import AriAccess, AriSettings
from ivrengine.softswitch.ari.tapes import Tapes
from ivrengine.softswitch.ari.translation import Translator
from ivrengine.softswitch.ari.watchdog import Redial, Watchdog
from ivrengine.softswitch.keeper import Kept
from ivrengine.softswitch.settings import OUTGOING_PREFIX
from ivrengine.telephony import (
    BridgeId,
    EventSink,
    HangUpCause,
    Hears,
    LegId,
    LiveBridge,
    LiveLeg,
    PlaybackId,
    RecordingName,
    RecordingOrder,
    SwitchEvent,
    Whispers,
    can_be_dialled,
)

log = structlog.get_logger(__name__)

_WATCH_POOL_SIZE = 3
"""Connections of the watchdog's own, which no blocked order can take from it."""

_NOT_FOUND = 404
_NOT_OURS = 409
_EXISTS = 409
_NOT_IN_BRIDGE = 422
_ALLOCATION_FAILED = 500

_BRIDGE_TYPE = "mixing,dtmf_events"
"""With ``dtmf_events`` Asterisk keeps the media in its own hands, so that keys are reported."""


class AsteriskSwitch:
    """Serves calls on one Asterisk.

    Run :meth:`run` as a task for as long as calls are served, and wait for :meth:`wait_ready`.

    Args:
        access: where Asterisk is, and the secrets shared with it.
        settings: deadlines and rhythms.
        clock: the time.
        observers: those who count.
        redial: has Asterisk dial again when its websocket hangs; None when there is no way.
        kept: has its websocket outlive us, should we die.
    """

    def __init__(
        self,
        access: AriAccess,
        settings: AriSettings,
        clock: Clock,
        *,
        observers: AriObservers | None = None,
        redial: Redial | None = None,
        kept: Kept | None = None,
    ) -> None:
        self._clock = clock
        self._observers = observers or AriObservers()
        self._sinks: list[EventSink] = []
        self._translator = Translator(self._observers.dropped)
        self._orders = AriClient(access, settings, self._observers, pool_size=settings.pool_size)
        self._watch = AriClient(access, settings, self._observers, pool_size=_WATCH_POOL_SIZE)
        self._listing = Listing(self._orders)
        self._recordings = LiveRecordings(self._orders, begins_within_s=settings.order_deadline_s)
        self._tapes = Tapes(
            self._orders,
            has_ended=self._translator.has_ended,
            begins_within_s=settings.order_deadline_s,
        )
        self._connection = EventConnection(
            settings,
            clock,
            client=self._watch,
            translator=self._translator,
            file=self._file,
            dropped=self._observers.dropped,
        )
        self._heartbeat = Heartbeat(settings, client=self._watch, connection=self._connection)
        self._server = EventServer(access, self._connection.attend, kept or Kept())
        self._watchdog = Watchdog(
            access,
            settings,
            clock,
            client=self._watch,
            connection=self._connection,
            observers=self._observers,
            redial=redial,
        )

    async def run(self) -> None:
        """Serve until cancelled; legs and bridges are left as they are then.

        Raises:
            ConfigError: the port for Asterisk's events is taken.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._server.run(), name="ari-events")
                tasks.create_task(self._heartbeat.run(), name="ari-heartbeat")
                tasks.create_task(self._watchdog.run(), name="ari-watchdog")
                try:
                    await asyncio.get_running_loop().create_future()
                finally:
                    self._connection.let_go()
        finally:
            await self._orders.close()
            await self._watch.close()

    async def wait_ready(self) -> None:
        """Wait until events flow, orders can be given and calls are let in.

        The caller sets the deadline.

        Raises:
            SwitchUnavailable: Asterisk went away again in the same moment.
            SwitchRefused: it lacks an operation that is needed.
        """
        await self._connection.wait_ready()
        await self._orders.learn()
        await self._heartbeat.wait_begun()

    @property
    def health(self) -> SwitchHealth:
        """What the watchdog knows now."""
        return self._watchdog.health

    @property
    def link(self) -> LinkState:
        """How far the event connection has come."""
        return self._connection.state

    def subscribe(self, sink: EventSink) -> None:
        """Send every event from here on to ``sink``, in the order of each leg."""
        self._sinks.append(sink)

    async def lift_guard(self, leg: LegId) -> None:
        """Take away the time limit under which an arriving leg waits for us."""
        await self._for_leg(Operation.SET_VARIABLE, leg, variable="TIMEOUT(absolute)", value="0")

    async def answer(self, leg: LegId) -> None:
        """Answer an arriving leg; returning means that 200 OK was sent."""
        await self._for_leg(Operation.ANSWER, leg)

    async def ring(self, leg: LegId) -> None:
        """Let the caller of an unanswered leg hear ringing."""
        await self._for_leg(Operation.RING, leg)

    async def hang_up(self, leg: LegId, cause: HangUpCause = HangUpCause.NORMAL) -> None:
        """End a leg; a leg that is already gone is no error."""
        try:
            await self._for_leg(Operation.HANG_UP, leg, reason_code=str(q850_code(cause)))
        except LegGone:
            return

    async def play(self, leg: LegId, playback: PlaybackId, media: Sequence[str]) -> None:
        """Play ``media`` (URIs) one after the other without a gap; returns when it is queued.

        It is queued behind what plays on the leg. Asterisk takes about 40 KB of URIs.
        """
        await self._for_leg(
            Operation.PLAY, leg, media=tuple(media), playbackId=playback, lang=playbacks.AS_NAMED
        )

    async def stop(self, playback: PlaybackId) -> None:
        """Silence a playback; one that already ended is no error."""
        await playbacks.stop(self._orders, playback)

    async def start_music(self, leg: LegId, music_class: str = "default") -> None:
        """Let a leg hear music until :meth:`stop_music`."""
        await self._for_leg(Operation.START_MUSIC, leg, mohClass=music_class)

    async def stop_music(self, leg: LegId) -> None:
        """End the music of a leg; no music is no error."""
        await self._for_leg(Operation.STOP_MUSIC, leg)

    async def record(self, leg: LegId, order: RecordingOrder) -> None:
        """Record what the leg says; :class:`RecordingFinished` tells the end.

        Asterisk counts whole seconds, so limits are rounded up. A leg in a bridge cannot be
        recorded: the recording is reported as failed.
        """
        await self._for_leg(
            Operation.RECORD,
            leg,
            name=order.recording,
            format="wav",
            maxDurationSeconds=math.ceil(order.max_s),
            maxSilenceSeconds=math.ceil(order.max_silence_s),
            terminateOn=order.terminator or "none",
            beep=order.beep,
            ifExists="fail",
        )

    async def stop_recording(self, recording: RecordingName) -> None:
        """Close a recording of a leg or a conversation and keep it; one that ended is no error."""
        await self._recordings.order(Operation.STOP_RECORDING, recording)

    async def dial(
        self,
        leg: LegId,
        endpoint: str,
        *,
        caller_id: str,
        ring_timeout_s: float,
        opens_itself: bool = False,
    ) -> None:
        """Ring ``endpoint`` (an agent's number) as the new leg ``leg``.

        A telephone that is not registered is reported as :class:`LegEnded` with ``UNREACHABLE``.
        """
        await self._originate(leg, endpoint, caller_id, ring_timeout_s, opens_itself=opens_itself)

    async def ring_outside(
        self, leg: LegId, number: str, *, trunk: str, caller_id: str, ring_timeout_s: float
    ) -> None:
        """Ring ``number`` outside as the new leg ``leg``, over the group of lines ``trunk``."""
        if can_be_dialled(number):
            endpoint = f"{number}@{OUTGOING_PREFIX}{trunk}"
            await self._originate(leg, endpoint, caller_id, ring_timeout_s)
        else:
            self._report_end(leg, HangUpCause.UNKNOWN_NUMBER)

    async def _originate(
        self,
        leg: LegId,
        endpoint: str,
        caller_id: str,
        ring_timeout_s: float,
        *,
        opens_itself: bool = False,
    ) -> None:
        self._translator.expect(leg)
        try:
            await self._orders.order(
                Operation.ORIGINATE,
                channelId=leg,
                endpoint=f"PJSIP/{endpoint}",
                app=self._orders.app,
                appArgs=f"ordered,{leg}",
                callerId=caller_id,
                timeout=math.ceil(ring_timeout_s),
                variables=dict(OPENS_ITSELF) if opens_itself else {},
            )
        except SwitchUnavailable:
            # Perhaps only the reply is missing; if the leg is too, the next connection shows it.
            self._translator.confirm(leg)
            raise
        except SwitchRefused as refusal:
            if refusal.status != _ALLOCATION_FAILED:
                self._translator.forget(leg)
                raise
            # Asterisk says no more than this when an endpoint has no reachable contact.
            self._report_end(leg, HangUpCause.UNREACHABLE)
        else:
            self._translator.confirm(leg)

    def _report_end(self, leg: LegId, cause: HangUpCause) -> None:
        for ended in self._translator.end(leg, self._clock.now(), cause=cause):
            self._file(ended)

    async def snoop(self, leg: LegId, snoop: LegId, *, hears: Hears, whispers: Whispers) -> None:
        """Make the new leg ``snoop``, which hears what ``leg`` does and may be heard through it."""
        self._translator.expect(snoop)
        try:
            await self._for_leg(
                Operation.SNOOP,
                leg,
                snoopId=snoop,
                spy=hears.value,
                whisper=whispers.value,
                app=self._orders.app,
                appArgs=f"ordered,{snoop}",
            )
        except (LegGone, SwitchRefused):
            self._translator.forget(snoop)
            raise
        self._translator.confirm(snoop)

    async def create_bridge(self, bridge: BridgeId) -> None:
        """Make a mixing bridge under our id; one that is there already is no error."""
        try:
            await self._orders.order(
                Operation.CREATE_BRIDGE, bridgeId=bridge, type=_BRIDGE_TYPE, name=self._orders.app
            )
        except SwitchRefused as refusal:
            if refusal.status != _EXISTS:
                raise

    async def join(
        self, bridge: BridgeId, legs: Sequence[LegId], *, keys_pass: bool = True
    ) -> None:
        """Put answered legs into a bridge, where they hear each other."""
        await self._orders.order(
            Operation.JOIN, bridgeId=bridge, channel=tuple(legs), absorbDTMF=not keys_pass
        )

    async def leave(self, bridge: BridgeId, leg: LegId) -> None:
        """Take a leg out of a bridge; one that is not in it is no error."""
        try:
            await self._orders.order(Operation.LEAVE, bridgeId=bridge, channel=(leg,))
        except LegGone:
            return
        except SwitchRefused as refusal:
            if refusal.status not in (_NOT_FOUND, _NOT_OURS, _NOT_IN_BRIDGE):
                raise

    async def destroy_bridge(self, bridge: BridgeId) -> None:
        """Remove a bridge; legs in it stay up. One that is gone is no error."""
        await self._tapes.end(bridge)
        try:
            await self._orders.order(Operation.DESTROY_BRIDGE, bridgeId=bridge)
        except SwitchRefused as refusal:
            # Asterisk lists a bridge for some moments after it was destroyed.
            if refusal.status not in (_NOT_FOUND, _NOT_OURS):
                raise

    async def record_talk(
        self, bridge: BridgeId, recording: RecordingName, *, heard_by: LegId
    ) -> None:
        """Record the conversation in a bridge into one WAV, as one of its legs hears it."""
        await self._tapes.begin(bridge, recording, heard_by)

    async def pause_recording(self, recording: RecordingName) -> None:
        """Leave out of a recording what is said until it is resumed; one that ended is no error."""
        await self._recordings.order(Operation.PAUSE_RECORDING, recording)

    async def resume_recording(self, recording: RecordingName) -> None:
        """Go on with a paused recording; one that ended, or is not paused, is no error."""
        await self._recordings.order(Operation.RESUME_RECORDING, recording)

    async def live_legs(self) -> Sequence[LiveLeg]:
        """List the legs in our application, in any order, those that still ring included.

        A leg that Asterisk cannot describe is listed with its id alone, as an ordered one.
        """
        return await self._listing.legs()

    async def live_bridges(self) -> Sequence[LiveBridge]:
        """List our bridges, in any order."""
        return await self._listing.bridges()

    async def _for_leg(self, operation: Operation, leg: LegId, **parameters: Parameter) -> None:
        try:
            await self._orders.order(operation, channelId=leg, **parameters)
        except SwitchRefused as refusal:
            # A hang-up that comes in the midst of an order makes it fail in many ways.
            if self._translator.has_ended(leg):
                raise LegGone(str(refusal)) from refusal
            raise

    def _file(self, event: SwitchEvent) -> None:
        """Hand an event to the subscribers: the boundary that none of them may break."""
        for sink in self._sinks:
            try:
                sink(event)
            except Exception:
                self._observers.dropped(DropCause.SINK_FAILED)
                log.exception("sink_failed", kind=type(event).__name__)
