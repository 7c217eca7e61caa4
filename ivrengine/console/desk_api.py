"""``/api/agents/…/recording`` and ``/api/agents/…/wrap-up``: about one agent's conversation."""

from http import HTTPStatus
from typing import Annotated, assert_never

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from ivrengine.agents.orders import AgentOrder, AgentVerb, NotPossible, UnknownAgent
from ivrengine.agents.recording import RecordingTurned, RecordingVerb
from ivrengine.agents.wrap_up_codes import NoSuchCode, Noted, NoteOrder
from ivrengine.console.gate import who
from ivrengine.console.ports import AgentDesk, Recordings, WrapUps
from ivrengine.console.problems import Problem, Refusal
from ivrengine.values import AgentNumber

Who = Annotated[str, Depends(who)]
_REFUSALS: dict[int | str, dict[str, type[Problem]]] = {
    code: {"model": Problem} for code in (404, 409, 422)
}


class RecordingShape(BaseModel):
    """What is to become of a recording."""

    model_config = ConfigDict(extra="forbid")

    order: RecordingVerb


class RecordingStands(BaseModel):
    """How the recording of a call stands."""

    call: str
    recorded: bool
    paused: bool


class NoteShape(BaseModel):
    """What a conversation was about."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=r"^\d{1,4}$", description="one of the codes of its queue")
    note: str = Field(default="", max_length=500, description="in the agent's own words")
    end: bool = Field(default=True, description="whether wrap-up ends with it, if there is one")


class NotedShape(BaseModel):
    """The note as it stands in the record of ``call``."""

    call: str
    queue: str
    code: str


def desk_api(desk: AgentDesk, recordings: Recordings, wrap_ups: WrapUps) -> APIRouter:
    """Return the routes over ``recordings`` and ``wrap_ups``; ``desk`` ends wrap-ups."""
    router = APIRouter(prefix="/api/agents", tags=["agents"])

    @router.post("/{number}/recording", responses=_REFUSALS)
    async def recording(number: str, wanted: RecordingShape, by: Who) -> RecordingStands:
        """Begin, pause, go on with or end the recording of an agent's conversation."""
        answer = await recordings.turn(AgentNumber(number), wanted.order, by=by)
        match answer:
            case RecordingTurned():
                return RecordingStands(
                    call=answer.call, recorded=answer.is_recorded, paused=answer.is_paused
                )
            case UnknownAgent() | NotPossible():
                raise _refusal(answer, number)
            case _:
                assert_never(answer)

    @router.post("/{number}/wrap-up", responses=_REFUSALS)
    async def wrap_up(number: str, noted: NoteShape) -> NotedShape:
        """Note what the agent's newest conversation was about."""
        agent = AgentNumber(number)
        answer = wrap_ups.note(NoteOrder(agent=agent, code=noted.code, note=noted.note))
        match answer:
            case Noted():
                if noted.end:
                    await desk.carry_out(AgentOrder(agent=agent, verb=AgentVerb.END_WRAP_UP))
                return NotedShape(call=answer.call, queue=answer.queue, code=answer.code)
            case NoSuchCode(known=known):
                raise Refusal(
                    HTTPStatus.UNPROCESSABLE_ENTITY,
                    f"there is no code {noted.code} for that conversation",
                    remedy=f"codes are {', '.join(known) or 'none'}; queues.yaml sets them",
                )
            case UnknownAgent() | NotPossible():
                raise _refusal(answer, number)
            case _:
                assert_never(answer)

    return router


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
