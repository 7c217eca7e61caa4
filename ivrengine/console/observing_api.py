"""``/api/agents/…/observe`` and ``/api/agents/…/call``: supervisors listen in, agents call out."""

from http import HTTPStatus
from typing import Annotated, Self, assert_never

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from ivrengine.agents.calling_out import CallingOut, NumberRefused
from ivrengine.agents.observing import (
    NotAllowed,
    ObserveAnswer,
    ObserveMode,
    ObserveOrder,
    ObserveStage,
    Observing,
)
from ivrengine.agents.orders import NotPossible, UnknownAgent
from ivrengine.console.gate import who
from ivrengine.console.ports import CallsOut, Observations
from ivrengine.console.problems import Problem, Refusal
from ivrengine.values import AgentNumber

Who = Annotated[str, Depends(who)]
_REFUSALS: dict[int | str, dict[str, type[Problem]]] = {
    code: {"model": Problem} for code in (403, 404, 409, 422)
}
_NUMBER = Field(pattern=r"^[0-9]{2,20}$", description="number outside, without the prefix")


class ObserveShape(BaseModel):
    """Who is to observe, and how."""

    model_config = ConfigDict(extra="forbid")

    supervisor: str = Field(description="number of the supervisor, whose telephone rings")
    mode: ObserveMode = Field(default=ObserveMode.LISTEN, description="how to take part")


class ObservingShape(BaseModel):
    """One observation; ``call`` is empty while the agent is in no conversation."""

    agent: str
    supervisor: str
    mode: ObserveMode
    stage: ObserveStage
    call: str

    @classmethod
    def of(cls, observing: Observing) -> Self:
        """Return the shape of ``observing``."""
        return cls(
            agent=observing.agent,
            supervisor=observing.supervisor,
            mode=observing.mode,
            stage=observing.stage,
            call=observing.call,
        )


class CallShape(BaseModel):
    """Whom an agent is to call."""

    model_config = ConfigDict(extra="forbid")

    number: str = _NUMBER


class CallingOutShape(BaseModel):
    """A call that an agent makes; the agent's own telephone rings first."""

    call: str
    agent: str
    number: str


def observing_api(observations: Observations, calls_out: CallsOut) -> APIRouter:
    """Return the routes over ``observations`` and ``calls_out``."""
    router = APIRouter(prefix="/api/agents", tags=["supervision"])

    @router.post("/{number}/observe", responses=_REFUSALS)
    async def observe(number: str, wanted: ObserveShape) -> ObservingShape:
        """Ring the supervisor's telephone and let it observe the agent, or change the mode."""
        order = ObserveOrder(
            agent=AgentNumber(number),
            supervisor=AgentNumber(wanted.supervisor),
            mode=wanted.mode,
        )
        return _observing(await observations.order(order), order)

    @router.get("/{number}/observe")
    async def observers(number: str) -> list[ObservingShape]:
        """List who observes the agent."""
        return [ObservingShape.of(each) for each in observations.under_way(AgentNumber(number))]

    @router.delete("/{number}/observe")
    async def let_go(number: str, supervisor: str | None = None) -> list[ObservingShape]:
        """Let go whoever observes the agent, or only ``supervisor``; list who that was."""
        which = None if supervisor is None else AgentNumber(supervisor)
        return [ObservingShape.of(each) for each in observations.end(AgentNumber(number), which)]

    @router.post("/{number}/call", responses=_REFUSALS)
    async def call(number: str, wanted: CallShape, by: Who) -> CallingOutShape:
        """Ring the agent's telephone, and then call a number outside."""
        answer = await calls_out.order(AgentNumber(number), wanted.number, by=by)
        match answer:
            case CallingOut():
                return CallingOutShape(call=answer.call, agent=answer.agent, number=answer.number)
            case NumberRefused.EMERGENCY:
                raise Refusal(
                    HTTPStatus.FORBIDDEN,
                    f"{wanted.number} is an emergency number",
                    remedy="call it from another telephone, at once",
                )
            case NumberRefused.FORBIDDEN:
                raise Refusal(
                    HTTPStatus.FORBIDDEN,
                    f"{wanted.number} may not be called",
                    remedy="`ivrengine config` lists talk.outside_numbers.allowed",
                )
            case UnknownAgent() | NotPossible():
                raise _refusal(answer, number)
            case _:
                assert_never(answer)

    return router


def _observing(answer: ObserveAnswer, order: ObserveOrder) -> ObservingShape:
    match answer:
        case Observing():
            return ObservingShape.of(answer)
        case NotAllowed():
            raise Refusal(
                HTTPStatus.FORBIDDEN,
                f"{order.supervisor} is no supervisor",
                remedy="set `supervisor: true` for the agent in agents.yaml",
            )
        case UnknownAgent() | NotPossible():
            raise _refusal(answer, order.agent)
        case _:
            assert_never(answer)


def _refusal(answer: UnknownAgent | NotPossible, number: str) -> Refusal:
    match answer:
        case UnknownAgent():
            return Refusal(
                HTTPStatus.NOT_FOUND,
                f"there is no agent {number}",
                remedy="GET /api/agents lists them",
            )
        case NotPossible(why=why):
            return Refusal(
                HTTPStatus.CONFLICT, why, remedy="GET /api/agents shows how the agent stands"
            )
        case _:
            assert_never(answer)
