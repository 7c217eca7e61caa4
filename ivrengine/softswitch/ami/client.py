"""Keeps a manager connection up, tells of agents' telephones, and carries a few orders."""

import asyncio
from collections.abc import Callable, Iterable

import structlog

from ivrengine.errors import SwitchRefused, SwitchUnavailable, TelephonyError
from ivrengine.softswitch.ami.contacts import ContactChanged, ContactReport, Contacts
from ivrengine.softswitch.ami.session import AmiSession, Message
from ivrengine.softswitch.ami.settings import AmiAccess, AmiSettings
from ivrengine.values import AgentNumber

log = structlog.get_logger(__name__)

EVENT_CONNECTION = "engine-events"
"""What Asterisk's ari.conf calls the websocket that it dials to us."""

_NO_CONTACTS = "No Contacts found"


class AmiClient:
    """The manager's side of one Asterisk.

    Run :meth:`run` as a task for as long as it is needed.

    Args:
        access: where Asterisk is, and the secret that opens it.
        settings: deadlines and rhythms.
        on_contact: is told of every agent whose telephone came or went; must neither wait nor
            raise. Agents of whom nothing was said are not reachable.
        on_listed: is told at each connection when every telephone that there is has been told of;
            must neither wait nor raise.
    """

    def __init__(
        self,
        access: AmiAccess,
        settings: AmiSettings,
        *,
        on_contact: Callable[[ContactChanged], None],
        on_listed: Callable[[], None] = lambda: None,
    ) -> None:
        self._access = access
        self._settings = settings
        self._on_contact = on_contact
        self._on_listed = on_listed
        self._contacts = Contacts()
        self._reported_early: list[ContactReport] | None = None
        self._session: AmiSession | None = None

    @property
    def is_connected(self) -> bool:
        """Tell whether the manager connection stands."""
        return self._session is not None

    async def run(self) -> None:
        """Stay connected until cancelled."""
        was_refused = False
        while True:
            try:
                session = await AmiSession.open(self._access, self._settings)
            except TelephonyError as fault:
                report = log.debug if was_refused else log.warning
                report("manager_unreachable", fault=str(fault))
                was_refused = True
            else:
                was_refused = False
                await self._serve(session)
            await asyncio.sleep(self._settings.reconnect_after_s)

    async def command(self, line: str) -> str:
        """Have Asterisk carry out a command of its console and return what it prints.

        Raises:
            SwitchUnavailable: there is no connection, or no answer in time.
            SwitchRefused: Asterisk does not know the command, or we may not give it.
        """
        answer = (await self._connected().act("Command", Command=line))[0]
        printed = answer.get("Output", "")
        text = "\n".join(map(str, printed)) if isinstance(printed, list) else str(printed)
        if text.startswith("No such command"):
            raise SwitchRefused(f"AMI: {text.strip()}", status=400)
        return text

    async def reload(self, module: str = "") -> None:
        """Have Asterisk read its configuration again: all of it, or one module's.

        Raises:
            SwitchUnavailable: there is no connection, or no answer in time.
            SwitchRefused: Asterisk knows no such module.
        """
        fields = {"Module": module} if module else {}
        await self._connected().act("Reload", **fields)

    async def redial_events(self) -> None:
        """Have Asterisk give up its event connection and dial it again.

        Asterisk 22.10.1 waits for ever when whoever it dialled accepts and then says nothing.

        Raises:
            SwitchUnavailable: there is no connection, or no answer in time.
            SwitchRefused: this Asterisk does not know the commands.
        """
        await self.command(f"ari shutdown websocket session {EVENT_CONNECTION}")
        await self.command(f"ari start outbound-websocket {EVENT_CONNECTION}")

    def _connected(self) -> AmiSession:
        if self._session is None:
            raise SwitchUnavailable("there is no manager connection to Asterisk")
        return self._session

    async def _serve(self, session: AmiSession) -> None:
        try:
            session.listen("ContactStatus", self._contact_reported)
            await self._list_contacts(session)
            self._session = session
            log.info("manager_connected")
            async with asyncio.TaskGroup() as tasks:
                pinger = tasks.create_task(self._keep_alive(session), name="ami-ping")
                await session.until_lost()
                pinger.cancel()
        except TelephonyError as fault:
            log.warning("manager_failed", fault=str(fault))
        finally:
            self._session = None
            session.close()
        log.warning("manager_lost")

    async def _keep_alive(self, session: AmiSession) -> None:
        while True:
            await asyncio.sleep(self._settings.ping_interval_s)
            try:
                await session.act("Ping")
            except TelephonyError as fault:
                log.warning("manager_silent", fault=str(fault))
                session.drop()
                return

    async def _list_contacts(self, session: AmiSession) -> None:
        """Learn of all contacts; what is reported meanwhile is newer than the list."""
        self._reported_early = []
        try:
            _, *events = await session.act("PJSIPShowContacts")
        except SwitchRefused as refusal:
            if _NO_CONTACTS.lower() not in str(refusal).lower():
                raise
            events = []
        reports = [_listed(event) for event in events]
        self._tell(self._contacts.replace(report for report in reports if report is not None))
        early, self._reported_early = self._reported_early, None
        for report in early:
            self._tell(self._contacts.take(report))
        self._on_listed()

    def _contact_reported(self, event: Message) -> None:
        report = ContactReport(
            agent=AgentNumber(_text(event, "EndpointName") or _text(event, "AOR")),
            uri=_text(event, "URI"),
            status=_text(event, "ContactStatus"),
            round_trip_us=_text(event, "RoundtripUsec"),
        )
        if self._reported_early is not None:
            self._reported_early.append(report)
        else:
            self._tell(self._contacts.take(report))

    def _tell(self, changes: Iterable[ContactChanged]) -> None:
        for change in changes:
            log.info("contact_changed", agent=change.agent, reachable=change.reachable)
            self._on_contact(change)


def _listed(event: Message) -> ContactReport | None:
    if _text(event, "Event") != "ContactList":
        return None
    return ContactReport(
        agent=AgentNumber(_text(event, "Endpoint")),
        uri=_text(event, "Uri"),
        status=_text(event, "Status"),
        round_trip_us=_text(event, "RoundtripUsec"),
    )


def _text(message: Message, field: str) -> str:
    found = message.get(field, "")
    return found if isinstance(found, str) else ""
