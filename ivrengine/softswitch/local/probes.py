"""Asks a softswitch from outside whether it lives: by SIP and by ARI, as its users would."""

import asyncio
import base64
import secrets

import aiohttp

from ivrengine.softswitch.settings import SoftswitchSettings
from ivrengine.values import Secret

_OPTIONS = (
    "OPTIONS sip:{address}:{port} SIP/2.0\r\n"
    "Via: SIP/2.0/UDP {own};rport;branch=z9hG4bK{token}\r\n"
    "Max-Forwards: 70\r\n"
    "From: <sip:probe@{own}>;tag={token}\r\n"
    "To: <sip:{address}:{port}>\r\n"
    "Call-ID: {token}\r\n"
    "CSeq: 1 OPTIONS\r\n"
    "Contact: <sip:probe@{own}>\r\n"
    "Content-Length: 0\r\n\r\n"
)


class _FirstAnswer(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.status: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: object) -> None:
        match data.split(b" ", 2):
            case [b"SIP/2.0", status, *_] if status.isdigit() and not self.status.done():
                self.status.set_result(int(status))

    def error_received(self, exc: Exception) -> None:
        # Nobody listens there yet (ICMP port unreachable): the caller's deadline covers it.
        return


async def sip_status(address: str, port: int, *, timeout_s: float) -> int | None:
    """Send one SIP OPTIONS (RFC 3261 section 11) and return the answer's status.

    Any answer shows that SIP is alive, a refusal too; None means that there was none in time.
    """
    loop = asyncio.get_running_loop()
    transport, answer = await loop.create_datagram_endpoint(
        _FirstAnswer, remote_addr=(address, port)
    )
    try:
        host, own_port = transport.get_extra_info("sockname")
        request = _OPTIONS.format(
            address=address, port=port, own=f"{host}:{own_port}", token=secrets.token_hex(8)
        )
        transport.sendto(request.encode("ascii"))
        async with asyncio.timeout(timeout_s):
            return await answer.status
    except TimeoutError:
        return None
    finally:
        transport.close()


async def ari_answers(settings: SoftswitchSettings, password: Secret, *, timeout_s: float) -> bool:
    """Tell whether ARI answers a ping with our credentials."""
    url = f"http://127.0.0.1:{settings.http_port}/ari/asterisk/ping"
    login = base64.b64encode(f"{settings.ari_user}:{password.reveal()}".encode()).decode()
    limit = aiohttp.ClientTimeout(total=timeout_s)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.get(url, headers={"Authorization": f"Basic {login}"}) as answer,
        ):
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False
