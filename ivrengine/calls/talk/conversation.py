"""A conversation from the joining to its end: who talks with whom, and what the agent orders.

How it may stand, and what leads from one phase to another, is the table in ``phases``. Here its
turns are carried out: legs are moved, distribution and the journal are told. Each turn is noted
before it is brought about, so that a restarted engine brings about what the agent had ordered.
"""

from collections.abc import Callable

import structlog

from ivrengine.agents.ports import (
    AgentAnswered,
    AgentLeft,
    OfferEnded,
    VisitEnded,
    VisitEvent,
    WithdrawCause,
)
from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.fact import Side
from ivrengine.calls.player import Player
from ivrengine.calls.talk.books import Books, Home
from ivrengine.calls.talk.departure import Departure, Onward, Served, ToMenu, Way
from ivrengine.calls.talk.orders import (
    TakeOver,
    Target,
    TargetKind,
)
from ivrengine.calls.talk.phases import (
    Place,
    Role,
    TalkPhase,
    Turn,
    after,
    caller_waits,
    has_third,
    scene,
    third_waits,
)
from ivrengine.calls.talk.recording_by_order import RecordingByOrder
from ivrengine.calls.talk.stage import Stage
from ivrengine.calls.talk.tape import Tape
from ivrengine.calls.talk.third import Calling, Partner
from ivrengine.calls.talk.waits import tell_waits
from ivrengine.calls.talk.words import language_of, tell
from ivrengine.telephony import BridgeId, LegId, RecordingName
from ivrengine.values import PromptId

log = structlog.get_logger(__name__)

NOT_REACHED = PromptId("talk.not_reached")


