"""The ways that a caller is led until somebody comes: the flow's wish, and what transfers add."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from ivrengine.agents.ports import AgentAnswered, WithdrawCause
from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.reserved import Reserved
from ivrengine.calls.seeking import Seeking
from ivrengine.calls.talk.books import Home
from ivrengine.calls.talk.departure import Way
from ivrengine.calls.talk.orders import Target, TargetKind
from ivrengine.calls.talk.third import Calling, Partner
from ivrengine.calls.visit_resumed import ResumedVisit
from ivrengine.flow.effects import Seek
from ivrengine.values import Language


class Trail:
    """One search after the other, and telephones outside among them.

    Args:
        home: the queue or agent that the flow asks for, and since when the wait counts.
        order: what the flow wants of the search.
        context: the call.
        parts: what every call uses.
        calling: asks for people and telephones.

    Attributes:
        home: where the caller belongs: the queue to which a failed transfer leads back.
        seeking: the search that goes on, or was the last.
        outside: the telephone outside that is being rung, or has answered and is not joined yet.
    """

    def __init__(
        self,
        home: Home,
        order: Seek,
        context: CallContext,
        parts: CallParts,
        *,
        calling: Calling,
    ) -> None:
        self.home = home
        self.outside: Partner | None = None
        self._order = order
        self._context = context
        self._parts = parts
        self._calling = calling
        self._ways: deque[Way] = deque()
        self._within_s: float | None = None
        self._limit: Callable[[float], None] = lambda within_s: None
        self.seeking = self._search(home)

    def when_limited(self, limit: Callable[[float], None]) -> None:
        """Have ``limit`` called with the seconds that a way may take."""
        self._limit = limit

    def begin(self, language: Language) -> None:
        """Begin with what the flow asks for."""
        seeking = self.seeking
        seeking.begin(language, self._calling.told(seeking.contact))

    def attend(self, reserved: Reserved, language: Language) -> None:
        """Begin in a place that is the caller's already."""
        seeking = self.seeking
        seeking.attend(reserved, language, self._calling.told(reserved.contact))

    def lead(self, ways: Sequence[Way]) -> None:
        """Take these ways from here on, one after the other."""
        self._ways = deque(ways)

    def next(self, language: Language) -> bool:
        """Begin with the next way; False when there is none left."""
        if not self._ways:
            return False
        way = self._ways.popleft()
        if way.target.kind is TargetKind.OUTSIDE:
            self.outside = self._calling.begin(way.target, language)
            return True
        if way.target.kind is TargetKind.QUEUE:
            self.home = replace(self.home, queue=way.target.name, agent="")
        self.seeking = self._search(_asked(way, self.home.since), led_on=True)
        self.begin(language)
        self._within_s = way.within_s
        self.limit_again()
        return True

    def limit_again(self) -> None:
        """Let the time begin anew that the way may take, if there is a limit."""
        if self._within_s is not None:
            self._limit(self._within_s)

    def resume(self, found: ResumedVisit, language: Language) -> bool:
        """Go on where an engine that died had come; False when the next way is to be begun."""
        self._take_home(found)
        if not found.is_sought:
            return False
        agent = "" if found.queue else found.talk.agent
        asked = Home(queue=found.queue, agent=agent, since=found.talk.since)
        self.seeking = self._search(asked, led_on=found.transferred is not None)
        contact = found.talk.contact
        self.seeking.claim(contact, language, self._calling.told(contact))
        # Behind a place that is held come those ways that lead elsewhere than there.
        self._ways = deque(way for way in self._ways if _asked(way, asked.since) != asked)
        return True

    def resume_found(self, found: ResumedVisit) -> None:
        """Learn that somebody was found before the engine died."""
        self._take_home(found)
        self._ways.clear()
        self.seeking.contact = found.talk.contact

    def _take_home(self, found: ResumedVisit) -> None:
        transferred = found.transferred
        if transferred is None:
            self.home = replace(self.home, since=found.talk.since)
            return
        self.home = replace(self.home, queue=transferred.queue, since=transferred.since)
        self._ways = deque(self._calling.ways_back(transferred.agent, transferred.queue))

    def partner(self, event: AgentAnswered) -> Partner:
        """Return the agent who has answered."""
        asked = self.seeking.asked
        kind, name = (
            (TargetKind.QUEUE, asked.queue) if asked.queue else (TargetKind.AGENT, event.agent)
        )
        return Partner(
            target=Target(kind=kind, name=name),
            contact=self.seeking.contact,
            reservation=event.reservation,
            agent=event.agent,
            leg=event.leg,
            since=asked.since,
        )

    def found(self) -> None:
        """Learn that caller and partner are joined."""
        self.seeking.found()
        self.outside = None
        self._ways.clear()

    def outside_gone(self) -> None:
        """Learn that the telephone outside does not come."""
        if self.outside is not None:
            self._calling.forget(self.outside)
            self.outside = None

    async def withdraw(self, cause: WithdrawCause) -> None:
        """Give up whatever is sought or rung."""
        self.seeking.withdraw(cause)
        outside, self.outside = self.outside, None
        if outside is not None:
            await self._calling.let_go(outside)

    def _search(self, asked: Home, *, led_on: bool = False) -> Seeking:
        return Seeking(asked, self._order, self._context, self._parts, led_on=led_on)


def _asked(way: Way, since: float) -> Home:
    is_queue = way.target.kind is TargetKind.QUEUE
    name = way.target.name
    return Home(queue=name if is_queue else "", agent="" if is_queue else name, since=since)
