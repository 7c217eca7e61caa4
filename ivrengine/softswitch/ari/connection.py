"""One event connection from the first byte to the last: is it the same Asterisk, what did we miss.

A connection is *lost* until Asterisk dials, *connected* while missed events are replayed, and
*ready* from then on; *silent* when Asterisk stands still, which keeps its events. Before the first
event is read we ask which Asterisk it is: a restarted one has none of our legs, so their ends are
reported before anything that is new.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

import structlog
from aiohttp import ClientError, WSMessage, WSMsgType, web
from pydantic import BaseModel, ConfigDict, ValidationError

from ivrengine.clock import Clock
from ivrengine.errors import SwitchRefused, TelephonyError
from ivrengine.softswitch.ari import events as ari
from ivrengine.softswitch.ari.acknowledging import acknowledge
from ivrengine.softswitch.ari.client import AriClient, Operation
from ivrengine.softswitch.ari.listing import Listing
from ivrengine.softswitch.ari.observers import DropCause
from ivrengine.softswitch.ari.settings import AriSettings
from ivrengine.softswitch.ari.translation import Translator
from ivrengine.telephony import EventSink, SwitchConnected, SwitchLost

log = structlog.get_logger(__name__)

_ASK_AGAIN_AFTER_S = 0.1
"""An Asterisk that is still starting dials before its ARI answers."""


class LinkState(StrEnum):
    """How far the event connection has come."""

    LOST = "lost"
    CONNECTED = "connected"
    READY = "ready"
    SILENT = "silent"


class _Status(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    startup_time: datetime


class _Info(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    status: _Status


class EventConnection:
    """Reads events and files them; outlives the sockets that Asterisk opens one after the other.

    Args:
        settings: deadlines and rhythms.
        clock: the time.
        client: asks Asterisk who it is, on connections that no order can block.
        translator: knows the legs.
        file: takes every event for the calls.
        dropped: is told of every event that could not be used.
    """

    def __init__(
        self,
        settings: AriSettings,
        clock: Clock,
        *,
        client: AriClient,
        translator: Translator,
        file: EventSink,
        dropped: Callable[[DropCause], None],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._client = client
        self._translator = translator
        self._file = file
        self._dropped = dropped
        self._state = LinkState.LOST
        self._started_at: datetime | None = None
        self._heard_at = 0.0
        self._lost_at = clock.now()
        self._is_let_go = False
        self._became_ready = asyncio.Event()
        self._became_lost = asyncio.Event()

    @property
    def state(self) -> LinkState:
        """How far the connection has come."""
        return self._state

    @property
    def lost_for_s(self) -> float:
        """Seconds without a connection; 0 while there is one."""
        return self._clock.now() - self._lost_at if self._state is LinkState.LOST else 0.0

    def is_alive(self) -> bool:
        """Tell whether events flow: ready, and the last sign of life is fresh."""
        limit_s = self._settings.ping_interval_s + self._settings.probe_interval_s
        return self._state is LinkState.READY and self._clock.now() - self._heard_at < limit_s

    async def wait_ready(self) -> None:
        """Wait until events flow."""
        await self._became_ready.wait()

    async def wait_lost(self) -> None:
        """Wait until events flow no longer."""
        await self._became_lost.wait()

    def let_go(self) -> None:
        """Learn that the connection is about to be closed on purpose, which is no loss."""
        self._is_let_go = True

    async def attend(self, socket: web.WebSocketResponse) -> None:
        """Serve one socket until it closes; returns whatever happens to it."""
        self._state = LinkState.CONNECTED
        self._heard_at = self._clock.now()
        try:
            async with asyncio.TaskGroup() as tasks:
                companions = [
                    tasks.create_task(self._keep_alive(socket), name="ari-ping"),
                    tasks.create_task(self._bury_unseen(), name="ari-bury"),
                ]
                if await self._settle():
                    await self._read(socket)
                for companion in companions:
                    companion.cancel()
        finally:
            self._lose()

    async def _settle(self) -> bool:
        """Learn which Asterisk dialled and set the filter; False when it cannot be asked."""
        try:
            started_at = await self._ask_start()
            await self._client.set_event_filter(ari.FILTERED)
        except TelephonyError as fault:
            log.error("event_connection_useless", fault=str(fault))
            return False
        before, self._started_at = self._started_at, started_at
        if before is not None and before != started_at:
            self._asterisk_is_new()
        return True

    async def _ask_start(self) -> datetime:
        deadline = self._clock.now() + self._settings.order_deadline_s
        while True:
            try:
                reply = await self._client.order(Operation.INFO, only="status")
                return _Info.model_validate_json(reply.body).status.startup_time
            except TelephonyError:
                if self._clock.now() > deadline:
                    raise
            except ValidationError as faults:
                raise SwitchRefused("asterisk.getInfo: unreadable answer", status=200) from faults
            await asyncio.sleep(_ASK_AGAIN_AFTER_S)

    def _asterisk_is_new(self) -> None:
        now = self._clock.now()
        log.error("softswitch_restarted", lost_legs=len(self._translator.confirmed()))
        for ended in self._translator.bury(self._translator.confirmed(), now):
            self._file(ended)
        self._be_ready(restarted=True)

    async def _read(self, socket: web.WebSocketResponse) -> None:
        """File every event in order; the only awaiting is for the next one."""
        loop = asyncio.get_running_loop()
        wire = socket.get_extra_info("socket")
        quiet_at = loop.time() + self._settings.replay_limit_s
        while True:
            try:
                async with asyncio.timeout_at(quiet_at if self._replaying else None):
                    message = await socket.receive()
            except TimeoutError:
                log.warning("replay_ended_by_quiet")
                self._be_ready(restarted=False)
                continue
            acknowledge(wire)
            self._hear()
            match message.type:
                case WSMsgType.TEXT:
                    quiet_at = loop.time() + self._settings.replay_limit_s
                    if self._take(message) is LinkState.LOST:
                        return
                case WSMsgType.PING:
                    await socket.pong(message.data)
                case WSMsgType.CLOSE | WSMsgType.CLOSING | WSMsgType.CLOSED | WSMsgType.ERROR:
                    return
                case _:
                    pass

    @property
    def _replaying(self) -> bool:
        return self._state is LinkState.CONNECTED

    def _take(self, message: WSMessage) -> LinkState:
        try:
            event = ari.read_event(message.data)
        except ari.UnknownKind as fault:
            self._dropped(DropCause.UNKNOWN_TYPE)
            log.warning("unknown_event", kind=str(fault))
            return self._state
        except ari.Unreadable as fault:
            self._dropped(DropCause.UNREADABLE)
            log.error("unreadable_event", fault=str(fault))
            return self._state
        match event:
            case None:
                pass
            case ari.ApplicationRegistered():
                self._be_ready(restarted=False)
            case ari.ApplicationReplaced():
                log.error("event_connection_taken_over")
                return LinkState.LOST
            case _:
                for leg_event in self._translator.translate(event, self._time_of(event)):
                    self._file(leg_event)
        return self._state

    def _time_of(self, event: ari.AriEvent) -> float:
        now = self._clock.now()
        stamp = event.stamped_at() if self._replaying else None
        return now if stamp is None else min(stamp, now)

    def _hear(self) -> None:
        """Note a sign of life on the socket; after a silence events flow again."""
        self._heard_at = self._clock.now()
        if self._state is LinkState.SILENT:
            self._be_ready(restarted=False)

    def _be_ready(self, *, restarted: bool) -> None:
        if self._state is LinkState.READY:
            return
        self._state = LinkState.READY
        self._became_lost.clear()
        self._became_ready.set()
        log.info("events_flow", softswitch_restarted=restarted)
        self._file(SwitchConnected(restarted=restarted, at=self._clock.now()))

    def _be_silent(self) -> None:
        if self._state is LinkState.READY:
            self._report_loss()
        self._state = LinkState.SILENT

    def _lose(self) -> None:
        was, self._state = self._state, LinkState.LOST
        self._lost_at = self._clock.now()
        if was is LinkState.READY and not self._is_let_go:
            self._report_loss()

    def _report_loss(self) -> None:
        self._became_ready.clear()
        self._became_lost.set()
        log.error("events_lost")
        self._file(SwitchLost(at=self._clock.now()))

    async def _bury_unseen(self) -> None:
        """Report the ends that no event told: those sent into a socket that was already dying."""
        await self._became_ready.wait()
        known = self._translator.confirmed()
        try:
            live = await Listing(self._client).leg_ids()
        except TelephonyError as fault:
            log.error("unseen_ends_not_sought", fault=str(fault))
            return
        for ended in self._translator.bury(known - live, self._clock.now()):
            log.warning("end_went_unseen", leg=ended.leg)
            self._file(ended)

    async def _keep_alive(self, socket: web.WebSocketResponse) -> None:
        """Ping, and close a socket that is silent although Asterisk is not.

        An Asterisk that stands still keeps its socket: closing it would have the events of its
        first moments lost, and 22.10 does not dial again after that by itself.
        """
        is_to_close = False
        while True:
            silence_s = self._clock.now() - self._heard_at
            if silence_s <= self._settings.silence_limit_s:
                is_to_close = False
            elif is_to_close:
                log.error("event_connection_dead", silence_s=round(silence_s, 1))
                await socket.close()
                return
            else:
                self._be_silent()
                is_to_close = await self._answers()
            try:
                await socket.ping()
            except (ClientError, OSError):
                return
            await asyncio.sleep(self._settings.ping_interval_s)

    async def _answers(self) -> bool:
        """Tell whether Asterisk itself answers."""
        try:
            await self._client.order_within(self._settings.probe_deadline_s, Operation.PING)
        except TelephonyError:
            return False
        return True
