"""A console over parts in memory, and a client to it that needs no network."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
from prometheus_client import CollectorRegistry

from acd.agent_states import Device, Presence, Work
from acd.events import Event
from acd.model import ContactId
from acd.router import Router
from acd.trunk_groups import CALLER_CLASSES, LineClass, LineUse, Share, TrunkGroup
from acd.trunks import Lines
from ivrengine.agents.change_log import AuditedChange
from ivrengine.agents.changes import Change, Prepared
from ivrengine.agents.figures import Figures
from ivrengine.agents.kpi_reports import KpiReporting
from ivrengine.agents.orders import (
    AgentOrder,
    AgentVerb,
    Done,
    NotPossible,
    OrderAnswer,
    UnknownAgent,
)
from ivrengine.agents.roster import Roster
from ivrengine.agents.roster_book import RosterBook
from ivrengine.agents.roster_edits import Edit
from ivrengine.agents.supervision import ForceOrder, MoveAnswer, MoveOrder, NotThere, Standing
from ivrengine.agents.views import AgentView, QueueView
from ivrengine.calls.exchange import LiveCall
from ivrengine.console.app import console_app
from ivrengine.console.ports import Check, ConsoleParts, NumberToDial
from ivrengine.services.mailbox.memory import MemoryTickets
from ivrengine.storage.memory import MemoryCallRecords, MemoryTallies
from ivrengine.values import AgentNumber, CallId, PhoneNumber, Secret
from tests.kit.console_orders import Diallers, Listeners, Notes, Tapes, Words
from tests.kit.console_talks import Conversations

TOKEN = "a-token-that-is-long-enough-to-be-one"

_STATES = {
    AgentVerb.LOG_IN: ("not_ready", Presence.AUX),
    AgentVerb.READY: ("ready", Presence.AVAILABLE),
    AgentVerb.NOT_READY: ("not_ready", Presence.AUX),
    AgentVerb.LOG_OUT: ("logged_out", Presence.LOGGED_OUT),
    AgentVerb.END_WRAP_UP: ("ready", Presence.AVAILABLE),
    AgentVerb.EXTEND_WRAP_UP: ("wrap_up", Presence.AVAILABLE),
}


def an_agent(number: str) -> AgentView:
    return AgentView(
        number=AgentNumber(number),
        name_zh="王芳",
        name_en="Wang Fang",
        state="logged_out",
        presence=Presence.LOGGED_OUT,
        reason="",
        pending="",
        work=Work.IDLE,
        device=Device.REACHABLE,
        presence_since=1000.0,
        work_since=500.0,
        queues=("general",),
        contact="",
        skills=(("general", 2),),
        handled_today=3,
        occupancy_today=1 / 3,
    )


@dataclass
class Desk:
    """Two agents who do what they are told, except what nobody can do while logged out."""

    by_number: dict[str, AgentView] = field(
        default_factory=lambda: {number: an_agent(number) for number in ("8001", "8002")}
    )
    orders: list[AgentOrder] = field(default_factory=list)

    def agents(self) -> Sequence[AgentView]:
        return list(self.by_number.values())

    def queues(self) -> Sequence[QueueView]:
        return [
            QueueView(
                name="general",
                title_zh="综合业务",
                title_en="General",
                waiting=3,
                longest_wait_s=12.3456,
                members=2,
                logged_in=1,
                ready=0,
                talking=1,
            )
        ]

    async def carry_out(self, order: AgentOrder) -> OrderAnswer:
        self.orders.append(order)
        agent = self.by_number.get(order.agent)
        if agent is None:
            return UnknownAgent()
        if agent.presence is Presence.LOGGED_OUT and order.verb is not AgentVerb.LOG_IN:
            return NotPossible(why=f"agent {order.agent} is not logged in")
        state, presence = _STATES[order.verb]
        told = replace(agent, state=state, presence=presence, reason=order.reason)
        self.by_number[order.agent] = told
        return Done(agent=told)


AGENTS = """\
agents:
  - {number: "8001", name: {zh: 王芳, en: Wang Fang}, skills: {general: 2}}  # the first
  - {number: "8002", name: {zh: 李伟, en: Li Wei}, skills: [general]}
"""
QUEUES = """\
queues:
  - name: general
    title: {zh: 综合业务, en: General}
    members: {skill: general}
    wrap_up_s: 5  # as agreed
    steps:
      - {after_s: 0, needs: general >= 2}
      - {after_s: 30, needs: general}
  - name: sales
    title: {zh: 销售, en: Sales}
    members: {agents: ["8002"]}
