"""From what the softswitch says of telephones to what distribution is told of them.

A telephone that registers anew may be away for a moment; it counts as out of reach only when it
stays away. After a start, telephones that no report confirms are out of reach too: they left while
nobody listened. Before the first report or listing nothing is known, and nothing is told.
"""

import asyncio

from acd.events import PhoneAppeared, PhoneVanished
from acd.model import AgentId
from ivrengine.agents.dispatcher import Dispatcher
from ivrengine.agents.roster import Roster
from ivrengine.agents.settings import DispatchSettings
from ivrengine.values import AgentNumber


class Reachability:
    """Takes reports of telephones; to be used within the running loop.

    Args:
        dispatcher: is told.
        settings: how long a telephone may be away, and reports may take after a start.
    """

    def __init__(self, dispatcher: Dispatcher, settings: DispatchSettings) -> None:
        self._dispatcher = dispatcher
        self._settings = settings
        self._unconfirmed = set(dispatcher.roster.agents)
        self._known: dict[AgentNumber, bool] = {}
        self._leaving: dict[AgentNumber, asyncio.TimerHandle] = {}
        self._confirming: asyncio.TimerHandle | None = None

    def contact_changed(self, agent: AgentNumber, *, reachable: bool) -> None:
        """Take a report that an agent's telephone can be reached, or no longer can."""
        self._begin_confirming()
        self._unconfirmed.discard(agent)
        self._known[agent] = reachable
        leaving = self._leaving.pop(agent, None)
        if leaving is not None:
            leaving.cancel()
        if reachable:
            self._dispatcher.file(PhoneAppeared(agent=AgentId(agent)))
        else:
            self._leaving[agent] = asyncio.get_running_loop().call_later(
                self._settings.vanish_grace_s, self._left, agent
            )

    def contacts_listed(self) -> None:
        """Take that the softswitch has told of every telephone that there is, perhaps of none."""
        self._begin_confirming()

    def roster_changed(self, roster: Roster) -> None:
        """Put another roster in force, and tell of the telephones of the agents who are new."""
        added = [number for number in roster.agents if number not in self._dispatcher.roster.agents]
        self._dispatcher.change_roster(roster)
        for agent in added:
            if not self._known.get(agent, False):
                self._dispatcher.file(PhoneVanished(agent=AgentId(agent)))

    def stop(self) -> None:
        """Tell nothing more."""
        for handle in self._leaving.values():
            handle.cancel()
        self._leaving.clear()
        if self._confirming is not None:
            self._confirming.cancel()

    def _left(self, agent: AgentNumber) -> None:
        del self._leaving[agent]
        self._dispatcher.file(PhoneVanished(agent=AgentId(agent)))

    def _begin_confirming(self) -> None:
        if self._confirming is None:
            self._confirming = asyncio.get_running_loop().call_later(
                self._settings.confirm_within_s, self._end_confirming
            )

    def _end_confirming(self) -> None:
        for agent in sorted(self._unconfirmed):
            self._dispatcher.file(PhoneVanished(agent=AgentId(agent)))
        self._unconfirmed.clear()
