"""Who is offered to whom once an event has been taken in, so that nobody waits who need not."""

import heapq
from typing import Final

from acd.desks import Desks
from acd.matching import InLine, Matching
from acd.model import AgentId, ContactId
from acd.offers import Offers
from acd.visits import Visits

_NOBODY: Final = AgentId("")


class Pairing:
    """Makes every offer that can be made, in the right order."""

    def __init__(self, matching: Matching, *, visits: Visits, desks: Desks, offers: Offers) -> None:
        self._matching = matching
        self._visits = visits
        self._desks = desks
        self._offers = offers

    def offer_what_can_be(self, now: float) -> None:
        """Offer every open contact for which there is a free agent, foremost first.

        Only contacts that were opened and agents who were freed by this event can make a pair. The
        heap holds each newly opened contact, and for each freed agent the contact that the agent
        would take; an entry that an earlier offer has overtaken is looked up anew.
        """
        if not self._visits.opened and not self._desks.freed:
            return
        opened, self._visits.opened = self._visits.opened, []
        freed, self._desks.freed = self._desks.freed, []
        heap: list[tuple[InLine, AgentId]] = []
        for contact in opened:
            if self._matching.is_open(contact):
                visit = self._visits.require(contact)
                heap.append((InLine(*visit.place, contact), _NOBODY))
        for agent in dict.fromkeys(freed):
            entry = self._next_for(agent)
            if entry is not None:
                heap.append((entry, agent))
        heapq.heapify(heap)
        while heap:
            entry, for_agent = heapq.heappop(heap)
            if self._matching.is_open(entry.contact):
                self._try_offer(entry.contact, now)
            renewed = self._next_for(for_agent)
            if renewed is not None:
                heapq.heappush(heap, (renewed, for_agent))

    def _next_for(self, agent: AgentId) -> InLine | None:
        if not self._matching.is_free(agent):
            return None
        return self._matching.best_contact(
            agent, lambda contact: self._visits.require(contact).excludes(agent)
        )

    def _try_offer(self, contact: ContactId, now: float) -> None:
        visit = self._visits.require(contact)
        if self._matching.rings_all(contact):
            agents = self._matching.all_agents(contact, visit.excludes)
        else:
            best = self._matching.best_agent(contact, visit.excludes)
            agents = () if best is None else (best,)
        if agents:
            self._offers.make(visit, agents, now)
