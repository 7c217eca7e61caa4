"""A softswitch with people around it, whichever softswitch it is: what its contract tests need."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Enum, auto
from typing import Final, Protocol

from ivrengine.clock import SteadyClock
from ivrengine.softswitch.ari import AriAccess, AriObservers, AriSettings, AsteriskSwitch
from ivrengine.softswitch.ari.watchdog import Redial
from ivrengine.softswitch.local.debian.progress import silent
from ivrengine.softswitch.local.installation import fetch
from ivrengine.softswitch.settings import SoftswitchSettings
from ivrengine.telephony import Switch
from ivrengine.values import Secret
from tests.kit.fake_ari import board
from tests.kit.fake_ari.server import FakeAri, FakePorts
from tests.kit.ports import free_ports
from tests.kit.switch_events import SwitchEvents

NUMBER: Final = "952588"
OUTSIDE: Final = "13800000002"
CALLER: Final = "13900000001"
READY_WITHIN_S: Final = 15.0
ACTS_WITHIN_S: Final = 20.0
"""How long a telephone may take on a machine that is busy with others."""
REST_WITHIN_S: Final = 20.0
_LOOKS_AGAIN_AFTER_S: Final = 0.05


class Manner(Enum):
    """What an agent's telephone does when it is rung."""

    ANSWERS = auto()
    RINGS = auto()
    IS_BUSY = auto()
    REJECTS = auto()


class FarEnd(Protocol):
    """The telephone at the other end of a leg."""

    async def press(self, key: str) -> None:
        """Presses a key."""
        ...

    async def hang_up(self) -> None:
        """Hangs up."""
        ...

    async def hold(self) -> None:
        """Puts the call on hold."""
        ...

    async def retrieve(self) -> None:
        """Takes the call back."""
        ...

    async def is_over(self) -> bool:
        """Waits a moment for the call to end at this telephone; whether it did."""
        ...


class World(Protocol):
    """A softswitch and its surroundings."""

    events: SwitchEvents
    short: str
    """A sound of less than half a second."""
    long: str
    """A sound of many seconds."""

    @property
    def switch(self) -> Switch:
        """The softswitch."""
        ...

    async def call_in(self) -> FarEnd:
        """Somebody dials `NUMBER` from `CALLER`."""
        ...

    async def place_phone(self, agent: str, manner: Manner) -> None:
        """Registers an agent's telephone."""
        ...

    async def place_outside(self, manner: Manner) -> None:
        """Places a telephone with the number `OUTSIDE` behind the trunk group `main`."""
        ...


class AriWorld:
    """What both Asterisks have in common."""

    switch: AsteriskSwitch

    def __init__(self, switch: AsteriskSwitch, events: SwitchEvents) -> None:
        self.switch = switch
        self.events = events

    async def clear(self) -> None:
        """Ends every leg and bridge that is left, and waits until none is listed.

        Asterisk goes on listing what has ended for some moments.

        Raises:
            TimeoutError: something cannot be ended.
        """
        async with asyncio.timeout(REST_WITHIN_S):
            while await self._end_what_is_left():  # noqa: ASYNC110
                await asyncio.sleep(_LOOKS_AGAIN_AFTER_S)

    async def _end_what_is_left(self) -> bool:
        legs = [live.leg for live in await self.switch.live_legs()]
        bridges = [live.bridge for live in await self.switch.live_bridges()]
        for leg in legs:
            await self.switch.hang_up(leg)
        for bridge in bridges:
            await self.switch.destroy_bridge(bridge)
        return bool(legs or bridges)


class FakeFarEnd:
    """The far end of a channel of the pretended Asterisk."""

    def __init__(self, ari: FakeAri, channel: board.Channel) -> None:
        self._ari = ari
        self.channel = channel

    async def press(self, key: str) -> None:
        """Presses a key."""
        self._ari.board.press(self.channel, key)

    async def hang_up(self) -> None:
        """Hangs up."""
        self._ari.board.far_end_hangs_up(self.channel)

    async def hold(self) -> None:
        """Puts the call on hold."""
        self._ari.board.hold(self.channel, held=True)

    async def retrieve(self) -> None:
        """Takes the call back."""
        self._ari.board.hold(self.channel, held=False)

    async def is_over(self) -> bool:
        """Whether the channel has ended."""
        return await self.channel.watch.until(lambda: self.channel.ended, within_s=ACTS_WITHIN_S)


class FakeWorld(AriWorld):
    """The adapter against a pretended Asterisk."""

    short = "sound:short"
    long = f"sound:{board.LONG_SOUND}"

    def __init__(
        self, switch: AsteriskSwitch, events: SwitchEvents, ari: FakeAri, access: AriAccess
    ) -> None:
        super().__init__(switch, events)
        self.ari = ari
        self.access = access

    async def call_in(self) -> FakeFarEnd:
        """Somebody dials."""
        return FakeFarEnd(self.ari, self.ari.board.call_in(CALLER, NUMBER))

    async def place_phone(self, agent: str, manner: Manner) -> None:
        """Registers an agent's telephone."""
        self.ari.board.phones[agent] = board.Manner[manner.name]

    async def place_outside(self, manner: Manner) -> None:
        """Places a telephone outside."""
        self.ari.board.phones[f"{OUTSIDE}@out-main"] = board.Manner[manner.name]


@asynccontextmanager
async def served(switch: AsteriskSwitch) -> AsyncIterator[None]:
    """Runs a switch until the block is left."""
    async with asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(switch.run())
        try:
            yield
        finally:
            serving.cancel()


@asynccontextmanager
async def fake_world(
    settings: AriSettings | None = None,
    *,
    observers: AriObservers | None = None,
    redial: Redial | None = None,
) -> AsyncIterator[FakeWorld]:
    """A pretended Asterisk with the adapter connected to it."""
    ports = free_ports()
    installation = fetch(SoftswitchSettings(), report=silent)
    ari = FakeAri(
        FakePorts(http=ports.asterisk_http, events=ports.events, sip=ports.sip),
        rest_api=installation.data / "rest-api",
        secret="ari-secret",
        event_secret="event-secret",
    )
    access = AriAccess(
        http_port=ports.asterisk_http,
        event_port=ports.events,
        sip_port=ports.sip,
        app=board.APP,
        user=board.APP,
        secret=Secret("ari-secret"),
        event_user=board.APP,
        event_secret=Secret("event-secret"),
    )
    switch = AsteriskSwitch(
        access, settings or AriSettings(), SteadyClock(), observers=observers, redial=redial
    )
    events = SwitchEvents()
    switch.subscribe(events)
    async with ari.running(), served(switch):
        async with asyncio.timeout(READY_WITHIN_S):
            await switch.wait_ready()
        yield FakeWorld(switch, events, ari, access)
