"""One call of a probe: to a quote and through its whole read-out, heard frame by frame.

It listens for what each key leads to, and takes nothing else for it, but for a prompt that it heard
already where somebody kills the engine. Its figures hold as far as it came, also when the call is
broken off.
"""

import asyncio
import time
from collections.abc import Callable
from random import Random
from typing import Final

from ivrengine.load.measures.probe_call import ProbeCall
from ivrengine.load.measures.probes.following import begun_between, read_out_from
from ivrengine.load.measures.probes.read_out import silences_of
from ivrengine.load.measures.probes.rtp_quality import quality_of
from ivrengine.softphone.hearing.ear import NotHeard
from ivrengine.softphone.hearing.figures import digit_to_prompt_s
from ivrengine.softphone.hearing.transcript import Heard, render
from ivrengine.softphone.person import Caller
from ivrengine.softphone.sip.call import Call, CallState
from ivrengine.softphone.sip.dtmf import KeyPress
from ivrengine.softphone.sip.sdp import UnusableSession

LANGUAGE_KEYS: Final = {"zh": "1", "en": "2"}
CODE: Final = "600519"

_ANSWERED_WITHIN_S: Final = 10.0
_HEARD_WITHIN_S: Final = 10.0
_BACK_WITHIN_S: Final = 15.0
"""More than that where the engine is killed: it may have to be loaded and takes up all calls."""

_READ_OUT_WITHIN_S: Final = 60.0
_LISTENS_S: Final = (0.3, 3.0)
"""Before a key: so various that telephones which begin together soon do not press together."""


class Walk:
    """A call to ``dialled`` in ``language``. ``answered`` is called when it is.

    With ``kills`` the engine may be killed meanwhile: what was heard may then come again, and a key
    that led nowhere is pressed once more.
    """

    def __init__(
        self,
        caller: Caller,
        dialled: str,
        *,
        language: str,
        chance: Random,
        kills: bool,
        answered: Callable[[], None],
    ) -> None:
        self._caller = caller
        self._dialled = dialled
        self._language = language
        self._chance = chance
        self._kills = kills
        self._within_s = _HEARD_WITHIN_S + (_BACK_WITHIN_S if kills else 0.0)
        self._answered = answered
        self._call: Call | None = None
        self._began_at = time.monotonic()
        self._setup_s: float | None = None
        self._first_sound_s: float | None = None
        self._digit_to_prompt_s: list[float] = []
        self._pressed_at: list[float] = []
        self._gaps_samples: list[int] = []
        self._holes_samples: list[int] = []
        self._refused = 0
        self._fault = ""

    async def go(self) -> None:
        """Call, ask for a quote, hear it out and hang up; what goes wrong is found, not raised."""
        try:
            if await self._dial():
                await self._ask_for_a_quote()
                await self._hear_it_out()
                await self._caller.hangs_up()
        except NotHeard as fault:
            self._fault = self._blamed(str(fault))
        except (TimeoutError, UnusableSession, RuntimeError) as fault:
            heard = render(self._caller.ear.transcript)
            self._fault = self._blamed(f"{fault or type(fault).__name__}\n{heard}")

    def found(self) -> ProbeCall:
        """Return what was found out until now."""
        return ProbeCall(
            began_at=self._began_at,
            language=self._language,
            setup_s=self._setup_s,
            first_sound_s=self._first_sound_s,
            digit_to_prompt_s=tuple(self._digit_to_prompt_s),
            pressed_at=tuple(self._pressed_at),
            gaps_samples=tuple(self._gaps_samples),
            holes_samples=tuple(self._holes_samples),
            rtp=quality_of(self._call.media.arrivals) if self._call else None,
            refused=self._refused,
            fault=self._fault,
        )

    async def _dial(self) -> bool:
        phone = self._caller.phone
        self._began_at = time.monotonic()
        self._call = call = phone.start_call(self._dialled)
        if not await call.reaches(CallState.TALKING, within_s=_ANSWERED_WITHIN_S):
            call.give_up()
            self._refused = call.end.status if call.end else 408
            return False
        assert call.answered_at is not None
        # The kernel had the answer before this process came to read it.
        answered_at = min(call.answered_at, phone.wire.taken_in_at)
        self._setup_s = answered_at - self._began_at
        self._answered()
        greeting = await self._caller.hears("welcome.greeting", within_s=self._within_s)
        self._first_sound_s = max(0.0, greeting.began_at - answered_at)
        return True

    async def _ask_for_a_quote(self) -> None:
        await self._press(LANGUAGE_KEYS[self._language], "menu.main")
        await self._press("1", "quotes.notice")
        await self._hears("quotes.menu")
        await self._press("1", "quotes.ask_code")

    async def _hear_it_out(self) -> None:
        ear = self._caller.ear
        name = await self._press(CODE, f"security.{CODE}")
        await ear.hears("quotes.after", language=self._language, within_s=_READ_OUT_WITHIN_S)
        read_out = read_out_from(ear.transcript, name, again=self._kills)
        fragments = [entry for entry in read_out if isinstance(entry, Heard)]
        silences = silences_of(fragments)
        self._gaps_samples.extend(silences.between)
        self._holes_samples.extend(silences.inside)
        if len(fragments) < len(read_out) or silences.first_left_out is not None:
            raise NotHeard(f"the read-out was not heard whole:\n{render(ear.transcript)}")
        await self._press("1", "quotes.ask_code")

    async def _press(self, keys: str, leads_to: str) -> Heard:
        await asyncio.sleep(self._chance.uniform(*_LISTENS_S))
        press, heard = await self._press_until_heard(keys, leads_to)
        between = begun_between(
            self._caller.ear.transcript, press.ended_at, heard.began_at, again=self._kills
        )
        if between:
            raise NotHeard(
                f"{keys} led to {between[0]} before {leads_to}:\n"
                f"{render(self._caller.ear.transcript)}"
            )
        self._digit_to_prompt_s.append(digit_to_prompt_s(press, heard))
        self._pressed_at.append(press.ended_at)
        return heard

    async def _press_until_heard(self, keys: str, leads_to: str) -> tuple[KeyPress, Heard]:
        press = await self._caller.presses(keys)
        try:
            return press, await self._hears(leads_to)
        except NotHeard:
            if not self._kills:
                raise
        # Asterisk keeps no key for an engine that is not there; people press it again.
        press = await self._caller.presses(keys)
        return press, await self._hears(leads_to)

    async def _hears(self, prompt: str) -> Heard:
        return await self._caller.hears(prompt, language=self._language, within_s=self._within_s)

    def _blamed(self, fault: str) -> str:
        ended = self._call.end if self._call else None
        return (
            f"after the call had been ended ({ended.cause or ended.reason}): {fault}"
            if ended
            else fault
        )
