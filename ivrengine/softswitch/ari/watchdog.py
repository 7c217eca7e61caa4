"""Looks at the softswitch from outside, and has Asterisk redial when its event connection hangs.

Three things go wrong that no event tells: SIP goes deaf while ARI answers, ARI hangs while SIP
works, and Asterisk's outbound websocket waits for ever in a handshake (22.10.1).
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from ivrengine.clock import Clock
from ivrengine.errors import TelephonyError
from ivrengine.softswitch.ari.client import AriClient, Operation
from ivrengine.softswitch.ari.connection import EventConnection
from ivrengine.softswitch.ari.health import Sign, SwitchHealth, Vitals
from ivrengine.softswitch.ari.observers import AriObservers
from ivrengine.softswitch.ari.settings import AriAccess, AriSettings
from ivrengine.softswitch.local.probes import sip_status

log = structlog.get_logger(__name__)

_STILL_BOOTING = 503
"""What Asterisk answers to every SIP request until all of its modules run."""

Redial = Callable[[], Awaitable[None]]
"""Has Asterisk give its outbound websocket up and dial again; raises TelephonyError."""


class Watchdog:
    """Judges the softswitch's health.

    Args:
        access: where Asterisk is.
        settings: rhythms and limits.
        clock: the time.
        client: looks at ARI, on connections that no order can block.
        connection: the event connection.
        observers: is told of every change of health.
        redial: what to do when Asterisk does not dial; None when there is no way.
    """

    def __init__(
        self,
        access: AriAccess,
        settings: AriSettings,
        clock: Clock,
        *,
        client: AriClient,
        connection: EventConnection,
        observers: AriObservers,
        redial: Redial | None,
    ) -> None:
        self._access = access
        self._settings = settings
        self._clock = clock
        self._client = client
        self._connection = connection
        self._observe = observers.health
        self._redial = redial
        self._vitals = Vitals(unwell_after_s=settings.unwell_after_s, now=clock.now())
        self._redialled_at = 0.0

    @property
    def health(self) -> SwitchHealth:
        """What is known now."""
        return self._vitals.health

    async def run(self) -> None:
        """Look until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._every_probe(self._look_at_rest), name="ari-rest-probe")
            tasks.create_task(self._every_probe(self._look_at_sip), name="ari-sip-probe")
            tasks.create_task(self._every_probe(self._judge), name="ari-judge")

    async def _every_probe(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            await step()
            await asyncio.sleep(self._settings.probe_interval_s)

    async def _look_at_rest(self) -> None:
        try:
            await self._client.order_within(self._settings.probe_deadline_s, Operation.PING)
        except TelephonyError as fault:
            log.debug("ari_ping_failed", fault=str(fault))
            return
        self._vitals.hear(Sign.REST, self._clock.now())

    async def _look_at_sip(self) -> None:
        try:
            status = await sip_status(
                self._access.sip_host,
                self._access.sip_port,
                timeout_s=self._settings.probe_deadline_s,
            )
        except OSError as fault:
            log.warning("sip_probe_failed", fault=str(fault))
            return
        if status is not None and status != _STILL_BOOTING:
            self._vitals.hear(Sign.SIP, self._clock.now())

    async def _judge(self) -> None:
        now = self._clock.now()
        if self._connection.is_alive():
            self._vitals.hear(Sign.EVENTS, now)
        else:
            self._vitals.lose(Sign.EVENTS)
        changed = self._vitals.judge(now)
        if changed is not None:
            report = log.info if changed.ok else log.error
            report("switch_health", ok=changed.ok, missing=changed.faults())
            self._observe(changed)
        await self._redial_if_stuck(now)

    async def _redial_if_stuck(self, now: float) -> None:
        is_stuck = self._connection.lost_for_s > self._settings.redial_after_s
        is_due = now - self._redialled_at > self._settings.redial_after_s
        if self._redial is None or not (is_stuck and is_due and self.health.rest_ok):
            return
        self._redialled_at = now
        log.error("asterisk_does_not_dial", lost_for_s=round(self._connection.lost_for_s, 1))
        try:
            async with asyncio.timeout(self._settings.order_deadline_s):
                await self._redial()
        except (TelephonyError, TimeoutError) as fault:
            log.error("redial_failed", fault=str(fault))
