"""``/api/agents/…/intercom``: a supervisor has a word with an agent who has no call."""

from http import HTTPStatus
from typing import Annotated, assert_never

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from ivrengine.agents.intercom import IntercomBegun, IntercomOrder
from ivrengine.agents.observing import NotAllowed
from ivrengine.agents.orders import NotPossible, UnknownAgent
from ivrengine.console.gate import who
from ivrengine.console.ports import Intercoms
from ivrengine.console.problems import Problem, Refusal
from ivrengine.values import AgentNumber

Who = Annotated[str, Depends(who)]
_REFUSALS: dict[int | str, dict[str, type[Problem]]] = {
    code: {"model": Problem} for code in (403, 404, 409, 422)
}


class IntercomShape(BaseModel):
    """Who wants a word."""

    model_config = ConfigDict(extra="forbid")

    supervisor: str = Field(description="number of the supervisor, whose telephone rings first")


class IntercomStands(BaseModel):
    """A word that is about to begin."""

    agent: str
    supervisor: str
    opens_itself: bool = Field(description="whether the agent's telephone is asked to answer")


def intercom_api(intercoms: Intercoms) -> APIRouter:
    """Return the route over ``intercoms``."""
    router = APIRouter(prefix="/api/agents", tags=["supervision"])

    @router.post("/{number}/intercom", responses=_REFUSALS)
    async def intercom(number: str, wanted: IntercomShape, by: Who) -> IntercomStands:
        """Ring the supervisor's telephone, and then that of an agent who has no call."""
        agent, supervisor = AgentNumber(number), AgentNumber(wanted.supervisor)
        answer = await intercoms.order(IntercomOrder(agent=agent, supervisor=supervisor, by=by))
        match answer:
            case IntercomBegun():
                return IntercomStands(
                    agent=agent, supervisor=supervisor, opens_itself=answer.opens_itself
                )
            case NotAllowed():
                raise Refusal(
                    HTTPStatus.FORBIDDEN,
                    f"{supervisor} is no supervisor",
                    remedy="set `supervisor: true` for the agent in agents.yaml",
                )
            case UnknownAgent():
                raise Refusal(
                    HTTPStatus.NOT_FOUND,
                    f"there is no agent {number}",
                    remedy="GET /api/agents lists them",
                )
            case NotPossible(why=why):
                raise Refusal(
                    HTTPStatus.CONFLICT,
                    why,
                    remedy="observe an agent who talks; GET /api/agents shows how they stand",
                )
            case _:
                assert_never(answer)

    return router
