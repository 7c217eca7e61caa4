"""Gives orders to Asterisk over REST, each with a deadline, by aioari's operations."""

import asyncio
from collections.abc import Mapping
from enum import StrEnum
from time import perf_counter
from typing import Any

import aioari.client
import structlog
from aioswagger11.processors import SwaggerError

from ivrengine.errors import SwitchRefused, SwitchUnavailable
from ivrengine.softswitch.ari.failures import (
    REQUEST_ERRORS,
    failure_of_answer,
    failure_of_request,
)
from ivrengine.softswitch.ari.observers import AriObservers
from ivrengine.softswitch.ari.settings import AriAccess, AriSettings
from ivrengine.softswitch.ari.transport import KeepAliveTransport, Reply

log = structlog.get_logger(__name__)

_FIRST_ERROR_STATUS = 400

Parameter = str | int | bool | tuple[str, ...] | Mapping[str, str]


class Operation(StrEnum):
    """The operations of ARI that are used: resource and nickname in Asterisk's own description."""

    PING = "asterisk.ping"
    INFO = "asterisk.getInfo"
    SET_GLOBAL = "asterisk.setGlobalVar"
    APPLICATION = "applications.get"
    LIST_CHANNELS = "channels.list"
    GET_CHANNEL = "channels.get"
    ORIGINATE = "channels.originateWithId"
    ANSWER = "channels.answer"
    RING = "channels.ring"
    HANG_UP = "channels.hangup"
    SET_VARIABLE = "channels.setChannelVar"
    PLAY = "channels.play"
    START_MUSIC = "channels.startMoh"
    STOP_MUSIC = "channels.stopMoh"
    RECORD = "channels.record"
    SNOOP = "channels.snoopChannelWithId"
    STOP_PLAYBACK = "playbacks.stop"
    GET_RECORDING = "recordings.getLive"
    STOP_RECORDING = "recordings.stop"
    PAUSE_RECORDING = "recordings.pause"
    RESUME_RECORDING = "recordings.unpause"
    LIST_BRIDGES = "bridges.list"
    CREATE_BRIDGE = "bridges.createWithId"
    DESTROY_BRIDGE = "bridges.destroy"
    JOIN = "bridges.addChannel"
    LEAVE = "bridges.removeChannel"


class AriClient:
    """Orders over one pool of connections.

    Args:
        access: where Asterisk is and how to prove oneself.
        settings: deadlines and rhythms.
        observers: is told of every order's duration.
        pool_size: connections at most.
    """

    def __init__(
        self, access: AriAccess, settings: AriSettings, observers: AriObservers, *, pool_size: int
    ) -> None:
        self._access = access
        self._settings = settings
        self._observe = observers.request
        self._pool_size = pool_size
        self._transport: KeepAliveTransport | None = None
        self._operations: dict[Operation, Any] = {}
        self._ari: Any = None
        self._learning = asyncio.Lock()
        self._is_closed = False

    @property
    def app(self) -> str:
        """Name of our application in ARI."""
        return self._access.app

    async def close(self) -> None:
        """Close all connections; orders fail as unavailable from here on."""
        self._is_closed = True
        self._operations = {}
        self._ari = None
        if self._transport is not None:
            await self._transport.close()
            self._transport = None

    async def learn(self) -> None:
        """Learn Asterisk's operations now, so that the first order is not slowed by it.

        Raises:
            SwitchUnavailable: Asterisk does not answer, or is starting.
            SwitchRefused: it does not let us in, or lacks an operation.
        """
        try:
            async with asyncio.timeout(self._settings.order_deadline_s), self._learning:
                if not self._operations:
                    await self._learn()
        except REQUEST_ERRORS as fault:
            raise failure_of_request("api-docs", fault) from fault

    async def order(self, operation: Operation, **parameters: Parameter) -> Reply:
        """Give one order within the settings' deadline and return Asterisk's answer.

        Parameters bear ARI's own names; a tuple arrives as a list.

        Raises:
            LegGone: the leg that it concerns has hung up.
            SwitchUnavailable: no answer in time, or Asterisk is starting.
            SwitchRefused: any other refusal.
        """
        return await self.order_within(self._settings.order_deadline_s, operation, **parameters)

    async def order_within(
        self, deadline_s: float, operation: Operation, **parameters: Parameter
    ) -> Reply:
        """Give one order as :meth:`order` does, within ``deadline_s``."""
        began = perf_counter()
        try:
            async with asyncio.timeout(deadline_s):
                async with self._learning:
                    if not self._operations:
                        await self._learn()
                call = self._operations[operation]
                reply: Reply = await self._ari.run_operation(call, **parameters)
        except REQUEST_ERRORS as fault:
            raise failure_of_request(operation, fault) from fault
        finally:
            self._observe(operation.value, perf_counter() - began)
        return _accepted(operation, reply)

    async def set_event_filter(self, kinds: list[str]) -> None:
        """Ask Asterisk not to send events of ``kinds`` to our application.

        Asterisk takes the filter as the whole body, where aioari would wrap it in a field (22.10),
        so this one order goes past aioari's operation.
        """
        url = f"{self._access.base_url}ari/applications/{self._access.app}/eventFilter"
        unwanted = [{"type": kind} for kind in kinds]
        try:
            async with asyncio.timeout(self._settings.order_deadline_s):
                reply = await self._pool().request("PUT", url, {"disallowed": unwanted})
        except REQUEST_ERRORS as fault:
            raise failure_of_request("applications.filter", fault) from fault
        _accepted("applications.filter", reply)

    def _pool(self) -> KeepAliveTransport:
        if self._is_closed:
            raise SwitchUnavailable("the connections to Asterisk are closed")
        if self._transport is None:
            self._transport = KeepAliveTransport(
                self._access,
                pool_size=self._pool_size,
                keep_alive_s=self._settings.keep_alive_s,
            )
        return self._transport

    async def _learn(self) -> None:
        """Read Asterisk's own description of its operations; once is enough."""
        docs = f"{self._access.base_url}ari/api-docs/resources.json"
        _accepted("api-docs", await self._pool().request("GET", docs))
        ari: Any = aioari.client.Client(self._access.base_url, self._pool())
        try:
            await ari.init()
        except (SwaggerError, LookupError, ValueError, TypeError) as fault:
            # aioswagger11 reads an error page of a starting Asterisk as if it were a description.
            raise SwitchUnavailable(f"api-docs: unreadable: {fault!r}") from fault
        learnt = {operation: _find(ari.swagger, operation) for operation in Operation}
        missing = [operation.value for operation, call in learnt.items() if call is None]
        if missing:
            raise SwitchRefused(
                f"this Asterisk has no {', '.join(missing)}",
                status=404,
                remedy="use Asterisk 22.10 or newer, with the modules that its modules.conf names",
            )
        self._ari, self._operations = ari, learnt


def _accepted(operation: str, reply: Reply) -> Reply:
    if reply.status >= _FIRST_ERROR_STATUS:
        raise failure_of_answer(operation, reply.status, reply.message())
    return reply


def _find(swagger: Any, operation: Operation) -> Any:
    resource_name, nickname = operation.value.split(".")
    resource = swagger.get_resource(resource_name)
    return resource.get_operation(nickname) if resource is not None else None
