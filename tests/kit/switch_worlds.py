"""A softswitch with people around it, whichever softswitch it is: what its contract tests need."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from enum import Enum, auto
from pathlib import Path
from typing import Final, Protocol

from ivrengine.clock import SteadyClock
from ivrengine.softphone.sip.call import CallState
from ivrengine.softphone.sip.incoming import IncomingCall
from ivrengine.softphone.sip.outgoing import OutgoingCall
from ivrengine.softphone.sip.phone import Manner as PhoneManner
from ivrengine.softphone.sip.phone import Phone, PhoneSettings
from ivrengine.softswitch.ari import AriAccess, AriObservers, AriSettings, AsteriskSwitch
from ivrengine.softswitch.ari.watchdog import Redial
from ivrengine.softswitch.local.asterisk import LocalSoftswitch
from ivrengine.softswitch.local.debian.progress import silent
from ivrengine.softswitch.local.installation import fetch
from ivrengine.softswitch.settings import SoftswitchSettings
from ivrengine.telephony import Switch
from ivrengine.values import Secret
from tests.kit.fake_ari import board
from tests.kit.fake_ari.server import FakeAri, FakePorts
from tests.kit.ports import free_ports
from tests.kit.prompts import write_library
from tests.kit.switch import bare_asterisk
from tests.kit.switch_events import SwitchEvents

NUMBER: Final = "952588"
OUTSIDE: Final = "13800000002"
CALLER: Final = "13900000001"
READY_WITHIN_S: Final = 15.0
_FRAMES: Final = {"zh/short": 8, "zh/long": 1500, "music/calm": 250}


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
        return await self.channel.watch.until(lambda: self.channel.ended, within_s=2.0)


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


class PhoneFarEnd:
    """A real telephone."""

    def __init__(self, call: OutgoingCall) -> None:
        self.call = call

    async def press(self, key: str) -> None:
        """Presses a key."""
        await self.call.press(key)

    async def hang_up(self) -> None:
        """Hangs up, or gives up when nobody answered."""
        if self.call.state is CallState.TALKING:
            await self.call.hang_up()
        else:
            self.call.give_up()

    async def hold(self) -> None:
        """Puts the call on hold."""
        await self.call.hold()

    async def retrieve(self) -> None:
        """Takes the call back."""
        await self.call.retrieve()

    async def is_over(self) -> bool:
        """Whether the call has ended."""
        return await self.call.reaches(CallState.ENDED, within_s=2.0)


class AsteriskWorld(AriWorld):
    """The adapter against a real Asterisk, with real telephones."""

    short = "sound:ivr/zh/short"
    long = "sound:ivr/zh/long"

    def __init__(
        self,
        switch: AsteriskSwitch,
        events: SwitchEvents,
        *,
        asterisk: LocalSoftswitch,
        people: AsyncExitStack,
    ) -> None:
        super().__init__(switch, events)
        self.asterisk = asterisk
        self._people = people
        self._phones: dict[str, Phone] = {}
        self._server = (str(asterisk.settings.sip_address), asterisk.settings.sip_port)

    async def call_in(self, number: str = NUMBER, *, call_id: str | None = None) -> PhoneFarEnd:
        """Somebody dials."""
        phone = await self._open(PhoneSettings(user=CALLER, server=self._server))
        return PhoneFarEnd(phone.start_call(number, call_id=call_id))

    async def place_phone(self, agent: str, manner: Manner) -> None:
        """Registers an agent's telephone, unless it is there; it behaves so from here on."""
        if agent not in self._phones:
            settings = PhoneSettings(user=agent, server=self._server, password=f"demo{agent}")
            self._phones[agent] = await self._open(settings)
            await self._phones[agent].register()
        _behave(self._phones[agent], manner)

    async def place_outside(self, manner: Manner) -> None:
        """Places a telephone where the calls go that leave the house, unless it is there."""
        if OUTSIDE not in self._phones:
            (trunk,) = self.asterisk.settings.outgoing
            port = int(trunk.peer.rpartition(":")[2])
            settings = PhoneSettings(user=OUTSIDE, server=self._server, port=port)
            self._phones[OUTSIDE] = await self._open(settings)
        _behave(self._phones[OUTSIDE], manner)

    def phone(self, agent: str) -> Phone:
        """An agent's telephone that was placed."""
        return self._phones[agent]

    async def _open(self, settings: PhoneSettings) -> Phone:
        return await self._people.enter_async_context(await Phone.open(settings))


def _behave(phone: Phone, manner: Manner) -> None:
    phone.on_new_call = lambda call: None
    match manner:
        case Manner.ANSWERS:
            phone.manner = PhoneManner.ANSWER
        case Manner.IS_BUSY:
            phone.manner = PhoneManner.BUSY
        case Manner.RINGS:
            phone.manner = PhoneManner.RING
        case Manner.REJECTS:
            phone.manner = PhoneManner.RING
            phone.on_new_call = _decline_soon


def _decline_soon(call: object) -> None:
    assert isinstance(call, IncomingCall)
    asyncio.get_running_loop().call_soon(call.refuse, 603, "Decline")


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


@asynccontextmanager
async def world_of(
    asterisk: LocalSoftswitch,
    settings: AriSettings | None = None,
    *,
    observers: AriObservers | None = None,
    redial: Redial | None = None,
    people: AsyncExitStack | None = None,
) -> AsyncIterator[AsteriskWorld]:
    """The adapter connected to a real Asterisk that runs.

    Leaving it leaves the calls as they are, and those who call too if they are in `people`.
    """
    switch = AsteriskSwitch(
        AriAccess.of(asterisk.settings, asterisk.secrets),
        settings or AriSettings(),
        SteadyClock(),
        observers=observers,
        redial=redial,
    )
    events = SwitchEvents()
    switch.subscribe(events)
    async with served(switch):
        async with asyncio.timeout(READY_WITHIN_S):
            await switch.wait_ready()
        async with AsyncExitStack() as own_people:
            yield AsteriskWorld(switch, events, asterisk=asterisk, people=people or own_people)


@asynccontextmanager
async def asterisk_world(state_dir: Path) -> AsyncIterator[AsteriskWorld]:
    """A real Asterisk with the adapter connected to it and a few sounds to play."""
    write_sounds(state_dir)
    templates = state_dir / "no-templates"
    templates.mkdir()
    async with (
        bare_asterisk(state_dir, templates=templates) as asterisk,
        world_of(asterisk) as world,
    ):
        yield world


def write_sounds(state_dir: Path) -> None:
    """Makes the sounds that `AsteriskWorld.short` and `AsteriskWorld.long` name."""
    write_library(state_dir / "prompts", _FRAMES)
