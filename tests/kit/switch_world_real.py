"""A real Asterisk with real telephones around it, for the contract tests of a softswitch."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from ivrengine.clock import SteadyClock
from ivrengine.softphone.sip.call import CallState
from ivrengine.softphone.sip.incoming import IncomingCall
from ivrengine.softphone.sip.outgoing import OutgoingCall
from ivrengine.softphone.sip.phone import Manner as PhoneManner
from ivrengine.softphone.sip.phone import Phone, PhoneSettings
from ivrengine.softswitch.ari import AriAccess, AriObservers, AriSettings, AsteriskSwitch
from ivrengine.softswitch.ari.watchdog import Redial
from ivrengine.softswitch.local.asterisk import LocalSoftswitch
from tests.kit.prompts import write_library
from tests.kit.switch import bare_asterisk
from tests.kit.switch_events import SwitchEvents
from tests.kit.switch_worlds import (
    ACTS_WITHIN_S,
    CALLER,
    NUMBER,
    OUTSIDE,
    READY_WITHIN_S,
    AriWorld,
    Manner,
    served,
)

_FRAMES: Final = {"zh/short": 8, "zh/long": 1500, "music/calm": 250}


class PhoneFarEnd:
    """A real telephone."""

    def __init__(self, call: OutgoingCall) -> None:
        self.call = call

    async def press(self, key: str) -> None:
        """Presses a key."""
        await self._is_answered()
        await self.call.press(key)

    async def hang_up(self) -> None:
        """Hangs up, or gives up when nobody answered; an answer may cross that."""
        self.call.give_up()
        await self.call.reaches(CallState.ENDED, CallState.TALKING, within_s=ACTS_WITHIN_S)
        await self.call.hang_up(within_s=ACTS_WITHIN_S)

    async def hold(self) -> None:
        """Puts the call on hold."""
        await self._is_answered()
        await self.call.hold(within_s=ACTS_WITHIN_S)

    async def retrieve(self) -> None:
        """Takes the call back."""
        await self.call.retrieve(within_s=ACTS_WITHIN_S)

    async def is_over(self) -> bool:
        """Whether the call has ended."""
        return await self.call.reaches(CallState.ENDED, within_s=ACTS_WITHIN_S)

    async def _is_answered(self) -> None:
        # The order to answer is carried out when 200 OK is sent, which is not here yet.
        assert await self.call.reaches(CallState.TALKING, within_s=ACTS_WITHIN_S)


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
        self._callers: list[Phone] = []
        self._server = (str(asterisk.settings.sip_address), asterisk.settings.sip_port)

    async def call_in(self, number: str = NUMBER, *, call_id: str | None = None) -> PhoneFarEnd:
        """Somebody dials."""
        phone = await self._open(PhoneSettings(user=CALLER, server=self._server))
        self._callers.append(phone)
        return PhoneFarEnd(phone.start_call(number, call_id=call_id))

    async def clear(self) -> None:
        """Sends every caller away too, so that no call of theirs comes later."""
        while self._callers:
            await self._callers.pop().close()
        await super().clear()

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
