"""How a caller without a line is let go: with an answer in SIP, and perhaps an apology before.

An apology needs a line itself. It takes one on an account of its own, so that operators bound how
many lines apologies may hold, and is left out when there is none.
"""

import asyncio
from collections.abc import Sequence

import structlog

from acd.trunk_groups import LineClass
from ivrengine.calls.context import CallParts
from ivrengine.calls.facts import CallRefused
from ivrengine.calls.ids import CallIds
from ivrengine.calls.line_rules import Apology, Refusal
from ivrengine.calls.patience import attempt, insist
from ivrengine.errors import LegGone, SpeechError, TelephonyError
from ivrengine.flow.effects import Prompt
from ivrengine.services.callers import CallerProfile
from ivrengine.telephony import (
    HangUpCause,
    LegArrived,
    LegEnded,
    LegEvent,
    LegId,
    PlaybackFinished,
)
from ivrengine.values import CallId, Language

log = structlog.get_logger(__name__)

LONGEST_APOLOGY_S = 60.0
"""After this an apology whose end is not reported counts as over."""


class TurnedAway:
    """One caller who is turned away; :meth:`run` returns when the leg has been let go."""

    def __init__(
        self, arrived: LegArrived, call: CallId, refusal: Refusal, parts: CallParts
    ) -> None:
        self._arrived = arrived
        self._call = call
        self._refusal = refusal
        self._parts = parts
        self._over = asyncio.Event()
        self._playback = CallIds(call).playback()
        self._apology = self._with_line()

    @property
    def leg(self) -> LegId:
        """The leg that is let go."""
        return self._arrived.leg

    def note(self, caller: CallerProfile, reason: str) -> None:
        """Note the refusal in the journal."""
        arrived = self._arrived
        self._parts.journal.note(
            CallRefused(
                call=self._call,
                at=self._parts.clock.now(),
                leg=arrived.leg,
                caller=arrived.caller.digits,
                dialled=arrived.dialled,
                trunk=arrived.trunk,
                caller_class=caller.caller_class,
                reason=reason,
                answer="apology" if self._apology else self._refusal.cause,
            )
        )

    def file(self, event: LegEvent) -> None:
        """Take in one event of the leg."""
        match event:
            case PlaybackFinished(playback=playback) if playback == self._playback:
                self._over.set()
            case LegEnded():
                self._over.set()
            case _:
                pass

    async def run(self) -> None:
        """Say what is to be said, and end the leg."""
        leg, cause = self.leg, self._refusal.cause
        try:
            if self._apology is not None:
                cause = await self._apologise(leg, self._apology)
            await attempt(self._parts.switch.hang_up, leg, cause)
        finally:
            self._parts.admission.release(self._call)
            self._parts.legs.release(leg)

    def _with_line(self) -> Apology | None:
        """Take a line for the apology; return None when there is none, or nothing to say."""
        apology = self._refusal.apology
        if apology is None:
            return None
        trunk, admission = self._arrived.trunk, self._parts.admission
        return apology if admission.seize(self._call, trunk, LineClass.APOLOGY) else None

    async def _apologise(self, leg: LegId, apology: Apology) -> HangUpCause:
        """Play the apology; return the cause with which the leg is to end."""
        switch = self._parts.switch
        try:
            await insist(switch.lift_guard, leg)
            if apology.answered:
                await insist(switch.answer, leg)
            await insist(switch.play, leg, self._playback, self._sounds(apology))
            async with asyncio.timeout(LONGEST_APOLOGY_S):
                await self._over.wait()
        except LegGone:
            log.debug("refused_caller_gone", leg=leg)
        except (TelephonyError, SpeechError, TimeoutError) as fault:
            log.error("apology_failed", leg=leg, fault=str(fault) or type(fault).__name__)
        return HangUpCause.NORMAL if apology.answered else self._refusal.cause

    def _sounds(self, apology: Apology) -> Sequence[str]:
        """Return the apology in the caller's language, in every language when that is unknown."""
        known = self._parts.admission.presumed(self._arrived.caller).language
        return [
            uri
            for language in ([known] if known else Language)
            for uri in self._parts.media.sounds(
                [Prompt(id=prompt) for prompt in apology.prompts], language
            ).uris
        ]
