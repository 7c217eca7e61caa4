"""One call of a probe: to a quote and through its whole read-out, heard frame by frame.

It listens for what each key leads to, and takes nothing else for it. Its figures hold as far as it
came, also when the call is broken off.
"""

import asyncio
import time
from collections.abc import Callable
from random import Random
from typing import Final

from ivrengine.load.measures.probe_call import ProbeCall
from ivrengine.load.measures.probes.read_out import silences_of
from ivrengine.load.measures.probes.rtp_quality import quality_of
from ivrengine.softphone.hearing.ear import NotHeard
from ivrengine.softphone.hearing.figures import digit_to_prompt_s
from ivrengine.softphone.hearing.transcript import Entry, Heard, render
from ivrengine.softphone.person import Caller
from ivrengine.softphone.sip.call import Call, CallState
from ivrengine.softphone.sip.sdp import UnusableSession

LANGUAGE_KEYS: Final = {"zh": "1", "en": "2"}
CODE: Final = "600519"

_ANSWERED_WITHIN_S: Final = 10.0
_HEARD_WITHIN_S: Final = 10.0
_READ_OUT_WITHIN_S: Final = 60.0
_LISTENS_S: Final = (0.3, 3.0)
"""Before a key: so various that telephones which begin together soon do not press together."""

_NOISE_FRAMES: Final = 3


class Walk:
    """A call to ``dialled`` in ``language``. ``answered`` is called when it is."""

    def __init__(
        self,
        caller: Caller,
        dialled: str,
        *,
        language: str,
        chance: Random,
        answered: Callable[[], None],
    ) -> None:
        self._caller = caller
        self._dialled = dialled
        self._language = language
        self._chance = chance
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
        greeting = await self._caller.hears("welcome.greeting", within_s=_HEARD_WITHIN_S)
        self._first_sound_s = max(0.0, greeting.began_at - answered_at)
        return True

    async def _ask_for_a_quote(self) -> None:
        await self._press(LANGUAGE_KEYS[self._language], "menu.main")
        await self._press("1", "quotes.notice")
        await self._caller.hears("quotes.menu", language=self._language, within_s=_HEARD_WITHIN_S)
        await self._press("1", "quotes.ask_code")

    async def _hear_it_out(self) -> None:
        ear = self._caller.ear
        name = await self._press(CODE, f"security.{CODE}")
        await ear.hears("quotes.after", language=self._language, within_s=_READ_OUT_WITHIN_S)
        read_out = [
            entry
            for entry in ear.transcript
            if entry.rtp_begin >= name.rtp_begin and not _is_noise(entry)
        ]
        fragments = [entry for entry in read_out if isinstance(entry, Heard)]
        silences = silences_of(fragments)
        self._gaps_samples.extend(silences.between)
        self._holes_samples.extend(silences.inside)
        if len(fragments) < len(read_out) or silences.first_left_out is not None:
            raise NotHeard(f"the read-out was not heard whole:\n{render(ear.transcript)}")
        await self._press("1", "quotes.ask_code")

    async def _press(self, keys: str, leads_to: str) -> Heard:
        await asyncio.sleep(self._chance.uniform(*_LISTENS_S))
        press = await self._caller.presses(keys)
        heard = await self._caller.hears(
            leads_to, language=self._language, within_s=_HEARD_WITHIN_S
        )
        between = [
            entry
            for entry in self._caller.ear.transcript
            if press.ended_at < entry.began_at < heard.began_at and _begins_anew(entry)
        ]
        if between:
            raise NotHeard(
                f"{keys} led to {between[0]} before {leads_to}:\n"
                f"{render(self._caller.ear.transcript)}"
            )
        self._digit_to_prompt_s.append(digit_to_prompt_s(press, heard))
        self._pressed_at.append(press.ended_at)
        return heard

    def _blamed(self, fault: str) -> str:
        ended = self._call.end if self._call else None
        return (
            f"after the call had been ended ({ended.cause or ended.reason}): {fault}"
            if ended
            else fault
        )


def _begins_anew(entry: Entry) -> bool:
    """Tell whether something else began here, not the rest of what was heard before."""
    return entry.from_frame == 0 if isinstance(entry, Heard) else not _is_noise(entry)


def _is_noise(entry: Entry) -> bool:
    """Tell whether this is too short for anybody to have heard it, such as a cut frame."""
    return not isinstance(entry, Heard) and entry.frames < _NOISE_FRAMES
