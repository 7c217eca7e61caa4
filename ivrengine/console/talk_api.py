"""``/api/agents/…/hold`` and the like: orders for an agent's conversation with a caller."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, assert_never

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field

from ivrengine.calls.talk.orders import (
    Accepted,
    NoAgent,
    NoSuchTarget,
    NotNow,
    TalkVerb,
    TargetClosed,
)
from ivrengine.console.ports import Conversations
from ivrengine.console.problems import Problem, Refusal
from ivrengine.values import AgentNumber

VERBS = (
    (TalkVerb.HOLD, "Let the caller hear music."),
    (TalkVerb.RETRIEVE, "Take the caller back from a hold."),
    (TalkVerb.TRANSFER, "Hand the caller over at once, without a word before."),
    (TalkVerb.CONSULT, "Call somebody to speak with first, while the caller hears music."),
    (TalkVerb.TOGGLE, "Change between the caller and whoever is consulted."),
    (TalkVerb.COMPLETE, "Hand the caller over to whoever is consulted."),
    (TalkVerb.CONFERENCE, "Let all three hear each other."),
    (TalkVerb.DROP, "Let go whoever is consulted or called, and be with the caller alone."),
)
_REFUSALS: dict[int | str, dict[str, type[Problem]]] = {
    code: {"model": Problem} for code in (404, 409, 422)
}


class TargetShape(BaseModel):
    """Whom a transfer or a consultation is for."""

    model_config = ConfigDict(extra="forbid")

    to: str = Field(
        default="",
        max_length=64,
        description="`agent:8002`, `queue:trading`, `menu:FLOW` (`menu:` for the main menu), or "
        "`outside:13800000000`; for transfer and consult only",
    )


class TalkStands(BaseModel):
    """How the conversation stands after the order."""

    agent: str
    phase: str = Field(
        description="talking, held, calling, consulting, beside, conference, or transferred"
    )


def talk_api(conversations: Conversations) -> APIRouter:
    """Return the routes over ``conversations``."""
    router = APIRouter(prefix="/api/agents", tags=["agents"])
    for verb, summary in VERBS:
        router.add_api_route(
            f"/{{number}}/{verb}",
            _order(conversations, verb),
            methods=["POST"],
            responses=_REFUSALS,
            name=f"talk_{verb}",
            summary=summary,
        )
    return router


def _order(conversations: Conversations, verb: TalkVerb) -> Callable[..., Awaitable[TalkStands]]:
    async def order(
        number: str, wanted: Annotated[TargetShape | None, Body()] = None
    ) -> TalkStands:
        to = wanted.to if wanted else ""
        answer = await conversations.order(AgentNumber(number), verb, to)
        match answer:
            case Accepted(phase=phase):
                return TalkStands(agent=number, phase=phase)
            case NoAgent():
                raise Refusal(
                    HTTPStatus.NOT_FOUND,
                    f"there is no agent {number}",
                    remedy="GET /api/agents lists them",
                )
            case NotNow(why=why):
                raise Refusal(
                    HTTPStatus.CONFLICT, why, remedy="GET /api/agents shows how the agent stands"
                )
            case TargetClosed(target=target):
                raise Refusal(
                    HTTPStatus.CONFLICT,
                    f"{target} is closed",
                    remedy="transfer elsewhere, or call back; the caller is still with the agent",
                )
            case NoSuchTarget(target=target):
                raise Refusal(
                    HTTPStatus.UNPROCESSABLE_ENTITY,
                    f"nobody can be reached as {target!r}",
                    remedy='send {"to": "agent:8002"}, or queue:…, menu:…, outside:…',
                )
            case _:
                assert_never(answer)

    return order
