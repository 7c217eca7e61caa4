"""``/api/kpis``: the figures of queues, agents and lines over any time."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from acd.kpis.agent_report import AgentReport
from acd.kpis.queue_report import QueueReport
from acd.kpis.trunk_report import TrunkReport
from ivrengine.agents.kpi_reports import EVERYBODY, KpiQuery, Span
from ivrengine.clock import iso_time
from ivrengine.console.ports import Reporting
from ivrengine.console.problems import Problem, Refusal
from ivrengine.console.schemas import Shape

_LONGEST_S = 400 * 86_400.0

When = Annotated[AwareDatetime | None, Query(description="RFC 3339 with a zone, or epoch seconds")]
Who = Annotated[str, Query(max_length=64, description="a name, or * for all")]


class KpiShape(Shape):
    """Reports, by name and then by time; ``docs/kpis.md`` has every formula."""

    since: str
    until: str
    interval: Span = Field(description="how long each report is")
    queues: tuple[QueueReport, ...]
    agents: tuple[AgentReport, ...]
    trunks: tuple[TrunkReport, ...]


def kpis_api(reporting: Reporting) -> APIRouter:
    """Return the route over ``reporting``."""
    router = APIRouter(prefix="/api", tags=["figures"])

    @router.get("/kpis", responses={422: {"model": Problem}})
    async def kpis(
        queue: Who = "",
        agent: Who = "",
        trunk: Who = "",
        since: When = None,
        until: When = None,
        interval: Span = Span.WHOLE,
    ) -> KpiShape:
        """Give figures since midnight, or of another time; of all queues unless names are given."""
        midnight_s, now_s = reporting.today()
        query = KpiQuery(
            since_s=since.timestamp() if since else midnight_s,
            until_s=until.timestamp() if until else now_s,
            span=interval,
            queue=queue if queue or agent or trunk else EVERYBODY,
            agent=agent,
            trunk=trunk,
        )
        _refuse_too_much(query)
        found = await reporting.report(query)
        return KpiShape(
            since=iso_time(query.since_s),
            until=iso_time(query.until_s),
            interval=interval,
            queues=found.queues,
            agents=found.agents,
            trunks=found.trunks,
        )

    return router


def _refuse_too_much(query: KpiQuery) -> None:
    if not 0 <= query.until_s - query.since_s <= _LONGEST_S:
        raise Refusal(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "`until` has to lie after `since`, by 400 days at most",
            remedy="ask for less at once",
        )