class Conversation:
    """A caller and whoever serves, and perhaps a third.

    Args:
        context: the call.
        parts: what every call uses.
        player: what the caller hears besides.
        partner: who serves; joined with the caller already.
        home: where the caller came from.
        bridge: where the two are.
        recording: what is recorded of it from the beginning, None for nothing.
        music_class: what those hear who wait.
        calling: calls others to it.
        limit: sets the alarm after which whoever is called counts as not coming, in seconds; None
            stops it.
        listen: has the telephones that take part listened to, at once.

    Attributes:
        tape: what is recorded of it.
        by_order: has it recorded when somebody orders that.
        vanished: whether the telephone of whoever serves fell silent instead of hanging up.
    """

    def __init__(
        self,
        context: CallContext,
        parts: CallParts,
        player: Player,
        *,
        partner: Partner,
        home: Home,
        bridge: BridgeId,
        recording: RecordingName | None,
        music_class: str,
        calling: Calling,
        limit: Callable[[float | None], None],
        listen: Callable[[], None],
    ) -> None:
        self.partner = partner
        self.third: Partner | None = None
        self.phase = TalkPhase.TALKING
        self.home = home
        self.bridge = bridge
        self.vanished = False
        self.tape = Tape(parts, bridge, recording, heard_by=context.leg)
        self.by_order = RecordingByOrder(context, parts, player, self.tape)
        self.joined_at = 0.0
        self._context = context
        self._parts = parts
        self._calling = calling
        self._limit = limit
        self._listen = listen
        self._books = Books(context, parts)
        self._stage = Stage(context, parts, bridge=bridge, music_class=music_class)
        self._stage.begin(self._places())

    @property
    def legs(self) -> tuple[LegId, ...]:
        """The legs that take part besides the caller's."""
        third = (self.third.leg,) if self.third is not None and self.third.leg else ()
        return (self.partner.leg, *third)

    @property
    def agents_legs(self) -> tuple[LegId, ...]:
        """Those of the legs that belong to agents."""
        both = (self.partner, self.third)
        theirs = (each for each in both if each and (each.is_lent or not each.is_outside))
        return tuple(each.leg for each in theirs if each.leg)

    @property
    def is_paused(self) -> bool:
        """Whether somebody has paused the recording."""
        return self.tape.is_unwanted

    @property
    def agent_may_record(self) -> bool:
        """Whether whoever serves may have it recorded."""
        return self._parts.talk.agents_record

    def began(self, at: float) -> None:
        """Learn since when caller and partner hear each other."""
        self.joined_at = at

    def remember_aside(self) -> None:
        """Learn that a bridge of consultations may be left of a life before."""
        self._stage.remember_aside()

    async def resume(
        self, phase: TalkPhase, third: Partner | None, *, recording_paused: bool
    ) -> None:
        """Bring about the phase in which an engine that died had left the conversation.

        A call to a third that nobody had answered is not taken up: the agent is with the caller.
        """
        self.third = third
        self.tape.wish(paused=recording_paused)
        self._stage.remember_aside()
        if (third is not None and has_third(phase)) or phase in (TalkPhase.TALKING, TalkPhase.HELD):
            self.phase = phase
        if self.phase is not phase:
            self._note_turn()
        self._mind_keys()
        await self._stage.move(self._places(), afresh=True)
        self._tell_waits(TalkPhase.TALKING, self.phase)
        await self._mind_tape(certain=True)

    # What the agent can do.

    def can_reach(self, target: Target) -> bool:
        """Tell whether the agent can call to a target."""
        is_self = target.kind is TargetKind.AGENT and target.name == self.partner.agent
        return not is_self and self._calling.can_reach(target)

    def is_closed(self, target: Target) -> bool:
        """Tell whether a target takes nobody at this hour; that the agent wanted it is noted."""
        closed = self._calling.is_closed(target)
        if closed:
            self._books.refused(self.partner, target, reason="closed")
        return closed

    async def transfer(self, target: Target) -> Departure:
        """Hand the caller over at once; a failure leads back to the agent, then to the queue."""
        await self._let_third_go()
        self._books.transferred(self.partner, target, self.home, attended=False)
        self._books.left(self.partner, self.joined_at, "agent")
        self._parts.room.withdraw(self.partner.contact, WithdrawCause.TRANSFERRED)
        if target.kind is TargetKind.MENU:
            return ToMenu(flow=target.name)
        waits = target.kind is TargetKind.QUEUE
        first = Way(target=target, within_s=None if waits else self._parts.talk.call_within_s)
        back = self._calling.ways_back(self.partner.agent, self.home.queue)
        return Onward(ways=(first, *back))

    async def consult(self, target: Target) -> bool:
        """Call somebody to speak with first; False when that is not possible now."""
        if target.kind is TargetKind.MENU or after(self.phase, Turn.CALL) is None:
            return False
        await self.turn(Turn.CALL)
        self._limit(self._parts.talk.call_within_s)
        self.third = self._calling.begin(target, language_of(self._parts, self.partner.agent))
        await self._calling.ring(self.third)
        return True

    async def held_by_phone(self, *, held: bool) -> None:
        """Take in that the agent's telephone put the call on hold, or took it back."""
        await self.turn(Turn.HOLD if held else Turn.RETRIEVE)

    async def drop_third(self) -> bool:
        """Let go whoever is consulted or called; False when there is nobody."""
        if after(self.phase, Turn.THIRD_GONE) is None:
            return False
        await self._let_third_go()
        return await self.turn(Turn.THIRD_GONE)

    async def hand_over(self) -> bool:
        """Let the third serve the caller from here on; False when nobody has answered."""
        third = self.third
        if third is None or after(self.phase, Turn.HAND_OVER) is None:
            return False
        before, old = self.phase, self.partner
        self._books.transferred(old, third.target, self.home, attended=True)
        self._books.left(old, self.joined_at, "agent")
        self.partner, self.third, self.phase = third, None, TalkPhase.TALKING
        self._note_new_partner()
        self._parts.room.withdraw(old.contact, WithdrawCause.TRANSFERRED)
        if third_waits(before) and not third.is_outside:
            self._parts.room.retrieved(third.reservation)
        self._mind_keys()
        await self._stage.clear(old.leg)
        await self._stage.move(self._places())
        await self._mind_tape()
        return True

    async def give_way(self, order: TakeOver) -> bool:
        """Let a supervisor serve from here on; False when the supervisor has hung up meanwhile.

        As in a conference that the agent leaves: nobody lets the agent go before the supervisor is
        there, of whose leg nobody else tells the end.
        """
        await self.drop_third()
        before = self.phase
        target = Target(kind=TargetKind.SUPERVISOR, name=order.supervisor)
        self.third = Partner(target=target, leg=order.leg, since=self._parts.clock.now())
        self.phase = TalkPhase.CONFERENCE
        self._listen()
        if await self._stage.move(self._places()):
            return await self.hand_over()
        self.third, self.phase = None, before
        await self._stage.move(self._places())
        return False

    def _note_new_partner(self) -> None:
        partner = self.partner
        if not partner.is_outside:
            asked = Home(
                queue=partner.target.name if partner.target.kind is TargetKind.QUEUE else "",
                agent=partner.target.name if partner.target.kind is TargetKind.AGENT else "",
                since=self.home.since,
            )
            self._books.sought(partner.contact, asked)
        self.joined_at = self._books.joined(partner, self.home, self.bridge, self.tape.recording)
        self._note_turn()

    # What becomes of those who take part.

    async def told_of_third(self, event: VisitEvent) -> None:
        """Take in what becomes of the visit in which the third is asked for."""
        match event:
            case AgentAnswered() if self.third is not None:
                third = self.third
                third.reservation, third.agent = event.reservation, event.agent
                third.leg = event.leg
                await self.third_answered()
            case AgentLeft() | VisitEnded():
                await self.third_gone()
            case OfferEnded() if has_third(self.phase):
                # The third hung up in the instant of the answer, and somebody else would be sought.
                await self.drop_third()
            case _:
                log.debug("consultation_news", kind=type(event).__name__)

    async def third_answered(self) -> None:
        """Bring agent and third together, who has answered."""
        third = self.third
        if third is None or self.phase is not TalkPhase.CALLING:
            return
        self._limit(None)
        if await self.turn(Turn.THIRD_CAME) and not third.is_outside:
            self._parts.room.joined(third.reservation)

    async def third_gone(self) -> None:
        """Take in that the third did not come, or has left."""
        third, called = self.third, self.phase is TalkPhase.CALLING
        self.third = None
        self._limit(None)
        if third is not None:
            self._calling.forget(third)
        if await self.turn(Turn.THIRD_GONE) and called:
            await self.tell_agent(NOT_REACHED)

    async def third_is_late(self) -> None:
        """Give up waiting for whoever is called."""
        if self.phase is TalkPhase.CALLING:
            await self.drop_third()
            await self.tell_agent(NOT_REACHED)

    async def partner_left(self) -> Departure | None:
        """Take in that whoever serves has hung up; None when a third goes on serving."""
        if await self.hand_over():
            return None
        was_calling = self.phase is TalkPhase.CALLING
        await self._let_third_go()
        by: Side = "outside" if self.partner.is_outside else "agent"
        self._books.left(self.partner, self.joined_at, "system" if self.vanished else by)
        if self.partner.is_outside:
            self._calling.forget(self.partner)
        elif was_calling or self.vanished:
            return Onward(ways=self._ways_without_agent(), sorry=self.vanished)
        return Served(by=by)

    def _ways_without_agent(self) -> tuple[Way, ...]:
        """Return the front of the queue, or the line of the agent who was asked for."""
        agent = self.home.agent or self.partner.agent
        back, *queue = self._calling.ways_back(agent, self.home.queue)
        return tuple(queue) or (back,)

    async def end(self, cause: WithdrawCause) -> None:
        """Let everybody go: the caller is gone, or goes elsewhere."""
        self._books.left(self.partner, self.joined_at, "caller")
        await self._let_third_go()
        await self._calling.let_go(self.partner, cause)

    async def free_caller(self) -> None:
        """Let the caller hear nothing of the conversation any more."""
        await self._stage.clear(self._context.leg)

    async def take_down(self) -> None:
        """Close the recording and remove the bridges."""
        await self.tape.close()
        await self._stage.take_down()

    async def tell_agent(self, prompt: PromptId) -> None:
        """Say something to the agent alone, in the midst of whatever the agent hears."""
        await tell(self._context, self._parts, self.partner, prompt)

    # How a turn is carried out.

    async def turn(self, turn: Turn) -> bool:
        """Take a turn; False where it leads nowhere."""
        to = after(self.phase, turn)
        if to is None:
            return False
        before, self.phase = self.phase, to
        self._note_turn()
        self._mind_keys()
        await self._stage.move(self._places())
        self._tell_waits(before, to)
        await self._mind_tape()
        return True

    def _note_turn(self) -> None:
        third, paused = self.third, self.is_paused
        self._books.turned(self.partner, self.phase, third, recording_paused=paused)

    def _places(self) -> dict[LegId, Place]:
        legs = {Role.CALLER: self._context.leg, Role.AGENT: self.partner.leg}
        if self.third is not None and self.third.leg:
            legs[Role.THIRD] = self.third.leg
        return {legs[role]: at for role, at in scene(self.phase).items() if role in legs}

    def _mind_keys(self) -> None:
        """Let keys be heard where a machine may listen: at a telephone outside."""
        third_outside = self.third is not None and self.third.is_outside
        self._stage.keys_pass = {
            Place.ASIDE: third_outside,
            Place.TOGETHER: self.partner.is_outside,
        }

    def _tell_waits(self, before: TalkPhase, now: TalkPhase) -> None:
        tell_waits(self._parts.room, self.partner, self.third, before=before, now=now)

    # What is recorded.

    async def pause(self, *, wanted: bool) -> bool:
        """Leave out of the recording what follows, or go on; False when nothing changes."""
        if not self.tape.wish(paused=wanted):
            return False
        self._note_turn()
        await self._mind_tape()
        return True

    async def _mind_tape(self, *, certain: bool = False) -> None:
        await self.tape.mind(caller_waits=caller_waits(self.phase), certain=certain)

    async def _let_third_go(self) -> None:
        third, self.third = self.third, None
        self._limit(None)
        if third is not None:
            await self._calling.let_go(third)
