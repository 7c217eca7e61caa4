"""What supervisors do, over HTTP: move who waits, force an agent's state, ask why a call waits."""

from http import HTTPStatus
from typing import Annotated, Literal, Self, assert_never

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, model_validator

from acd.agent_states import PresenceTrigger
from ivrengine.agents.orders import NotPossible
from ivrengine.agents.supervision import ForceOrder, MoveAnswer, MoveOrder, NotThere, Standing
from ivrengine.calls.ports import CallRecords
from ivrengine.console.agents_api import outcome
from ivrengine.console.explanations import ExplanationShape, StandingShape
from ivrengine.console.gate import who
from ivrengine.console.ports import Supervising
from ivrengine.console.problems import Problem, Refusal
from ivrengine.console.schemas import AgentShape
from ivrengine.values import AgentNumber, CallId

Who = Annotated[str, Depends(who)]
_REFUSALS: dict[int | str, dict[str, type[Problem]]] = {
    code: {"model": Problem} for code in (404, 409, 422)
}
_PRESENCES = {
    "login": PresenceTrigger.LOG_IN,
    "ready": PresenceTrigger.GET_READY,
    "not-ready": PresenceTrigger.GO_NOT_READY,
    "logout": PresenceTrigger.LOG_OUT,
}


class MoveShape(BaseModel):
    """Where a contact is to wait on, and in which place."""

    model_config = ConfigDict(extra="forbid")

    queue: str | None = Field(default=None, description="queue to wait on in")
    agent: str | None = Field(default=None, description="agent to wait on for, alone")
    band: int | None = Field(default=None, ge=0, description="band; a smaller one is served first")
    head_start_s: float | None = Field(
        default=None, ge=0, le=86_400, description="seconds that count as waited beforehand"
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.queue is not None and self.agent is not None:
            raise ValueError("name a queue or an agent, not both")
        if not self.model_fields_set:
            raise ValueError("name a queue, an agent, a band or a head start")
        return self


class ForceShape(BaseModel):
    """What an agent is to be."""

    model_config = ConfigDict(extra="forbid")

    presence: Literal["login", "ready", "not-ready", "logout"]
    reason: str = Field(default="", max_length=40, description="why the agent is not ready")


def supervision_api(supervising: Supervising, records: CallRecords) -> APIRouter:
    """Return the routes over ``supervising``."""
    router = APIRouter(prefix="/api", tags=["supervision"])

    @router.post("/contacts/{contact}/move", responses=_REFUSALS)
    async def move(contact: str, to: MoveShape, by: Who) -> StandingShape:
        """Move a waiting call, or contact, and tell where it stands then."""
        order = MoveOrder(
            contact=contact,
            by=by,
            queue=to.queue,
            agent=None if to.agent is None else AgentNumber(to.agent),
            band=to.band,
            head_start_s=to.head_start_s,
        )
        return _standing(await supervising.move(order), contact)

    @router.post("/agents/{number}/force", responses=_REFUSALS)
    async def force(number: str, to: ForceShape, by: Who) -> AgentShape:
        """Put an agent into a state, whatever the agent wants; a conversation is let finish."""
        order = ForceOrder(
            agent=AgentNumber(number),
            presence=_PRESENCES[to.presence],
            by=by,
            reason=to.reason.strip(),
        )
        return outcome(await supervising.force(order), number)

    @router.post("/agents/{number}/end-call", responses=_REFUSALS)
    async def end_call(number: str, by: Who) -> AgentShape:
        """End an agent's conversation with a caller, who goes on as after any conversation."""
        return outcome(supervising.end_call(AgentNumber(number), by=by), number)

    @router.get("/calls/{call}/explain", responses={404: {"model": Problem}})
    async def explain(call: str) -> ExplanationShape:
        """Tell why a call waits, or why it went where it went."""
        standing = supervising.explain(call)
        timeline = await records.timeline(CallId(call))
        if standing is None and timeline is None:
            raise Refusal(
                HTTPStatus.NOT_FOUND,
                f"there is no call {call}",
                remedy="GET /api/call-records lists them; one that began just now takes a second",
            )
        return ExplanationShape.of(call, standing, timeline)

    return router


def _standing(answer: MoveAnswer, contact: str) -> StandingShape:
    match answer:
        case Standing():
            return StandingShape.of(answer)
        case NotThere():
            raise Refusal(
                HTTPStatus.NOT_FOUND,
                f"no call or contact {contact} waits",
                remedy="GET /api/calls lists the calls that are up",
            )
        case NotPossible(why=why):
            raise Refusal(
                HTTPStatus.CONFLICT,
                why,
                remedy=f"GET /api/calls/{contact}/explain shows how it stands",
            )
        case _:
            assert_never(answer)
