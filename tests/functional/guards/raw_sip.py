"""SIP by hand, for what no telephone sends: bad bytes, floods, strangers.

Answers are told apart by the branch of their request, so late ones of earlier requests do no harm.
"""

import asyncio
import secrets
import socket
from dataclasses import dataclass
from types import TracebackType
from typing import Self

Address = tuple[str, int]
_TAKES_AT_MOST = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A SIP response: its status and its header lines."""

    status: int
    headers: tuple[str, ...]

    def header(self, name: str) -> str:
        """The value of a header, or nothing."""
        found = (line.partition(":")[2] for line in self.headers if line.startswith(f"{name}:"))
        return next(found, "").strip()


class RawSip:
    """A UDP socket that speaks SIP to one server from an address of choice on loopback."""

    def __init__(self, server: Address, *, source: str = "127.0.0.1") -> None:
        self._server = server
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((source, 0))
        self._socket.setblocking(False)
        self.host, self.port = self._socket.getsockname()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    async def ask(
        self,
        method: str,
        *,
        to: str,
        sender: str,
        call_id: bytes = b"",
        extra: str = "",
        within_s: float = 2.0,
    ) -> Answer | None:
        """Sends one request and waits for its final answer; None when there is none in time."""
        branch = f"z9hG4bK{secrets.token_hex(8)}"
        kind, body = self._content_of(method)
        head = self._head(method, to=to, sender=sender, branch=branch)
        head += f"{kind}Content-Length: {len(body)}\r\n"
        request = head.encode("ascii") + extra.encode("ascii") + b"Call-ID: "
        request += (call_id or branch.encode("ascii")) + b"\r\n\r\n" + body
        loop = asyncio.get_running_loop()
        await loop.sock_sendto(self._socket, request, self._server)
        try:
            async with asyncio.timeout(within_s):
                while True:
                    datagram = await loop.sock_recv(self._socket, _TAKES_AT_MOST)
                    answer = _final_answer(datagram, branch)
                    if answer is not None:
                        return answer
        except TimeoutError:
            return None

    def _content_of(self, method: str) -> tuple[str, bytes]:
        match method:
            case "INVITE":
                return "Content-Type: application/sdp\r\n", self._offer()
            case "MESSAGE":
                return "Content-Type: text/plain\r\n", b"hello"
            case _:
                return "", b""

    def _head(self, method: str, *, to: str, sender: str, branch: str) -> str:
        host, port = self._server
        return (
            f"{method} sip:{to}@{host}:{port} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {self.host}:{self.port};rport;branch={branch}\r\n"
            "Max-Forwards: 70\r\n"
            f"From: <sip:{sender}@{self.host}>;tag={branch}\r\n"
            f"To: <sip:{to}@{host}>\r\n"
            f"CSeq: 1 {method}\r\n"
            f"Contact: <sip:{sender}@{self.host}:{self.port}>\r\n"
        )

    def _offer(self) -> bytes:
        return (
            f"v=0\r\no=- 1 1 IN IP4 {self.host}\r\ns=-\r\nc=IN IP4 {self.host}\r\nt=0 0\r\n"
            f"m=audio {self.port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
        ).encode("ascii")


def _final_answer(datagram: bytes, branch: str) -> Answer | None:
    first, *headers = datagram.decode("latin-1").partition("\r\n\r\n")[0].split("\r\n")
    if not first.startswith("SIP/2.0 ") or not any(branch in line for line in headers):
        return None
    status = int(first.split()[1])
    return Answer(status=status, headers=tuple(headers)) if status >= 200 else None
