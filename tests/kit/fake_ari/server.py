"""A pretended Asterisk: ARI's REST interface and its outbound websocket, with faults on demand.

It serves the operations by Asterisk's own description of them, dials the engine's event port as
Asterisk does, and keeps what it could not send.
"""

import asyncio
import contextlib
import json
import re
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import IPPROTO_TCP, TCP_NODELAY
from typing import Final, cast

from aiohttp import (
    ClientError,
    ClientSession,
    ClientWebSocketResponse,
    WSMsgType,
    encode_basic_auth,
    web,
)

from ivrengine.clock import SteadyClock, iso_time
from tests.kit.fake_ari.board import APP, Board, Json, Refusal
from tests.kit.fake_ari.orders import carry_out

RECONNECT_S: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class FakePorts:
    """Where the pretended Asterisk listens, and where it dials."""

    http: int
    events: int
    sip: int


@dataclass(slots=True)
class Faults:
    """What is wrong at the moment."""

    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By a pattern of "METHOD /path": the status and message that are answered instead."""
    delay_s: dict[str, float] = field(default_factory=dict)
    """By a pattern of "METHOD /path": how long an answer takes."""
    thawed: asyncio.Event = field(default_factory=asyncio.Event)
    """Unless it is set nothing is answered and nothing is sent."""
    is_mute: bool = False
    """Nothing comes over the event connection, and pings on it are not answered."""
    dials: bool = True
    """Whether the event connection is dialled."""
    announces_replay: bool = True
    """Whether the end of the replay is said."""
    is_deaf: bool = False
    """SIP requests are ignored."""


class _SipSocket(asyncio.DatagramProtocol):
    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._faults.is_deaf or not self._faults.thawed.is_set():
            return
        _, *headers = data.split(b"\r\n")
        kept = [h for h in headers if h.split(b":")[0] in (b"Via", b"From", b"To", b"Call-ID")]
        answer = b"\r\n".join([b"SIP/2.0 200 OK", *kept, b"CSeq: 1 OPTIONS", b"", b""])
        self._transport.sendto(answer, addr)


class FakeAri:
    """One pretended Asterisk; use `async with FakeAri(...).running()`."""

    def __init__(self, ports: FakePorts, *, rest_api: Path, secret: str, event_secret: str) -> None:
        self.ports = ports
        self.faults = Faults()
        self.faults.thawed.set()
        self.board = Board(self.send)
        self.requests: list[str] = []
        self.bodies: list[str] = []
        self.connections = 0
        self._rest_api = rest_api
        self._authorization = encode_basic_auth(APP, secret)
        self._event_authorization = encode_basic_auth(APP, event_secret)
        self._clock = SteadyClock()
        self._started = self._stamp()
        self._unsent: deque[str] = deque()
        self._socket: ClientWebSocketResponse | None = None
        self._disallowed: frozenset[str] = frozenset()
        self._redial = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["FakeAri"]:
        """Listens and dials until the block is left."""
        app = web.Application()
        app.router.add_route("*", "/ari/{tail:.*}", self._serve)
        runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.ports.http).start()
        sip, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _SipSocket(self.faults), local_addr=("127.0.0.1", self.ports.sip)
        )
        try:
            async with asyncio.TaskGroup() as tasks:
                dialling = tasks.create_task(self._dial_for_ever())
                yield self
                dialling.cancel()
        finally:
            self.board.clear()
            sip.close()
            await runner.cleanup()

    def send(self, event: Json) -> None:
        """Sends an event, now or when there is a connection again."""
        if event["type"] in self._disallowed:
            return
        stamped = {"timestamp": self._stamp(), "application": APP, "asterisk_id": "fake", **event}
        self._unsent.append(json.dumps(stamped))
        self._redial.set()

    def send_raw(self, text: str) -> None:
        """Sends something as it is, whatever it is."""
        self._unsent.append(text)
        self._redial.set()

    async def drop_socket(self) -> None:
        """The event connection breaks, and is not dialled again before `faults.dials` is set."""
        self.faults.dials = False
        if self._socket is not None:
            await self._socket.close()

    async def restart(self) -> None:
        """All calls and all that was not sent are gone, and another Asterisk is there."""
        await self.drop_socket()
        self.board.clear()
        self._unsent.clear()
        self.forget_filter()
        self._started = self._stamp()
        self.faults.dials = True

    def forget_filter(self) -> None:
        """The event filter is lost, as happens when the last channel is gone at a disconnect."""
        self._disallowed = frozenset()

    @property
    def filtered(self) -> frozenset[str]:
        """The kinds of events that are not sent."""
        return self._disallowed

    @property
    def is_connected(self) -> bool:
        """Whether the event connection stands."""
        return self._socket is not None and not self._socket.closed

    async def _dial_for_ever(self) -> None:
        async with ClientSession() as session:
            while True:
                try:
                    if self.faults.dials:
                        await self._converse(session)
                except* (ClientError, OSError):
                    # Nobody is there, or the connection broke: it is dialled again.
                    pass
                await asyncio.sleep(RECONNECT_S)

    async def _converse(self, session: ClientSession) -> None:
        url = f"ws://127.0.0.1:{self.ports.events}/ari"
        headers = {"Authorization": self._event_authorization}
        async with session.ws_connect(
            url, headers=headers, protocols=("ari",), autoping=False
        ) as socket:
            self._socket = socket
            self.connections += 1
            wire = socket.get_extra_info("socket")
            # As Asterisk 22.10 leaves it: an event waits for the acknowledgement of the last.
            wire.setsockopt(IPPROTO_TCP, TCP_NODELAY, 0)
            async with asyncio.TaskGroup() as tasks:
                sending = tasks.create_task(self._send_all(socket))
                while (message := await socket.receive()).type is WSMsgType.PING:
                    await self.faults.thawed.wait()
                    if not self.faults.is_mute:
                        await socket.pong(message.data)
                sending.cancel()
        self._socket = None

    async def _send_all(self, socket: ClientWebSocketResponse) -> None:
        if self.faults.announces_replay:
            self.send({"type": "ApplicationRegistered"})
        while True:
            while self._unsent:
                await self.faults.thawed.wait()
                await socket.send_str(self._unsent[0])
                self._unsent.popleft()
            self._redial.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RECONNECT_S):
                    await self._redial.wait()

    async def _serve(self, request: web.Request) -> web.Response:
        line = f"{request.method} {request.path.removeprefix('/ari')}"
        self.requests.append(request.raw_path)
        self.bodies.append(await request.text())
        await self.faults.thawed.wait()
        for pattern, delay_s in self.faults.delay_s.items():
            if re.fullmatch(pattern, line):
                await asyncio.sleep(delay_s)
        if request.headers.get("Authorization") != self._authorization:
            return web.json_response({"message": "Authentication required"}, status=401)
        for pattern, (status, message) in self.faults.answers.items():
            if re.fullmatch(pattern, line):
                return web.json_response({"message": message}, status=status)
        if line.startswith("GET /api-docs/"):
            return self._describe(line.removeprefix("GET /api-docs/"))
        fields = {**request.query, **_fields(self.bodies[-1])}
        try:
            found = self._carry_out(line, fields)
        except Refusal as refusal:
            return web.json_response({"message": refusal.message}, status=refusal.status)
        return web.Response(status=204) if found is None else web.json_response(found)

    def _describe(self, name: str) -> web.Response:
        described = json.loads((self._rest_api / name).read_text())
        described["basePath"] = f"http://127.0.0.1:{self.ports.http}/ari"
        return web.json_response(described)

    def _carry_out(self, line: str, fields: Json) -> object:
        match line:
            case "GET /asterisk/ping":
                return {"ping": "pong", "timestamp": self._stamp(), "asterisk_id": "fake"}
            case "GET /asterisk/info":
                status = {"startup_time": self._started, "last_reload_time": self._started}
                return {"status": status}
            case "PUT /applications/ivrengine/eventFilter":
                disallowed = fields["disallowed"]
                assert isinstance(disallowed, list)
                self._disallowed = frozenset(kind["type"] for kind in disallowed)
                return {"name": APP}
            case _:
                return carry_out(self.board, line, fields)

    def _stamp(self) -> str:
        return iso_time(self._clock.now()).replace("Z", "+0000")


def _fields(body: str) -> Json:
    found = json.loads(body) if body else {}
    assert isinstance(found, dict)
    return found
