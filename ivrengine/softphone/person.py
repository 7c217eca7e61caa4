"""People on telephones, so that what they do reads as the conversation it is.

await caller.dials("952588")
await caller.hears("welcome.choose_language")
await caller.presses("1")
await caller.hears("menu.main", language="zh")
"""

import asyncio
import contextlib
from pathlib import Path
from types import TracebackType
from typing import Self

from ivrengine.softphone.hearing.ear import Ear
from ivrengine.softphone.hearing.library import PromptLibraries
from ivrengine.softphone.hearing.transcript import Heard, render
from ivrengine.softphone.sip.call import Call, CallEnd, EndedBy
from ivrengine.softphone.sip.dtmf import KeyPress, KeyStyle
from ivrengine.softphone.sip.incoming import IncomingCall
from ivrengine.softphone.sip.phone import Phone, PhoneSettings
from ivrengine.softphone.sip.registration import RegistrationRefused
from ivrengine.softphone.sound.sources import recording, silence, tone


class Person:
    """Somebody with a telephone and two ears; everything is about the newest call."""

    def __init__(self, phone: Phone, libraries: PromptLibraries) -> None:
        self.phone = phone
        self._libraries = libraries
        self._ears: dict[Call, Ear] = {}
        phone.on_new_call = self._listen

    @classmethod
    async def with_phone(cls, settings: PhoneSettings, libraries: PromptLibraries) -> Self:
        """Gives somebody a telephone; leave the `async with` to put it down."""
        return cls(await Phone.open(settings), libraries)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.phone.close()

    @property
    def call(self) -> Call:
        """The newest call."""
        return self.phone.call_in_hand

    @property
    def ear(self) -> Ear:
        """What is heard in the newest call."""
        return self._ears[self.call]

    def ear_of(self, call: Call) -> Ear:
        """What is heard in one of this person's calls."""
        return self._ears[call]

    @property
    def transcript(self) -> str:
        """Everything heard in the newest call, for a reader."""
        return render(self.ear.transcript)

    async def dials(self, number: str, *, within_s: float = 10.0) -> Call:
        """Calls and waits for the answer; a refusal raises CallRefused."""
        return await self.phone.call(number, within_s=within_s)

    async def hears(
        self,
        prompt_id: str,
        *,
        language: str | None = None,
        within_s: float = 10.0,
        to_the_end: bool = False,
    ) -> Heard:
        """Waits for a prompt, passing over others on the way."""
        return await self.ear.hears(
            prompt_id, language=language, within_s=within_s, to_the_end=to_the_end
        )

    async def hears_in_order(
        self, *prompt_ids: str, language: str | None = None, within_s: float = 10.0
    ) -> list[Heard]:
        """Waits for whole prompts that follow each other with nothing between."""
        return await self.ear.hears_in_order(*prompt_ids, language=language, within_s=within_s)

    async def hears_music(self, *, within_s: float = 10.0) -> Heard:
        """Waits for music."""
        return await self.ear.hears_music(within_s=within_s)

    async def hears_tone(self, frequency_hz: float, *, within_s: float = 5.0) -> None:
        """Waits for somebody else's tone."""
        await self.ear.hears_tone(frequency_hz, within_s=within_s)

    async def hears_nothing_for(self, duration_s: float) -> None:
        """Listens to silence."""
        await self.ear.hears_nothing_for(duration_s)

    async def presses(
        self, keys: str, *, style: KeyStyle | None = None, at_s: float | None = None
    ) -> KeyPress:
        """Presses keys and tells of the last one."""
        return (await self.call.press(keys, style=style, at_s=at_s))[-1]

    async def waits(self, duration_s: float) -> None:
        """Lets time pass."""
        await asyncio.sleep(duration_s)

    def hums(self, frequency_hz: float) -> None:
        """Sends a steady tone from here on."""
        self.call.play(tone(self.call.media.codec, frequency_hz))

    def says(self, file: Path) -> None:
        """Plays a headerless G.711 file of the call's codec from here on; silence follows."""
        self.call.play(recording(file, self.call.media.codec))

    def falls_silent(self) -> None:
        """Sends silence from here on."""
        self.call.play(silence(self.call.media.codec))

    async def hangs_up(self) -> None:
        """Puts the receiver down."""
        await self.call.hang_up()

    async def is_hung_up_on(self, *, within_s: float = 10.0) -> CallEnd:
        """Waits for the other side to end the call.

        Raises:
            TimeoutError: the call is still there.
            RuntimeError: it was ended from this side.
        """
        end = await self.call.wait_until_ended(within_s=within_s)
        if end.by is not EndedBy.THEM:
            raise RuntimeError(f"the call was ended from this side: {end.reason}")
        return end

    def vanishes(self) -> None:
        """Pulls the plug of the telephone: no BYE, closed sockets."""
        self.phone.vanish()

    def _listen(self, call: Call) -> None:
        self._ears[call] = Ear(call.media, self._libraries)


class Caller(Person):
    """Somebody outside, whose calls come from a carrier's address."""


class Agent(Person):
    """Somebody with a registered telephone of the house."""

    async def registers(self) -> None:
        """Makes the telephone known; it stays so until it is put away or vanishes."""
        await self.phone.register()

    async def dials_code(self, code: str, *, within_s: float = 10.0) -> str:
        """Dials a feature code and listens until hung up on; the transcript of the answer."""
        # A caller may be offered while the answer is still being spoken, so the call is held fast.
        call = await self.dials(code, within_s=within_s)
        await call.wait_until_ended(within_s=within_s)
        return render(self.ear_of(call).transcript)

    async def rings(self, *, within_s: float = 10.0) -> IncomingCall:
        """Waits for the bell."""
        return await self.phone.wait_for_ring(within_s=within_s)

    async def answers(self, *, within_s: float = 10.0) -> IncomingCall:
        """Waits for the bell and picks up."""
        return await self.phone.answer(within_s=within_s)

    async def rejects(self, *, status: int = 486, within_s: float = 10.0) -> IncomingCall:
        """Waits for the bell and sends the caller away."""
        return await self.phone.reject(status, within_s=within_s)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        registration = self.phone.registration
        try:
            if registration is not None and registration.is_active:
                with contextlib.suppress(RegistrationRefused):
                    await registration.withdraw(within_s=1.0)
        finally:
            await super().__aexit__(kind, error, trace)
