"""Keeping a telephone known at its server: REGISTER, refresh in time, and taking it back."""

import asyncio
import secrets
from typing import Final

from ivrengine.softphone.sip.dialog import Dialog, new_tag
from ivrengine.softphone.sip.line import Line
from ivrengine.softphone.sip.message import SipRequest, SipResponse

REFRESH_SHARE: Final = 0.5


class RegistrationRefused(Exception):
    """The server did not take the REGISTER."""


class Registration:
    """One binding of this telephone's contact."""

    def __init__(self, line: Line, *, expires_s: int) -> None:
        host, port = line.server
        self.refreshes = 0
        self._line = line
        self._expires_s = expires_s
        self._answered: asyncio.Future[SipResponse] | None = None
        self._refresh: asyncio.TimerHandle | None = None
        self._dialog = Dialog(
            call_id=secrets.token_hex(8),
            local=f"{line.identity};tag={new_tag()}",
            remote=line.identity,
            target=f"sip:{host}:{port}",
            contact=line.contact,
            via=line.local,
        )

    @property
    def is_active(self) -> bool:
        """Whether the server took the last REGISTER and it has not been taken back."""
        return self._refresh is not None

    async def register(self, *, within_s: float = 5.0) -> None:
        """Registers, and goes on refreshing until withdrawn or closed.

        Raises:
            RegistrationRefused: the server said no, or nothing.
        """
        await self._ask(self._expires_s, within_s)

    async def withdraw(self, *, within_s: float = 5.0) -> None:
        """Takes the binding back."""
        self.close()
        await self._ask(0, within_s)

    def close(self) -> None:
        """Stops refreshing, and tells nobody."""
        if self._refresh is not None:
            self._refresh.cancel()
        self._refresh = None

    async def _ask(self, expires_s: int, within_s: float) -> None:
        self._answered = asyncio.get_running_loop().create_future()
        self._send(expires_s)
        try:
            async with asyncio.timeout(within_s):
                response = await self._answered
        except TimeoutError:
            raise RegistrationRefused(f"{self._line.user}: the server said nothing") from None
        if response.status != 200:
            said = f"{response.status} {response.reason}"
            raise RegistrationRefused(f"{self._line.user}: the server said {said}")

    def _send(self, expires_s: int) -> None:
        request = self._dialog.request("REGISTER", extra=(("Expires", str(expires_s)),))

        def on_answer(answered: SipRequest, response: SipResponse) -> None:
            self._dialog.sequence = max(self._dialog.sequence, answered.cseq[0])
            if response.is_final:
                self._take(response, expires_s)

        self._line.ask(request, on_answer)

    def _take(self, response: SipResponse, expires_s: int) -> None:
        if response.status == 200 and expires_s:
            pause_s = expires_s * REFRESH_SHARE
            self._refresh = asyncio.get_running_loop().call_later(pause_s, self._send_again)
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(response)

    def _send_again(self) -> None:
        self.refreshes += 1
        self._send(self._expires_s)
