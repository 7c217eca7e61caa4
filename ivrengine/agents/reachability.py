"""From what the softswitch says of telephones to what distribution is told of them.

A telephone that registers anew may be away for a moment; it counts as out of reach only when it
stays away. After a start, telephones that no report confirms are out of reach too: they left while
nobody listened.
"""

import asyncio
from collections.abc import Callable, Iterable

from acd.events import LiveEvent, PhoneAppeared, PhoneVanished
from acd.model import AgentId
from ivrengine.values import AgentNumber


class Reachability:
    """Takes reports of telephones; to be used within the running loop.

    Args:
        agents: every configured agent.
        tell: takes the events for the router.
        grace_s: seconds that a telephone may be away before it counts.
        confirm_within_s: seconds after the first report in which all others must have come.
    """

    def __init__(
        self,
        agents: Iterable[AgentNumber],
        tell: Callable[[LiveEvent], None],
        *,
        grace_s: float,
        confirm_within_s: float,
    ) -> None:
        self._unconfirmed = set(agents)
        self._tell = tell
        self._grace_s = grace_s
        self._confirm_within_s = confirm_within_s
        self._leaving: dict[AgentNumber, asyncio.TimerHandle] = {}
        self._confirming: asyncio.TimerHandle | None = None

    def changed(self, agent: AgentNumber, *, reachable: bool) -> None:
        """Take a report that an agent's telephone can be reached, or no longer can."""
        self._begin_confirming()
        self._unconfirmed.discard(agent)
        leaving = self._leaving.pop(agent, None)
        if leaving is not None:
            leaving.cancel()
        if reachable:
            self._tell(PhoneAppeared(agent=AgentId(agent)))
        else:
            loop = asyncio.get_running_loop()
            self._leaving[agent] = loop.call_later(self._grace_s, self._left, agent)

    def stop(self) -> None:
        """Tell nothing more."""
        for handle in self._leaving.values():
            handle.cancel()
        self._leaving.clear()
        if self._confirming is not None:
            self._confirming.cancel()

    def _left(self, agent: AgentNumber) -> None:
        del self._leaving[agent]
        self._tell(PhoneVanished(agent=AgentId(agent)))

    def _begin_confirming(self) -> None:
        if self._confirming is None:
            loop = asyncio.get_running_loop()
            self._confirming = loop.call_later(self._confirm_within_s, self._end_confirming)

    def _end_confirming(self) -> None:
        for agent in sorted(self._unconfirmed):
            self._tell(PhoneVanished(agent=AgentId(agent)))
        self._unconfirmed.clear()
