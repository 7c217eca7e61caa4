"""The front of the agents' side: how agents and queues stand, and orders for agents.

The console, the API, the command line and agents' own telephones all come here.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from itertools import chain
from typing import assert_never

from acd.agent_states import Presence, Work
from acd.commands import Command, NoteMove
from acd.events import (
    AgentEvent,
    AgentGotNotReady,
    AgentGotReady,
    AgentLoggedIn,
    AgentLoggedOut,
    OutsideCallBegan,
    OutsideCallEnded,
    PhoneFreed,
    PhoneSeized,
    WrapUpEnded,
    WrapUpExtended,
)
from acd.model import AgentId
from ivrengine.agents.dispatcher import Dispatcher
from ivrengine.agents.feature_codes import (
    SIGNED_OUT,
    FeatureAnswer,
    OrderCode,
    StateCode,
    confirmation,
    no_such_code,
    own_state,
    parse,
)
from ivrengine.agents.figures import NO_FIGURES, DayFigures, Figures
from ivrengine.agents.limits.watch import BY_TIME_LIMIT
from ivrengine.agents.orders import (
    AgentOrder,
    AgentVerb,
    Done,
    NotPossible,
    OrderAnswer,
    UnknownAgent,
)
from ivrengine.agents.views import (
    AgentView,
    QueueView,
    agent_views,
    queue_views,
    states,
    waiting,
)
from ivrengine.clock import Clock
from ivrengine.values import AgentNumber, Language


class Desk:
    """Shows agents and queues, and carries out what is asked for agents.

    Args:
        dispatcher: knows how they stand, and is told of orders.
        clock: for how long they do.
        figures: what was counted today; without them nothing was.
    """

    def __init__(
        self, dispatcher: Dispatcher, clock: Clock, figures: Figures | None = None
    ) -> None:
        self._dispatcher = dispatcher
        self._clock = clock
        self._figures = figures
        self._own_calls: Counter[AgentNumber] = Counter()
        self._owes_code: Callable[[AgentNumber], bool] = lambda agent: False
        self._overlong: Callable[[AgentNumber], tuple[str, ...]] = lambda agent: ()

    def agents(self) -> Sequence[AgentView]:
        """Return every configured agent, in the order of the roster."""
        roster = self._dispatcher.roster
        views = agent_views(roster.agents, self._dispatcher.router, roster, self._today())
        return [self._with_overlong(view) for view in views]

    def agent(self, number: AgentNumber) -> AgentView | None:
        """Return one agent without the figures of today, None for one that is not configured."""
        router, roster = self._dispatcher.router, self._dispatcher.roster
        views = agent_views([number], router, roster, NO_FIGURES)
        return next(map(self._with_overlong, views), None)

    def _with_overlong(self, view: AgentView) -> AgentView:
        overlong = self._overlong(view.number)
        return replace(view, overlong=overlong) if overlong else view

    def queues(self) -> Sequence[QueueView]:
        """Return every configured queue, in the order of the roster."""
        return queue_views(
            self._dispatcher.router,
            self._dispatcher.roster,
            self._dispatcher.estimator,
            today=self._today(),
            now=self._clock.now(),
        )

    def states(self) -> Iterator[str]:
        """Give the one word for what each agent does, in any order; nothing else is looked up."""
        return states(self._dispatcher.router, self._dispatcher.roster)

    def waiting(self) -> Mapping[str, int]:
        """Count the callers in each queue who have no agent yet; nothing else is looked up."""
        return waiting(self._dispatcher.router, self._dispatcher.roster)

    def overlong(self) -> Iterator[str]:
        """Give what agents have been doing for too long, one word for each of it."""
        return chain.from_iterable(map(self._overlong, self._dispatcher.roster.agents))

    def _today(self) -> DayFigures:
        return NO_FIGURES if self._figures is None else self._figures.today(self._clock.now())

    async def carry_out(self, order: AgentOrder) -> OrderAnswer:
        """Do what is asked, or say why not; returns when it has taken effect."""
        if order.agent not in self._dispatcher.roster.agents:
            return UnknownAgent()
        if order.verb in _END_WRAP_UP and self._owes_code(order.agent):
            why = f"agent {order.agent} has to note first what the last conversation was about"
            return NotPossible(why=why, owes_code=True)
        said = await self._dispatcher.tell(_as_event(order))
        agent = self.agent(order.agent)
        if agent is None:
            return UnknownAgent()
        if order.verb is AgentVerb.END_WRAP_UP and not _ended_wrap_up(said):
            return NotPossible(why=f"agent {order.agent} is not in wrap-up")
        if order.verb is AgentVerb.EXTEND_WRAP_UP and agent.work is not Work.ACW:
            return NotPossible(why=f"agent {order.agent} is not in wrap-up")
        if agent.state == "logged_out" and order.verb in _WANT_LOGGED_IN:
            return NotPossible(why=f"agent {order.agent} is not logged in")
        return Done(agent=agent)

    def ask_whether_code_is_owed(self, owes_code: Callable[[AgentNumber], bool]) -> None:
        """Let ``owes_code`` tell who may not end wrap-up yet."""
        self._owes_code = owes_code

    def ask_what_is_overlong(self, overlong: Callable[[AgentNumber], tuple[str, ...]]) -> None:
        """Let ``overlong`` tell what an agent has been doing for too long."""
        self._overlong = overlong

    async def dialled(self, agent: AgentNumber, dialled: str) -> FeatureAnswer:
        """Do what a feature code asks, and return what the agent is to hear."""
        language = self._language_of(agent)
        signed_out = (SIGNED_OUT,) if self._was_signed_out(agent) else ()
        match parse(dialled):
            case OrderCode(verb=verb, reason=reason):
                if reason is None:
                    return FeatureAnswer.reason_asked(language)
                order = AgentOrder(agent=agent, verb=verb, reason=reason)
                prompts = confirmation(order, await self.carry_out(order))
            case StateCode():
                prompts = own_state(self.agent(agent))
            case None:
                prompts = no_such_code(dialled)
        return FeatureAnswer(prompts=(*signed_out, *prompts), language=language)

    def _was_signed_out(self, agent: AgentNumber) -> bool:
        view = self.agent(agent)
        return view is not None and view.state == "logged_out" and view.forced_by == BY_TIME_LIMIT

    @contextmanager
    def outside_call(self, *agents: AgentNumber) -> Iterator[None]:
        """Offer these agents no caller while the block runs: their telephones are in use."""
        for agent in agents:
            self._own_calls[agent] += 1
            if self._own_calls[agent] == 1:
                self._dispatcher.file(PhoneSeized(agent=AgentId(agent)))
        try:
            yield
        finally:
            for agent in agents:
                self._own_calls[agent] -= 1
                if self._own_calls[agent] == 0:
                    del self._own_calls[agent]
                    self._dispatcher.file(PhoneFreed(agent=AgentId(agent)))

    def is_free(self, agent: AgentNumber) -> bool:
        """Tell whether an agent is logged in, ready or not, and has nothing to do."""
        view = self.agent(agent)
        is_there = view is not None and view.presence is not Presence.LOGGED_OUT
        return is_there and self.is_idle(agent)

    def is_idle(self, agent: AgentNumber) -> bool:
        """Tell whether an agent, logged in or not, is in no call and not at work after one."""
        view = self.agent(agent)
        return view is not None and view.work is Work.IDLE and not self._own_calls[agent]

    @asynccontextmanager
    async def called_inside(self, agent: AgentNumber) -> AsyncIterator[bool]:
        """Have an agent who has nothing to do be in a call of the house while the block runs.

        Gives whether the agent had nothing to do; whoever had is not offered anybody meanwhile, and
        whoever had not, or is not logged in, goes on undisturbed.
        """
        if not self.is_free(agent):
            yield False
            return
        began = False
        with self.outside_call(agent):
            try:
                said = await self._dispatcher.tell(OutsideCallBegan(agent=AgentId(agent)))
                # An offer may have been made since the look at the agent.
                began = _went_outside(said)
                yield began
            finally:
                if began:
                    ended = OutsideCallEnded(agent=AgentId(agent), wrap_up_s=0.0)
                    self._dispatcher.file(ended)

    @contextmanager
    def working_outside(self, agent: AgentNumber, wrap_up_s: Callable[[], float]) -> Iterator[None]:
        """Count it as work of ``agent`` while the block runs; ``wrap_up_s`` tells what follows."""
        self._dispatcher.file(OutsideCallBegan(agent=AgentId(agent)))
        try:
            yield
        finally:
            ended = OutsideCallEnded(agent=AgentId(agent), wrap_up_s=wrap_up_s())
            self._dispatcher.file(ended)

    def _language_of(self, agent: AgentNumber) -> Language:
        settings = self._dispatcher.roster.agents.get(agent)
        return Language(settings.language) if settings else Language.MANDARIN


_WANT_LOGGED_IN = frozenset({AgentVerb.READY, AgentVerb.NOT_READY})
_END_WRAP_UP = frozenset({AgentVerb.READY, AgentVerb.END_WRAP_UP})
WRAP_UP_EXTENSION_S = 60.0
"""How much longer wrap-up lasts each time that an agent asks for it."""


def _as_event(order: AgentOrder) -> AgentEvent:
    agent = AgentId(order.agent)
    match order.verb:
        case AgentVerb.LOG_IN:
            return AgentLoggedIn(agent=agent)
        case AgentVerb.READY:
            return AgentGotReady(agent=agent)
        case AgentVerb.NOT_READY:
            return AgentGotNotReady(agent=agent, reason=order.reason)
        case AgentVerb.LOG_OUT:
            return AgentLoggedOut(agent=agent)
        case AgentVerb.END_WRAP_UP:
            return WrapUpEnded(agent=agent)
        case AgentVerb.EXTEND_WRAP_UP:
            return WrapUpExtended(agent=agent, extra_s=WRAP_UP_EXTENSION_S)
        case _:
            assert_never(order.verb)


def _went_outside(said: Sequence[Command]) -> bool:
    return any(
        isinstance(command, NoteMove)
        and command.machine == "work"
        and command.after == Work.EXTERNAL
        for command in said
    )


def _ended_wrap_up(said: Sequence[Command]) -> bool:
    return any(
        isinstance(command, NoteMove) and command.machine == "work" and command.before == Work.ACW
        for command in said
    )
