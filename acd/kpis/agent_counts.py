"""Counts what agents spend their time on, by the clock, and what came of their offers."""

from dataclasses import dataclass, field, replace

from acd.commands import EndVisit
from acd.followed import Activity, FollowedAgent, FollowedContact, FollowedOffer, Listener
from acd.kpis.intervals import Book, parts
from acd.kpis.rules import KpiRules
from acd.kpis.tallies import AgentTally, increment, microseconds
from acd.model import AgentId, Disposition, OfferOutcome


@dataclass(slots=True, kw_only=True)
class Stint:
    """What an agent does at the moment, and the time up to which it is counted."""

    activity: Activity
    reason: str
    counted_to_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentCountsState:
    """A snapshot of the counting of agents."""

    tallies: tuple[AgentTally, ...] = ()
    stints: tuple[tuple[AgentId, Stint], ...] = ()


@dataclass(slots=True)
class AgentCounts(Listener):
    """The tallies of all agents who were there.

    An agent's time is one unbroken row of stints. Each begins where the one before ends, so that
    their lengths add up to the time the agent was there, to the microsecond.
    """

    rules: KpiRules
    book: Book[AgentTally] = field(init=False)
    _stints: dict[AgentId, Stint] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.book = Book(
            lambda subject, begin_s, end_s: AgentTally(
                subject=subject, begin_s=begin_s, end_s=end_s
            ),
            self.rules.interval_s,
        )

    def changed(self, agent: FollowedAgent, before: Activity, now: float) -> None:
        """Count what the agent did up to now, and begin to count what comes."""
        now_us = microseconds(now)
        stint = self._stints.get(agent.agent)
        if stint is None:
            stint = Stint(activity=before, reason="", counted_to_us=now_us)
            self._stints[agent.agent] = stint
        self._count(agent.agent, stint, now_us)
        tally = self.book.at(agent.agent, stint.counted_to_us)
        tally.log_ins += before is Activity.AWAY
        tally.outside_calls += agent.activity is Activity.OUTSIDE
        stint.activity, stint.reason = agent.activity, agent.reason

    def offer_ended(self, offer: FollowedOffer, outcome: OfferOutcome, now: float) -> None:
        """Count what came of an offer, and how long an answer took."""
        tally = self.book.at(offer.agent, microseconds(now))
        increment(tally.offers, outcome)
        if outcome is OfferOutcome.ACCEPTED:
            tally.answer_us += max(0, microseconds(now) - microseconds(offer.offered_at))

    def ended(self, contact: FollowedContact, end: EndVisit, now: float) -> None:
        """Count a conversation that is over."""
        if end.agent is not None:
            tally = self.book.at(end.agent, microseconds(now))
            tally.handled += 1
            tally.transferred += end.disposition is Disposition.TRANSFERRED

    def watch(self, now: float) -> None:
        """Count everybody's time up to ``now``."""
        for agent, stint in self._stints.items():
            self._count(agent, stint, microseconds(now))

    def _count(self, agent: AgentId, stint: Stint, now_us: int) -> None:
        if stint.activity is not Activity.AWAY:
            for begin_s, part_us in parts(stint.counted_to_us, now_us, self.book.interval_s):
                tally = self.book.of(agent, begin_s)
                increment(tally.time_us, stint.activity, part_us)
                if stint.activity is Activity.AUX:
                    increment(tally.aux_us, stint.reason, part_us)
        # A clock that was set back takes no time away that was counted.
        stint.counted_to_us = max(stint.counted_to_us, now_us)

    def close(self, until_s: float) -> list[AgentTally]:
        """Hand over, and forget, the intervals that ended by ``until_s``, counted up to then."""
        return self.book.close(until_s)

    def snapshot(self) -> AgentCountsState:
        """Return all that is known."""
        return AgentCountsState(
            tallies=self.book.snapshot(),
            stints=tuple((agent, replace(stint)) for agent, stint in self._stints.items()),
        )

    def restore(self, state: AgentCountsState) -> None:
        """Know again what a snapshot knew, and nothing else."""
        self.book.restore(state.tallies)
        self._stints = {agent: replace(stint) for agent, stint in state.stints}
