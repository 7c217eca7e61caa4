"""Which agent is in which conversation at this moment: a fold over the journal."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ivrengine.calls.facts import AnyFact, CallEnded, PersonJoined, PersonLeft, Timeline
from ivrengine.calls.talk_facts import TalkTurned
from ivrengine.telephony import LegId
from ivrengine.values import AgentNumber, CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """An agent's part in a conversation: in which call, and on which leg."""

    call: CallId
    agent: AgentNumber
    leg: LegId


TalkWatcher = Callable[[Talk | None], None]
"""Told of an agent's conversation, or of its end; must neither wait nor raise."""


class Talks:
    """Every agent's conversation; subscribe it to the journal behind all that keep facts."""

    def __init__(self) -> None:
        self._serving: dict[CallId, Talk] = {}
        self._consulted: dict[CallId, Talk] = {}
        self._watchers: dict[AgentNumber, list[TalkWatcher]] = {}

    def remember(self, unfinished: Iterable[Timeline]) -> None:
        """Learn of the conversations that an engine that died has left."""
        for timeline in unfinished:
            for fact in timeline.facts:
                self(fact)

    def __call__(self, fact: AnyFact) -> None:
        """Take in one fact."""
        match fact:
            case PersonJoined(call=call, agent=agent, agent_leg=leg):
                self._put(self._serving, call, _talk(call, agent, leg))
            case PersonLeft(call=call):
                self._put(self._serving, call, None)
            case TalkTurned(call=call, third_agent=agent, third_leg=leg):
                self._put(self._consulted, call, _talk(call, agent, leg))
            case CallEnded(call=call):
                self._put(self._serving, call, None)
                self._put(self._consulted, call, None)
            case _:
                pass

    def of(self, agent: AgentNumber) -> Talk | None:
        """Return the conversation of ``agent``, None when there is none."""
        talks = (*self._serving.values(), *self._consulted.values())
        return next((talk for talk in talks if talk.agent == agent), None)

    def watch(self, agent: AgentNumber, watcher: TalkWatcher) -> None:
        """Tell ``watcher`` from here on what ``agent`` is in."""
        self._watchers.setdefault(agent, []).append(watcher)

    def unwatch(self, agent: AgentNumber, watcher: TalkWatcher) -> None:
        """Tell ``watcher`` nothing more."""
        self._watchers[agent].remove(watcher)
        if not self._watchers[agent]:
            del self._watchers[agent]

    def _put(self, talks: dict[CallId, Talk], call: CallId, talk: Talk | None) -> None:
        agents = {each.agent for each in (talks.get(call), talk) if each is not None}
        before = {agent: self.of(agent) for agent in agents}
        if talk is None:
            talks.pop(call, None)
        else:
            talks[call] = talk
        for agent in agents:
            after = self.of(agent)
            if after != before[agent]:
                for watcher in tuple(self._watchers.get(agent, ())):
                    watcher(after)


def _talk(call: CallId, agent: str, leg: str) -> Talk | None:
    if not agent or not leg:
        return None
    return Talk(call=call, agent=AgentNumber(agent), leg=LegId(leg))
