"""Reads Asterisk's lists of channels and bridges, for reconciling after a break.

One call whose Call-ID is not UTF-8 makes the whole list of channels unreadable (Asterisk 22.10
answers 500 until it is gone). The ids of our application's channels can still be had, and each of
them by itself.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from ivrengine.errors import LegGone, SwitchRefused
from ivrengine.softswitch.ari.client import AriClient, Operation
from ivrengine.softswitch.ari.events import Channel
from ivrengine.softswitch.ari.tapes import is_tape
from ivrengine.softswitch.ari.translation import Arrival, read_arrival
from ivrengine.softswitch.ari.transport import Reply
from ivrengine.telephony import BridgeId, LegId, LegRole, LiveBridge, LiveLeg
from ivrengine.values import PhoneNumber

log = structlog.get_logger(__name__)

T = TypeVar("T")

_UP = "Up"
_IN_STASIS = "Stasis"
_BROKEN_LIST = 500


class _Application(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    channel_ids: tuple[str, ...] = ()


class _Bridge(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    name: str = ""
    channels: tuple[str, ...] = ()


_CHANNELS = TypeAdapter(tuple[Channel, ...])
_BRIDGES = TypeAdapter(tuple[_Bridge, ...])


class Listing:
    """Lists what is ours.

    Args:
        client: asks Asterisk.
    """

    def __init__(self, client: AriClient) -> None:
        self._client = client

    async def legs(self) -> Sequence[LiveLeg]:
        """Return the legs of our application, those that still ring included."""
        ours = await self.leg_ids()
        if not ours:
            return ()
        channels = await self._channels(ours)
        return [_live_leg(channel, self._client.app) for channel in channels]

    async def leg_ids(self) -> frozenset[LegId]:
        """Return the ids of the legs of our application."""
        reply = await self._client.order(Operation.APPLICATION, applicationName=self._client.app)
        application = _read(_Application.model_validate_json, reply, "applications.get")
        return frozenset(LegId(each) for each in application.channel_ids if not is_tape(each))

    async def bridges(self) -> Sequence[LiveBridge]:
        """Return the bridges that we made."""
        reply = await self._client.order(Operation.LIST_BRIDGES)
        bridges = _read(_BRIDGES.validate_json, reply, "bridges.list")
        return [
            LiveBridge(
                bridge=BridgeId(bridge.id), legs=tuple(LegId(leg) for leg in bridge.channels)
            )
            for bridge in bridges
            if bridge.name == self._client.app
        ]

    async def _channels(self, ours: frozenset[LegId]) -> Sequence[Channel]:
        try:
            reply = await self._client.order(Operation.LIST_CHANNELS)
        except SwitchRefused as refusal:
            if refusal.status != _BROKEN_LIST:
                raise
            log.error("channel_list_broken", legs=len(ours), fault=str(refusal))
            found = [await self._channel(leg) for leg in sorted(ours)]
            return [channel for channel in found if channel is not None]
        listed = _read(_CHANNELS.validate_json, reply, "channels.list")
        return [channel for channel in listed if channel.id in ours]

    async def _channel(self, leg: LegId) -> Channel | None:
        """Return what is known of one leg: of an unreadable one only its id, of a gone one None."""
        try:
            reply = await self._client.order(Operation.GET_CHANNEL, channelId=leg)
            return _read(Channel.model_validate_json, reply, "channels.get")
        except LegGone:
            return None
        except SwitchRefused as refusal:
            log.error("leg_unreadable", leg=leg, fault=str(refusal))
            return Channel(id=leg)


def _read(read: Callable[[str], T], reply: Reply, operation: str) -> T:
    try:
        return read(reply.body)
    except ValidationError as faults:
        raise SwitchRefused(
            f"{operation}: unreadable answer: {faults.error_count()} faults", status=reply.status
        ) from None


def _live_leg(channel: Channel, app: str) -> LiveLeg:
    arrival = _arrival_of(channel, app)
    return LiveLeg(
        leg=LegId(channel.id),
        role=arrival.role,
        caller=PhoneNumber(channel.caller.number),
        dialled=channel.dialplan.exten,
        trunk=arrival.trunk,
        agent=arrival.agent,
        answered=channel.state == _UP,
    )


def _arrival_of(channel: Channel, app: str) -> Arrival:
    """Return what a channel is; one that is ours but not in Stasis yet is a leg that we dial."""
    name, *args = channel.dialplan.app_data.split(",")
    inside = channel.dialplan.app_name == _IN_STASIS and name == app
    arrival = read_arrival(args) if inside else None
    return arrival or Arrival(role=LegRole.ORDERED)
