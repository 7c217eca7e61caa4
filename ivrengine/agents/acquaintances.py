"""Who spoke with whom last: so that callers may come to an agent who knows them."""

from collections import OrderedDict
from dataclasses import dataclass

from acd.commands import EndVisit
from acd.followed import FollowedContact, Listener
from acd.model import AgentId
from ivrengine.values import PhoneNumber

MOST_CALLERS = 200_000
"""Callers who are remembered; those met longest ago are forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquaintance:
    """A caller's last conversation; ``at`` is when it ended, in epoch seconds."""

    agent: AgentId
    at: float


class Acquaintances(Listener):
    """Remembers the last agent of each caller, by the caller's number."""

    def __init__(self, *, most: int = MOST_CALLERS) -> None:
        self._most = most
        self._met: OrderedDict[PhoneNumber, Acquaintance] = OrderedDict()

    def __len__(self) -> int:
        return len(self._met)

    def met(self, caller: PhoneNumber, agent: AgentId, at: float) -> None:
        """Remember a conversation, unless a later one is known; withheld numbers are nobody's."""
        known = self._met.get(caller)
        if not caller.digits or (known is not None and known.at > at):
            return
        self._met[caller] = Acquaintance(agent=agent, at=at)
        self._met.move_to_end(caller)
        if len(self._met) > self._most:
            self._met.popitem(last=False)

    def of(self, caller: PhoneNumber, *, since: float) -> AgentId | None:
        """Return whom ``caller`` spoke with last, None when that was before ``since``."""
        known = self._met.get(caller)
        return known.agent if known is not None and known.at >= since else None

    def ended(self, contact: FollowedContact, end: EndVisit, now: float) -> None:
        """See a visit end, perhaps with a conversation."""
        if end.agent is not None:
            self.met(PhoneNumber(contact.number), end.agent, now)
