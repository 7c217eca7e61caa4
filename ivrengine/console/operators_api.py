"""What operators set, over HTTP: reload their files, look at and alter one queue or agent."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Self

from fastapi import APIRouter, Body, Depends, Query
from pydantic import Field, JsonValue

from ivrengine.agents.change_log import AuditedChange
from ivrengine.agents.changes import Change
from ivrengine.agents.queue_settings import QueueSettings
from ivrengine.agents.roster_book import FilesDiffer
from ivrengine.agents.roster_edits import Edit, NoSuchEntry, edit_agent, edit_queue
from ivrengine.agents.settings import AgentSettings
from ivrengine.clock import iso_time
from ivrengine.console.gate import who
from ivrengine.console.ports import Operating
from ivrengine.console.problems import Problem, Refusal
from ivrengine.console.schemas import Shape
from ivrengine.errors import ConfigError
from ivrengine.values import AgentNumber

Who = Annotated[str, Depends(who)]
Patch = Annotated[dict[str, JsonValue], Body(description="a merge patch, RFC 7396")]

_REFUSALS: dict[int | str, dict[str, type[Problem]]] = {
    code: {"model": Problem} for code in (404, 409, 422)
}


class ChangeShape(Shape):
    """One difference; empty in ``before`` for what is added, in ``after`` for what is removed."""

    subject: str
    field: str
    before: str
    after: str
    words: str = Field(description="the difference as a line for people")

    @classmethod
    def of(cls, change: Change) -> Self:
        """Show ``change``."""
        return cls(
            subject=change.subject,
            field=change.field,
            before=change.before,
            after=change.after,
            words=str(change),
        )


class ChangesShape(Shape):
    """What was altered; nothing when all stood so already."""

    changed: bool
    changes: tuple[ChangeShape, ...]

    @classmethod
    def of(cls, changes: Sequence[Change]) -> Self:
        """Show ``changes``."""
        return cls(changed=bool(changes), changes=tuple(map(ChangeShape.of, changes)))


class AuditedShape(Shape):
    """What was put in force at once, when, and who asked for it."""

    at: str
    by: str
    changes: tuple[ChangeShape, ...]

    @classmethod
    def of(cls, entry: AuditedChange) -> Self:
        """Show ``entry``."""
        changes = tuple(map(ChangeShape.of, entry.changes))
        return cls(at=iso_time(entry.at), by=entry.by, changes=changes)


def operators_api(operating: Operating) -> APIRouter:
    """Return the routes over ``operating``."""
    router = APIRouter(prefix="/api", tags=["operators"])

    @router.post("/reload", responses={422: {"model": Problem}})
    async def reload(by: Who) -> ChangesShape:
        """Read all files of operators again; a fault in any of them changes nothing."""
        try:
            return ChangesShape.of(await operating.reload(by=by))
        except ConfigError as fault:
            raise _refusal(fault) from None

    @router.get("/changes")
    async def changes(limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> list[AuditedShape]:
        """List what was changed in agents, queues, calendars, lines and flows, newest first."""
        return [AuditedShape.of(entry) for entry in operating.changes(limit)]

    @router.get("/queues/{name}", responses={404: {"model": Problem}})
    async def queue(name: str) -> QueueSettings:
        """Show all settings of a queue, as queues.yaml has them."""
        settings = operating.roster.queues.get(name)
        if settings is None:
            raise _unknown(f"there is no queue {name}", "GET /api/queues lists them")
        return settings

    @router.patch("/queues/{name}", responses=_REFUSALS)
    async def alter_queue(name: str, patch: Patch, by: Who) -> ChangesShape:
        """Alter settings of a queue, in queues.yaml and in force."""
        return await _altered(operating, edit_queue(name, patch), by)

    @router.get("/agents/{number}", responses={404: {"model": Problem}})
    async def agent(number: str) -> AgentSettings:
        """Show all settings of an agent, as agents.yaml has them."""
        settings = operating.roster.agents.get(AgentNumber(number))
        if settings is None:
            raise _unknown(f"there is no agent {number}", "GET /api/agents lists them")
        return settings

    @router.patch("/agents/{number}", responses=_REFUSALS)
    async def alter_agent(number: str, patch: Patch, by: Who) -> ChangesShape:
        """Alter settings of an agent, or the queues that list it, in the files and in force."""
        return await _altered(operating, edit_agent(number, patch), by)

    return router


async def _altered(operating: Operating, edit: Edit, by: str) -> ChangesShape:
    try:
        return ChangesShape.of(await operating.edit(edit, by=by))
    except NoSuchEntry as fault:
        raise _unknown(str(fault), fault.remedy) from None
    except FilesDiffer as fault:
        raise Refusal(HTTPStatus.CONFLICT, str(fault), remedy=fault.remedy) from None
    except ConfigError as fault:
        raise _refusal(fault) from None


def _refusal(fault: ConfigError) -> Refusal:
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, str(fault), remedy=fault.remedy)


def _unknown(detail: str, remedy: str) -> Refusal:
    return Refusal(HTTPStatus.NOT_FOUND, detail, remedy=remedy)
