"""A floor whose figures are counted while it is driven."""

from acd.commands import Command
from acd.events import Event, RosterChanged
from acd.following import Following
from acd.kpis.agent_report import AgentReport
from acd.kpis.kpis import Kpis
from acd.kpis.queue_report import QueueReport
from acd.kpis.rules import KpiRules
from acd.model import AgentId, QueueName
from tests.unit.acd.floor import GENERAL, Floor

DAY_S = 86400


class CountedFloor(Floor):
    """Every event goes to the router and, with what it said, to the figures."""

    def __init__(self, given: RosterChanged, rules: KpiRules | None = None) -> None:
        self.kpis = Kpis(rules)
        self.following = Following(self.kpis.listeners)
        super().__init__(given)

    def tell(self, event: Event) -> list[Command]:
        said = super().tell(event)
        self.following.take(event, said, self.now)
        return said

    def of_queue(self, queue: QueueName = GENERAL) -> QueueReport:
        self.kpis.watch((), self.now)
        return self.kpis.queue_report(queue, 0, DAY_S)

    def of_agent(self, agent: str) -> AgentReport:
        self.kpis.watch((), self.now)
        return self.kpis.agent_report(AgentId(agent), 0, DAY_S)
