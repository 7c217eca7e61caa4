"""Carries out what the flow orders: the one place where an effect becomes something done."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import assert_never

import structlog

from ivrengine.agents.ports import WithdrawCause
from ivrengine.calls.checkpoints import checkpoint_to_json
from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.facts import (
    CallerIdentified,
    EntryMade,
    LanguageChosen,
    NodeReached,
    ServiceAsked,
)
from ivrengine.calls.kept_places import KeptPlace, KeptPlaces
from ivrengine.calls.player import Player
from ivrengine.calls.promises import Promise
from ivrengine.calls.recorder import Recorder
from ivrengine.calls.timers import Timers
from ivrengine.calls.visit import Visit
from ivrengine.calls.visit_news import Answer, News
from ivrengine.calls.visit_resumed import ResumedVisit
from ivrengine.calls.while_waiting import WhileWaiting
from ivrengine.flow.effects import (
    Act,
    AskStanding,
    CallBack,
    ChangeMusic,
    Checkpoint,
    Effect,
    HangUp,
    NoteAnnounced,
    NoteCheckpoint,
    NoteEntry,
    NoteFault,
    Play,
    Record,
    Seek,
    Silence,
    SpeakLanguage,
    StartTimer,
    StopRecording,
    StopTimer,
    Withdraw,
)
from ivrengine.flow.inputs import (
    ActionDone,
    NotCalledBack,
    Played,
    SeekEnded,
    Stands,
    TimerExpired,
)
from ivrengine.flow.seek_orders import PENDING
from ivrengine.services.callers import CallerProfile
from ivrengine.services.registry import ActionContext
from ivrengine.values import Language

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTold:
    """There is news for a visit of this call."""

    visit: Visit
    news: News


PerformerEvent = TimerExpired | ActionDone | VisitTold


class Performer:
    """Does what one call's flow orders; answers come back through ``inbox``."""

    def __init__(
        self,
        context: CallContext,
        parts: CallParts,
        inbox: Callable[[PerformerEvent], None],
        *,
        language: Language,
        kept: Iterable[KeptPlace] = (),
        promise: Promise | None = None,
    ) -> None:
        self.player = Player(context, parts, language)
        self.recorder = Recorder(context, parts)
        self.visit: Visit | None = None
        self.resumed: ResumedVisit | None = None
        self.hung_up = False
        self.places = KeptPlaces(context, parts, kept)
        self._promise = promise
        self._wait: WhileWaiting | None = None
        self._context = context
        self._parts = parts
        self._inbox = inbox
        self._timers: Timers[PerformerEvent] = Timers(inbox)

    async def perform(self, effect: Effect, scope: asyncio.TaskGroup) -> Answer:
        """Carry out one effect; an answer means that it is over already."""
        match effect:
            case Play(generation=generation):
                if self.visit is not None and self.visit.has_agent:
                    return Played(generation=generation)
                return await self.player.play(effect)
            case Silence():
                await self.player.silence()
            case StartTimer(generation=generation, after_s=after_s):
                self._timers.start(generation, after_s, TimerExpired(generation=generation))
            case StopTimer(generation=generation):
                self._timers.stop(generation)
            case Act():
                self.act(effect, scope)
            case Seek():
                resumed, self.resumed = self.resumed, None
                return await self.seek(effect, resumed)
            case Withdraw(cause=cause):
                await self._withdraw(WithdrawCause(cause))
            case AskStanding() | NoteAnnounced() | ChangeMusic() | CallBack():
                return await self._go_on_waiting(effect)
            case Record():
                return await self.recorder.begin(effect)
            case StopRecording():
                await self.recorder.stop()
            case SpeakLanguage(language=language):
                self.speak(language)
            case HangUp():
                self.hung_up = True
            case NoteEntry():
                self._note_entry(effect)
            case NoteCheckpoint(checkpoint=checkpoint):
                self._note_checkpoint(checkpoint)
            case NoteFault(node=node, reason=reason):
                log.error("node_failed", node=node, reason=reason)
            case _:
                assert_never(effect)
        return None

    def act(self, order: Act, scope: asyncio.TaskGroup) -> None:
        """Call a service action in a task of its own, which no hang-up cuts short."""
        scope.create_task(self._act(order))

    async def seek(self, order: Seek, resumed: ResumedVisit | None) -> Answer:
        """Begin a visit to the agents, or go on with one that outlived the engine."""
        if resumed is not None:
            return await self._visit(order, resumed.talk.since).resume(resumed)
        reserved = self._context.reserved
        if reserved is not None and not reserved.is_taken:
            return await self._visit(order, reserved.since).attend(reserved)
        since = self.places.since(order)
        if since is None:
            return SeekEnded(generation=order.generation, outcome=PENDING)
        await self._visit(order, since).begin()
        return None

    def _visit(self, order: Seek, since: float) -> Visit:
        self.visit = Visit(
            order,
            self._context,
            self._parts,
            player=self.player,
            inbox=self._told,
            since=since,
        )
        return self.visit

    async def _go_on_waiting(
        self, effect: AskStanding | NoteAnnounced | ChangeMusic | CallBack
    ) -> Stands | NotCalledBack | None:
        wait = self._waiting()
        match effect:
            case ChangeMusic(music_class=music_class):
                await self.player.music_on(music_class)
            case AskStanding(generation=generation) if wait is not None:
                return wait.standing(generation)
            case NoteAnnounced() if wait is not None:
                wait.announced(effect)
            case CallBack() if wait is not None:
                return wait.call_back(effect, self.player.language)
            case _:
                # The visit is over, and its end on its way to the flow.
                pass
        return None

    def _waiting(self) -> WhileWaiting | None:
        """Return the wait that is under way; another contact waits anew."""
        visit = self.visit
        if visit is None:
            return None
        if self._wait is None or self._wait.contact != visit.contact:
            # What was promised before a restart holds for the wait that went on.
            promise, self._promise = self._promise, None
            self._wait = WhileWaiting(
                visit.contact, visit.since, self._context, self._parts, promise=promise
            )
        return self._wait

    def stop_timers(self) -> None:
        """Let none of the flow's timers run out any more."""
        self._timers.stop_all()

    async def wind_up(self) -> None:
        """End what is under way beside the timers. The caller's leg is gone."""
        self.player.note_rest()
        await self._withdraw(WithdrawCause.CALLER_GONE)

    def _told(self, news: News) -> None:
        if self.visit is not None:
            self._inbox(VisitTold(visit=self.visit, news=news))

    async def _withdraw(self, cause: WithdrawCause) -> None:
        visit, self.visit = self.visit, None
        if visit is not None and cause is WithdrawCause.KEY and not visit.has_agent:
            self.places.keep(visit.order, since=visit.since)
        if visit is not None:
            await visit.withdraw(cause)

    async def _act(self, order: Act) -> None:
        context, clock = self._context, self._parts.clock
        asked_at = clock.now()
        asker = ActionContext(
            call=context.call,
            caller=context.caller,
            language=self.player.language,
            now=asked_at,
        )
        try:
            async with asyncio.timeout(order.deadline_s):
                result = await self._parts.actions.call(order.action, asker, order.arguments)
            if result.identity is not None:
                self._caller_is(result.identity)
            done = ActionDone(
                generation=order.generation, outcome=result.outcome, values=result.values
            )
        except TimeoutError:
            done = ActionDone(generation=order.generation, outcome="timeout")
        except Exception:
            log.exception("action_failed", action=order.action)
            done = ActionDone(generation=order.generation, outcome="error")
        now = clock.now()
        self._parts.journal.note(
            ServiceAsked(
                call=context.call,
                at=now,
                action=order.action,
                outcome=done.outcome,
                took_s=round(now - asked_at, 3),
            )
        )
        self._inbox(done)

    def _caller_is(self, profile: CallerProfile) -> None:
        """Take the caller for who it has proved to be: from here on the line is on that account."""
        context = self._context
        context.standing.profile, context.standing.is_proved = profile, True
        self._parts.admission.reclass(context.call, profile.caller_class)
        self._parts.journal.note(
            CallerIdentified(
                call=context.call,
                at=self._parts.clock.now(),
                customer=profile.customer,
                caller_class=profile.caller_class,
                branch=profile.branch,
                dialect=profile.dialect,
            )
        )

    def speak(self, language: Language) -> None:
        """Speak another language from here on."""
        self.player.language = language
        self._parts.journal.note(
            LanguageChosen(call=self._context.call, at=self._parts.clock.now(), language=language)
        )

    def _note_entry(self, entry: NoteEntry) -> None:
        self._parts.journal.note(
            EntryMade(
                call=self._context.call,
                at=self._parts.clock.now(),
                node=entry.node,
                keys=entry.keys,
                outcome=entry.outcome,
            )
        )

    def _note_checkpoint(self, checkpoint: Checkpoint) -> None:
        flow, version, node = checkpoint.frames[-1]
        self._parts.journal.note(
            NodeReached(
                call=self._context.call,
                at=self._parts.clock.now(),
                flow=flow,
                version=version,
                node=node,
                checkpoint=checkpoint_to_json(checkpoint),
            )
        )