"""


@dataclass
class Files:
    """Operators' files in a folder, edited and read again as the engine does it."""

    folder: Path
    asked_by: list[str] = field(default_factory=list)
    audited: list[AuditedChange] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "agents.yaml").write_text(AGENTS, encoding="utf-8")
        (self.folder / "queues.yaml").write_text(QUEUES, encoding="utf-8")
        self._book = RosterBook(self.folder, lambda prompt, language: True)

    @property
    def roster(self) -> Roster:
        return self._book.roster

    async def reload(self, *, by: str) -> Sequence[Change]:
        return self._in_force(self._book.prepare(), by)

    async def edit(self, edit: Edit, *, by: str) -> Sequence[Change]:
        return self._in_force(await self._book.edit(edit), by)

    def changes(self, limit: int) -> Sequence[AuditedChange]:
        return self.audited[-limit:][::-1]

    def _in_force(self, prepared: Prepared, by: str) -> Sequence[Change]:
        self.asked_by.append(by)
        prepared.put_in_force()
        self.audited.append(AuditedChange(at=1000.0, by=by, changes=tuple(prepared.changes)))
        return prepared.changes


@dataclass
class Floor:
    """A router with agents at work; a contact is known under its own name and ``call-`` of it."""

    roster: Roster
    now: float = 1_000_000_000.0
    orders: list[MoveOrder | ForceOrder] = field(default_factory=list)
    ended: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.router = Router()
        self.figures = Figures(self.roster)
        self.store = MemoryTallies()
        self.tells(self.roster.as_event())

    def tells(self, *events: Event) -> None:
        for event in events:
            self.figures.take(event, self.router.handle(event, self.now), self.now)

    def reporting(self) -> KpiReporting:
        return KpiReporting(self.figures, self.store, _ClockOf(self))

    def explain(self, name: str) -> Standing | None:
        contact = ContactId(name.removeprefix("call-"))
        explanation = self.router.explain(contact)
        if explanation is None:
            return None
        offers = (each for each in self.router.offers() if each.contact == contact)
        return Standing(
            explanation=explanation, with_agents=tuple(AgentNumber(each.agent) for each in offers)
        )

    async def move(self, order: MoveOrder) -> MoveAnswer:
        self.orders.append(order)
        if order.queue == "closed":
            return NotPossible(why="nobody is logged in there who could serve it")
        return self.explain(order.contact) or NotThere()

    async def force(self, order: ForceOrder) -> OrderAnswer:
        self.orders.append(order)
        return Done(agent=an_agent(order.agent)) if order.agent == "8001" else UnknownAgent()

    def end_call(self, number: AgentNumber, *, by: str) -> OrderAnswer:
        self.ended.append((number, by))
        if number == "8001":
            return Done(agent=an_agent(number))
        return NotPossible(why="no conversation") if number == "8002" else UnknownAgent()


@dataclass
class _ClockOf:
    floor: Floor

    def now(self) -> float:
        return self.floor.now


@dataclass
class Up:
    """One call that is up."""

    def live(self) -> Sequence[LiveCall]:
        return [
            LiveCall(
                call=CallId("c-up"),
                caller=PhoneNumber("13812345678"),
                dialled="952588",
                trunk="main",
                caller_class="ordinary",
                language="zh",
                stage="menu",
                queue="",
                agent="",
                since=1000.5,
            )
        ]


@dataclass
class Bench:
    """The parts of a console, to be arranged by a test."""

    recordings: Path
    desk: Desk = field(default_factory=Desk)
    files: Files = field(init=False)
    floor: Floor = field(init=False)
    listeners: Listeners = field(default_factory=Listeners)
    words: Words = field(default_factory=Words)
    diallers: Diallers = field(default_factory=Diallers)
    tapes: Tapes = field(default_factory=Tapes)
    conversations: Conversations = field(default_factory=Conversations)
    notes: Notes = field(default_factory=Notes)
    records: MemoryCallRecords = field(default_factory=MemoryCallRecords)
    tickets: MemoryTickets = field(default_factory=MemoryTickets)
    metrics: CollectorRegistry = field(default_factory=CollectorRegistry)
    checks: list[Check] = field(
        default_factory=lambda: [
            Check(name=name) for name in ("switch", "database", "prompts", "flows")
        ]
    )

    def __post_init__(self) -> None:
        self.files = Files(self.recordings)
        self.floor = Floor(self.files.roster)

    def parts(self) -> ConsoleParts:
        nothing = Share(at_most=0)
        shares = {each: nothing for each in LineClass if each not in CALLER_CLASSES}
        lines = Lines([TrunkGroup(name="main", lines=2, shares=shares)])
        for call in ("a", "b", "c"):
            lines.seize(call, "main", LineClass.ORDINARY, 0.0)
        return ConsoleParts(
            agents=self.desk,
            operating=self.files,
            supervising=self.floor,
            observations=self.listeners,
            intercoms=self.words,
            calls_out=self.diallers,
            recordings_running=self.tapes,
            conversations=self.conversations,
            wrap_ups=self.notes,
            reporting=self.floor.reporting(),
            calls=Up(),
            trunks=_Trunks(lines),
            records=self.records,
            tickets=self.tickets,
            recordings=self.recordings,
            readiness=lambda: self.checks,
            metrics=self.metrics,
            token=Secret(TOKEN),
            numbers=[NumberToDial(number="952588", purpose="<b>everybody</b>")],
        )

    def client(self, token: str = TOKEN) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(app=console_app(self.parts()), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://console", headers=headers)


@dataclass
class _Trunks:
    lines: Lines

    def usage(self) -> Sequence[LineUse]:
        return self.lines.usage(0.0)
