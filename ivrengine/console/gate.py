"""Nothing of the API without the token: asked before a request's body is read."""

import secrets
from http import HTTPStatus

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from ivrengine.console.problems import problem
from ivrengine.values import Secret

OPEN_PATHS = frozenset({"/api/openapi.json"})
"""What says how to use the API, and nothing of calls."""

ADMINISTRATOR = "administrator"
"""Name of whoever has the token of the state folder, for the log of orders."""

_REMEDY = "send `Authorization: Bearer …` with the word in the state folder's file api-token"


class BearerGate:
    """Lets requests to ``/api`` through that carry the token, and all others elsewhere."""

    def __init__(self, app: ASGIApp, *, token: Secret) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or self._may_pass(Request(scope)):
            scope.setdefault("state", {})["who"] = ADMINISTRATOR
            await self._app(scope, receive, send)
            return
        refusal = problem(HTTPStatus.UNAUTHORIZED, "no valid token was sent", remedy=_REMEDY)
        await refusal.response({"WWW-Authenticate": "Bearer"})(scope, receive, send)

    def _may_pass(self, request: Request) -> bool:
        path = request.scope["path"]
        if not path.startswith("/api") or path in OPEN_PATHS:
            return True
        scheme, _, word = request.headers.get("authorization", "").partition(" ")
        right = secrets.compare_digest(word.strip().encode(), self._token.reveal().encode())
        return scheme.lower() == "bearer" and right


def who(request: Request) -> str:
    """Return who sent ``request``: the name of the token that it came with."""
    return str(request.state.who)
