"""``/api/agents`` and ``/api/queues``: who works, who waits, and orders for agents."""

from http import HTTPStatus
from typing import Annotated, assert_never

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field

from ivrengine.agents.orders import (
    AgentOrder,
    AgentVerb,
    Done,
    NotPossible,
    OrderAnswer,
    UnknownAgent,
)
from ivrengine.console.ports import AgentDesk
from ivrengine.console.problems import Problem, Refusal
from ivrengine.console.schemas import AgentShape, QueueShape
from ivrengine.values import AgentNumber


class OrderShape(BaseModel):
    """What may come with an order."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", max_length=40, description="why the agent is not ready")


def agents_api(desk: AgentDesk) -> APIRouter:
    """Return the routes over ``desk``."""
    router = APIRouter(prefix="/api", tags=["agents"])

    @router.get("/agents")
    async def agents() -> list[AgentShape]:
        """List every agent, by number."""
        return [AgentShape.of(view) for view in desk.agents()]

    @router.get("/queues")
    async def queues() -> list[QueueShape]:
        """List every queue."""
        return [QueueShape.of(view) for view in desk.queues()]

    @router.post(
        "/agents/{number}/{verb}", responses={404: {"model": Problem}, 409: {"model": Problem}}
    )
    async def order(
        number: str, verb: AgentVerb, body: Annotated[OrderShape | None, Body()] = None
    ) -> AgentShape:
        """Log an agent in or out, make it ready or not, or end its wrap-up."""
        reason = body.reason.strip() if body else ""
        wanted = AgentOrder(agent=AgentNumber(number), verb=verb, reason=reason)
        if verb is AgentVerb.NOT_READY and not reason:
            raise Refusal(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "an agent who is not ready has a reason",
                remedy='send {"reason": "…"}',
            )
        return outcome(await desk.carry_out(wanted), number)

    return router


def outcome(answer: OrderAnswer, number: str) -> AgentShape:
    """Return how agent ``number`` stands after an order; raises Refusal when it was not done."""
    match answer:
        case Done(agent=agent):
            return AgentShape.of(agent)
        case UnknownAgent():
            raise Refusal(
                HTTPStatus.NOT_FOUND,
                f"there is no agent {number}",
                remedy="GET /api/agents lists them",
            )
        case NotPossible(why=why):
            raise Refusal(
                HTTPStatus.CONFLICT, why, remedy="GET /api/agents shows how the agent stands"
            )
        case _:
            assert_never(answer)
