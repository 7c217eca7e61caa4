"""Every error as one JSON shape, RFC 9457, with a word on what to do next."""

from collections.abc import Mapping
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from ivrengine.errors import StorageError

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong (RFC 9457); ``remedy`` is our own member: what to do next."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    remedy: str = ""

    def response(self, headers: Mapping[str, str] | None = None) -> JSONResponse:
        """Return it as an answer."""
        return JSONResponse(
            self.model_dump(), status_code=self.status, headers=headers, media_type=MEDIA_TYPE
        )


class Refusal(Exception):
    """Ends a request with a problem."""

    def __init__(self, status: HTTPStatus, detail: str, *, remedy: str = "") -> None:
        super().__init__(detail)
        self.problem = problem(status, detail, remedy=remedy)


def problem(status: HTTPStatus, detail: str, *, remedy: str = "") -> Problem:
    """Describe a problem under its status's own title."""
    return Problem(title=status.phrase, status=status.value, detail=detail, remedy=remedy)


def answer_with_problems(app: FastAPI) -> None:
    """Let every failed request of ``app`` end in a problem."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(StorageError, _storage)
    app.add_exception_handler(Exception, _unforeseen)


async def _refused(_: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, Refusal)
    return fault.problem.response()


async def _invalid(_: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, RequestValidationError)
    faults = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in fault.errors()]
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "; ".join(faults),
        remedy="see /api/openapi.json for what is expected",
    ).response()


async def _http(_: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, HTTPException)
    return problem(
        HTTPStatus(fault.status_code),
        str(fault.detail),
        remedy="see /api/openapi.json for what there is",
    ).response(fault.headers)


async def _storage(request: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, StorageError)
    log.warning("api_storage_failed", path=request.url.path, reason=str(fault))
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        str(fault),
        remedy=fault.remedy
        or "calls go on; try again in a while, and see to the database if it stays away",
    ).response({"Retry-After": "5"})


async def _unforeseen(request: Request, fault: Exception) -> JSONResponse:
    log.error("api_request_failed", path=request.url.path, exc_info=fault)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "this is a fault of the engine",
        remedy="the log has the details",
    ).response()
