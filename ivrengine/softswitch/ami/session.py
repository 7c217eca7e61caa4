"""One connection to the manager port, by panoramisk, from login to loss.

panoramisk's manager connects again by itself, on timers that outlive its ``close()``, and waits
for answers without limit. So each connection gets a manager of its own that is only ever given a
transport which already stands, and every action a deadline.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager

from ivrengine.errors import SwitchRefused, SwitchUnavailable
from ivrengine.softswitch.ami.settings import AmiAccess, AmiSettings

_NEVER_S = 10**9
"""panoramisk's own pings, which nobody would miss the answer of, are put off for ever."""

Message = Mapping[str, object]


class _Connection(Manager):  # type: ignore[misc]
    """A manager that does not connect again."""

    def __init__(self, **config: object) -> None:
        super().__init__(**config)
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_lost(self, exc: object) -> None:
        """Tell whoever waits, and leave it at that."""
        if not self.lost.done():
            self.lost.set_result(None)

    def dispatch(self, event: Any) -> None:
        """Hand an event to its listeners; one without a name has none."""
        if isinstance(event.event, str):
            super().dispatch(event)


class AmiSession:
    """A connection that is logged in."""

    def __init__(self, manager: _Connection, settings: AmiSettings) -> None:
        self._manager = manager
        self._settings = settings

    @classmethod
    async def open(cls, access: AmiAccess, settings: AmiSettings) -> "AmiSession":
        """Connect and log in.

        Raises:
            SwitchUnavailable: nobody answers there in time.
            SwitchRefused: the login is not accepted.
        """
        loop = asyncio.get_running_loop()
        manager = _Connection(
            loop=loop,
            username=access.user,
            secret=access.secret.reveal(),
            ping_delay=_NEVER_S,
            ping_interval=_NEVER_S,
        )
        try:
            async with asyncio.timeout(settings.action_deadline_s):
                made = await loop.create_connection(AMIProtocol, access.host, access.port)
                connected: asyncio.Future[object] = loop.create_future()
                connected.set_result(made)
                manager.connection_made(connected)
                login = await asyncio.shield(manager.authenticated_future)
        except (OSError, TimeoutError) as fault:
            manager.close()
            reason = str(fault) or type(fault).__name__
            raise SwitchUnavailable(f"AMI at port {access.port}: {reason}") from fault
        if not login.success:
            manager.close()
            raise SwitchRefused("AMI refuses our login", status=401)
        return cls(manager, settings)

    def listen(self, event: str, take: Callable[[Message], None]) -> None:
        """Hand every event named ``event`` to ``take``, which must neither wait nor raise."""
        self._manager.register_event(event, lambda _, message: take(message))

    async def act(self, action: str, **fields: str) -> list[Message]:
        """Carry out one action and return the answer, with the events of a list after it.

        Raises:
            SwitchUnavailable: no whole answer in time.
            SwitchRefused: Asterisk refuses; the message is its own.
        """
        try:
            async with asyncio.timeout(self._settings.action_deadline_s):
                answer = await self._manager.send_action({"Action": action, **fields})
        except TimeoutError:
            raise SwitchUnavailable(f"AMI {action}: no answer in time") from None
        messages = list(answer) if isinstance(answer, list) else [answer]
        if not messages[0].success:
            raise SwitchRefused(f"AMI {action}: {messages[0].get('Message', '')}", status=400)
        return messages

    async def until_lost(self) -> None:
        """Return when the connection is no longer there."""
        await asyncio.shield(self._manager.lost)

    def drop(self) -> None:
        """Give the connection up; :meth:`until_lost` returns."""
        self._manager.connection_lost(None)

    def close(self) -> None:
        """Close the connection."""
        self._manager.close()
