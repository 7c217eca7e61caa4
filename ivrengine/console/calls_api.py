"""Calls over HTTP: those that are up, the record of all others, recordings and tickets."""

import re
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from pydantic import AwareDatetime

from ivrengine.calls.summary import SUMMARISED, summarise
from ivrengine.console.ports import ConsoleParts
from ivrengine.console.problems import Problem, Refusal
from ivrengine.console.schemas import (
    CallRecordShape,
    FactShape,
    LiveCallShape,
    TicketShape,
    TimelineShape,
)
from ivrengine.values import CallId

_RECORDING_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")

Limit = Annotated[int, Query(ge=1, le=1000, description="rows at most")]
Since = Annotated[AwareDatetime | None, Query(description="RFC 3339 with a zone, or epoch seconds")]
Number = Annotated[str, Query(max_length=64, description="caller, dialled number or agent")]


def calls_api(parts: ConsoleParts) -> APIRouter:
    """Return the routes over ``parts``."""
    router = APIRouter(prefix="/api", tags=["calls"])

    @router.get("/calls")
    async def calls() -> list[LiveCallShape]:
        """List the calls that are up, oldest first."""
        return [LiveCallShape.of(call) for call in parts.calls.live()]

    @router.get("/call-records")
    async def call_records(
        since: Since = None, number: Number = "", limit: Limit = 100
    ) -> list[CallRecordShape]:
        """List calls that began since then, newest first; calls that are up are among them."""
        begin = since.timestamp() if since else 0.0
        rows = await parts.records.summaries(since=begin, number=number, limit=limit)
        return [CallRecordShape.of(row) for row in rows]

    @router.get("/call-records/{call}", responses={404: {"model": Problem}})
    async def call_record(call: str) -> TimelineShape:
        """Tell one call from its admission on."""
        return await _timeline(parts, CallId(call))

    @router.get(
        "/recordings/{recording}",
        response_class=FileResponse,
        responses={200: {"content": {"audio/wav": {}}}, 404: {"model": Problem}},
    )
    async def recording(recording: str) -> FileResponse:
        """Give out a recording as WAV; parts of it by ``Range``."""
        path = _recording_file(parts.recordings, recording)
        return FileResponse(path, media_type="audio/wav", filename=path.name)

    @router.get("/tickets")
    async def tickets(limit: Limit = 100) -> list[TicketShape]:
        """List messages that callers left, newest first."""
        return [TicketShape.of(ticket) for ticket in await parts.tickets.newest(limit=limit)]

    return router


async def _timeline(parts: ConsoleParts, call: CallId) -> TimelineShape:
    timeline = await parts.records.timeline(call)
    facts = timeline.facts if timeline else ()
    row = summarise(fact for fact in facts if isinstance(fact, SUMMARISED))
    if row is None:
        raise Refusal(
            HTTPStatus.NOT_FOUND,
            f"there is no record of a call {call}",
            remedy="GET /api/call-records lists them; a call that began just now takes a second",
        )
    return TimelineShape(
        call=CallRecordShape.of(row), facts=tuple(FactShape.of(fact) for fact in facts)
    )


def _recording_file(folder: Path, name: str) -> Path:
    """Return the file of a recording that lies in ``folder`` itself, and nowhere else."""
    if _RECORDING_NAME.fullmatch(name):
        path = (folder / f"{name}.wav").resolve()
        if path.parent == folder.resolve() and path.is_file():
            return path
    raise Refusal(
        HTTPStatus.NOT_FOUND,
        "there is no such recording",
        remedy="a call's record names its recordings once they are complete",
    )
