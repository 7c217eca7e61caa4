"""Carries aioari's operations over a pool of kept-alive HTTP connections.

aioswagger11's own HTTP client puts a lone password in every URL, knows no deadline and passes all
parameters in the URL, which Asterisk limits to 4096 bytes. This one is given to it instead: basic
authentication in a header (RFC 7617), and parameters of POST and PUT in a JSON body, where
Asterisk reads the same names and a list stays a list.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from ivrengine.softswitch.ari.settings import AriAccess

_WITH_BODY = frozenset({"POST", "PUT"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole answer: its status and what it says."""

    status: int
    body: str

    async def json(self) -> object:
        """Return what the body says; aioswagger11 awaits it."""
        return json.loads(self.body)

    async def text(self) -> str:
        """Return the body; aioari awaits it."""
        return self.body

    def message(self) -> str:
        """Return the reason that Asterisk gives for a refusal, empty when it gives none."""
        try:
            said = json.loads(self.body)
        except ValueError:
            return ""
        if not isinstance(said, dict):
            return ""
        reason = said.get("message") or said.get("error")
        return reason if isinstance(reason, str) else ""


class KeepAliveTransport:
    """The HTTP client that aioswagger11 is given.

    An ``answer`` is only replied to when the caller's first sound has come, or after half a second
    (``__ast_answer`` in main/channel.c, Asterisk 22). So there are as many connections again for
    those alone, and nobody's key waits for them.

    Args:
        access: where Asterisk is and how to prove oneself.
        pool_size: connections at most; requests beyond wait for a free one.
        keep_alive_s: seconds that an idle connection is kept.
    """

    def __init__(self, access: AriAccess, *, pool_size: int, keep_alive_s: float) -> None:
        credentials = f"{access.user}:{access.secret.reveal()}".encode()
        self._headers = {"Authorization": f"Basic {b64encode(credentials).decode('ascii')}"}
        self._session, self._answering = (
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=pool_size, keepalive_timeout=keep_alive_s),
                timeout=aiohttp.ClientTimeout(total=None),
            )
            for _ in range(2)
        )

    async def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send one request and read its whole answer, whatever its status.

        The signature is aioswagger11's. The caller sets the deadline.
        """
        query, body = arranged(method, params or {}, data)
        sent = {**self._headers, **(headers or {})}
        if body is not None:
            sent["Content-Type"] = "application/json"
        session = self._answering if url.endswith("/answer") else self._session
        async with session.request(
            method, url, params=query, data=body, headers=sent, allow_redirects=False
        ) as answer:
            return Reply(status=answer.status, body=await answer.text(errors="replace"))

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()
        await self._answering.close()


def arranged(
    method: str, params: Mapping[str, object], data: str | None
) -> tuple[dict[str, str], str | None]:
    """Return what of a request's parameters goes into its query, and what into its body."""
    if method not in _WITH_BODY or not params:
        return {name: str(value) for name, value in params.items()}, data
    fields = {**(json.loads(data) if data else {}), **params}
    return {}, json.dumps(fields)
