"""What a waiting caller is told and asks for: the standing, promises kept track of, a callback."""

from acd.model import ContactId
from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.facts import CallbackPromised, WaitAnnounced
from ivrengine.calls.promises import Promise, tellable
from ivrengine.flow.effects import CallBack, NoteAnnounced
from ivrengine.flow.inputs import NotCalledBack, Stands
from ivrengine.flow.waiting import Standing
from ivrengine.values import Language, PhoneNumber


class WhileWaiting:
    """One contact's wait, as the caller hears of it.

    Args:
        contact: who waits.
        since: when the wait began that counts, in epoch seconds.
        context: the call.
        parts: what every call uses.
        promise: what the caller was told already, before a restart.
    """

    def __init__(
        self,
        contact: ContactId,
        since: float,
        context: CallContext,
        parts: CallParts,
        *,
        promise: Promise | None = None,
    ) -> None:
        self.contact = contact
        self._since = since
        self._context = context
        self._parts = parts
        self._promise = promise
        self._queue = ""

    def standing(self, generation: int) -> Stands:
        """Return where the caller stands now, as far as it may be told."""
        placement = self._parts.room.placement(self.contact)
        waited_s = self._waited_s()
        if placement is None:
            return Stands(generation=generation, standing=Standing(waited_s=waited_s))
        self._queue = placement.queue
        told = tellable(
            placement.expected_wait_s, placement.position, waited_s=waited_s, before=self._promise
        )
        after_s = placement.callback_after_s
        standing = Standing(
            waited_s=waited_s,
            position=placement.position,
            expected_wait_s=told.expected_wait_s,
            takes_longer=told.takes_longer,
            callback_offered=after_s is not None and waited_s >= after_s,
            plan=placement.plan,
        )
        return Stands(generation=generation, standing=standing)

    def announced(self, told: NoteAnnounced) -> None:
        """Take note of what the caller was promised."""
        waited_s = self._waited_s()
        self._promise = Promise(within_s=told.expected_wait_s, told_after_s=waited_s)
        self._parts.room.announced(self.contact, told.expected_wait_s)
        self._parts.journal.note(
            WaitAnnounced(
                call=self._context.call,
                at=self._parts.clock.now(),
                contact=self.contact,
                queue=self._queue,
                position=told.position,
                expected_s=told.expected_wait_s,
                waited_s=round(waited_s, 3),
            )
        )

    def call_back(self, order: CallBack, language: Language) -> NotCalledBack | None:
        """Ask for a callback; that it is promised is told as the end of the visit."""
        placement = self._parts.room.placement(self.contact)
        possible = placement is not None and placement.callback_after_s is not None
        if placement is None or not possible or not self._parts.callbacks.allows(order.number):
            return NotCalledBack(generation=order.generation)
        callback = self._context.ids.callback()
        self._parts.room.call_back(self.contact, callback, PhoneNumber(order.number), language)
        self._parts.journal.note(
            CallbackPromised(
                call=self._context.call,
                at=self._parts.clock.now(),
                contact=self.contact,
                callback=callback,
                queue=placement.queue,
                number=order.number,
            )
        )
        return None

    def _waited_s(self) -> float:
        return max(0.0, self._parts.clock.now() - self._since)
