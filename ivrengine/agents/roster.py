"""The agents, queues and calendars in force, and what the router is told of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from acd.calendars import Hours
from acd.events import RosterChanged
from acd.model import Agent, AgentId, OfferRules, Queue, QueueName
from acd.requirements import SkillName
from ivrengine.agents.calendar_settings import CalendarSettings
from ivrengine.agents.limits.settings import SignOutSettings
from ivrengine.agents.queue_settings import LineSettings, QueueSettings, StatisticsSettings
from ivrengine.agents.settings import AgentSettings
from ivrengine.values import AgentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Every agent, queue and calendar that is configured.

    ``day`` is the one by which licences are judged; None takes every licence for valid.
    """

    agents: Mapping[AgentNumber, AgentSettings]
    queues: Mapping[str, QueueSettings]
    by_number: LineSettings
    calendars: Mapping[str, CalendarSettings] = field(default_factory=dict)
    statistics: StatisticsSettings = field(default_factory=StatisticsSettings)
    sign_out: SignOutSettings = field(default_factory=SignOutSettings)
    day: date | None = field(default=None, compare=False)
    _memberships: Mapping[AgentNumber, frozenset[QueueName]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Work out once who serves what: it is asked at every look at an agent."""
        object.__setattr__(self, "_memberships", _memberships(self))

    def on(self, day: date) -> "Roster":
        """Return the same roster as it holds on ``day``."""
        return replace(self, day=day)

    def queues_of(self, agent: AgentNumber) -> frozenset[QueueName]:
        """Return the queues of which ``agent`` is a member."""
        return self._memberships[agent]

    def line(self, queue: str) -> LineSettings:
        """Return the rules of a queue; those of callers by number for a line of an agent."""
        return self.queues.get(queue, self.by_number)

    def as_event(self) -> RosterChanged:
        """Return the roster as the router is told it."""
        return RosterChanged(
            agents=tuple(
                Agent(
                    id=AgentId(number),
                    queues=self.queues_of(number),
                    skills=settings.as_skills(self.day),
                    site=settings.branch,
                )
                for number, settings in self.agents.items()
            ),
            queues=tuple(_rules(queue, self._hours(queue)) for queue in self.queues.values()),
            personal=_line_rules("by-number", self.by_number),
        )

    def _hours(self, queue: QueueSettings) -> Hours | None:
        return self.calendars[queue.hours].as_hours() if queue.hours else None


def _rules(queue: QueueSettings, hours: Hours | None) -> Queue:
    return Queue(
        name=QueueName(queue.name),
        band=queue.band,
        wrap_up_s=queue.longest_wrap_up_s(),
        waits_unstaffed=queue.waits_unstaffed,
        offer=OfferRules(**queue.offer.model_dump()),
        steps=tuple(step.as_step() for step in queue.steps),
        steps_replace=queue.steps_replace,
        pick=queue.pick,
        pick_skill=SkillName(queue.pick_skill),
        ageing=None if queue.ageing is None else queue.ageing.as_ageing(),
        head_start_s=queue.head_start_s,
        overflow=queue.overflow_rules(),
        hours=hours,
        closes_on_waiting=queue.closes_on_waiting,
        callback=queue.callback_rules(),
    )


def is_member_by_skill(agent: AgentSettings, queue: QueueSettings) -> bool:
    """Tell whether ``agent`` serves ``queue`` for being able to, listed or not."""
    levels = agent.levels()
    return any(needs.met_by(levels) for needs in queue.members.requirements())


def _memberships(roster: Roster) -> Mapping[AgentNumber, frozenset[QueueName]]:
    levels = {number: agent.levels(roster.day) for number, agent in roster.agents.items()}
    found: dict[AgentNumber, set[QueueName]] = {number: set() for number in levels}
    for queue in roster.queues.values():
        name, needed = QueueName(queue.name), queue.members.requirements()
        for number, has in levels.items():
            if any(needs.met_by(has) for needs in needed):
                found[number].add(name)
        for listed in queue.members.agents:
            found[AgentNumber(listed)].add(name)
    return {number: frozenset(names) for number, names in found.items()}


def _line_rules(name: str, line: LineSettings) -> Queue:
    return Queue(
        name=QueueName(name),
        band=line.band,
        wrap_up_s=line.wrap_up_s,
        waits_unstaffed=line.waits_unstaffed,
        offer=OfferRules(**line.offer.model_dump()),
    )
