"""Begins and ends by order the recording of a conversation whose flow does not record it."""

from functools import partial

import structlog

from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.player import Player
from ivrengine.calls.talk.books import Books
from ivrengine.calls.talk.tape import Tape
from ivrengine.calls.talk.third import Partner
from ivrengine.calls.talk.words import tell
from ivrengine.flow.effects import Prompt
from ivrengine.values import PromptId

log = structlog.get_logger(__name__)

RECORDED = PromptId("talk.recorded")
NOT_RECORDED = PromptId("talk.not_recorded")


class RecordingByOrder:
    """Notes who ordered a recording, tells those who are recorded, and has the tape begin.

    Args:
        context: the call.
        parts: what every call uses.
        player: what the caller hears besides the conversation.
        tape: what is recorded.
    """

    def __init__(self, context: CallContext, parts: CallParts, player: Player, tape: Tape) -> None:
        self._context = context
        self._parts = parts
        self._player = player
        self._tape = tape
        self._books = Books(context, parts)

    async def start(self, partner: Partner, *, by: str) -> bool:
        """Record what follows, once both have been told; False when that cannot be done now."""
        if self._tape.recording is not None or self._tape.caller_waits:
            return False
        if not self._parts.talk.recording_told:
            self._order(partner, by)
            await self._tape.is_due()
            return True
        said = await self._player.say([Prompt(id=RECORDED)], heard=partial(self._told, partner))
        if said is None:
            return False
        self._order(partner, by)
        await tell(self._context, self._parts, partner, RECORDED)
        return True

    def _order(self, partner: Partner, by: str) -> None:
        recording = self._context.ids.recording()
        self._books.recording_ordered(partner, recording, by=by, begins=True)
        self._tape.order(recording)

    async def _told(self, partner: Partner, is_heard: bool) -> None:
        if is_heard:
            await self._tape.is_due()
            return
        recording = self._tape.recording
        if recording is not None and self._tape.is_ordered:
            log.error("not_recorded_for_nobody_was_told", recording=recording)
            self._books.recording_ordered(partner, recording, by="system", begins=False)
            await self._tape.close()

    async def stop(self, partner: Partner, *, by: str) -> bool:
        """End a recording that was ordered; False when there is none."""
        recording = self._tape.recording
        if recording is None or not self._tape.is_ordered:
            return False
        self._books.recording_ordered(partner, recording, by=by, begins=False)
        await self._tape.close()
        if self._parts.talk.recording_told:
            if not self._tape.caller_waits:
                await self._player.say([Prompt(id=NOT_RECORDED)])
            await tell(self._context, self._parts, partner, NOT_RECORDED)
        return True
