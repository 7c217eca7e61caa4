"""Stands in for what supervisors and agents order of conversations, behind a console."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ivrengine.agents.calling_out import CallingOut, CallOutAnswer, NumberRefused
from ivrengine.agents.intercom import IntercomAnswer, IntercomBegun, IntercomOrder
from ivrengine.agents.observing import (
    NotAllowed,
    ObserveAnswer,
    ObserveOrder,
    ObserveStage,
    Observing,
)
from ivrengine.agents.orders import (
    NotPossible,
    UnknownAgent,
)
from ivrengine.agents.recording import RecordingAnswer, RecordingTurned, RecordingVerb
from ivrengine.agents.wrap_up_codes import NoSuchCode, NoteAnswer, Noted, NoteOrder
from ivrengine.values import AgentNumber


@dataclass
class Listeners:
    """Supervisors at work: 8033 is one, and agent 8001 talks."""

    orders: list[ObserveOrder] = field(default_factory=list)

    def under_way(self, agent: AgentNumber) -> Sequence[Observing]:
        return [
            Observing(
                agent=order.agent,
                supervisor=order.supervisor,
                mode=order.mode,
                stage=ObserveStage.OBSERVING,
                call="c-up",
            )
            for order in self.orders
            if order.agent == agent
        ]

    async def order(self, order: ObserveOrder) -> ObserveAnswer:
        if order.supervisor != "8033":
            return NotAllowed()
        if order.agent == "9999":
            return UnknownAgent()
        if order.agent != "8001":
            return NotPossible(why=f"agent {order.agent} is in no conversation")
        self.orders.append(order)
        return self.under_way(order.agent)[-1]

    def end(self, agent: AgentNumber, supervisor: AgentNumber | None = None) -> Sequence[Observing]:
        ended = [each for each in self.under_way(agent) if supervisor in (None, each.supervisor)]
        self.orders = [
            order for order in self.orders if order.supervisor not in [e.supervisor for e in ended]
        ]
        return ended


@dataclass
class Words:
    """Supervisors who want a word: 8033 is one, and agent 8001 is free."""

    orders: list[IntercomOrder] = field(default_factory=list)

    async def order(self, order: IntercomOrder) -> IntercomAnswer:
        self.orders.append(order)
        if order.supervisor != "8033":
            return NotAllowed()
        if order.agent == "9999":
            return UnknownAgent()
        if order.agent != "8001":
            return NotPossible(why=f"agent {order.agent} is not free")
        return IntercomBegun(agent=order.agent, supervisor=order.supervisor, opens_itself=True)


@dataclass
class Diallers:
    """Agents who call out: 8001 can."""

    dialled: list[tuple[str, str, str]] = field(default_factory=list)

    async def order(self, agent: AgentNumber, number: str, *, by: str) -> CallOutAnswer:
        if number == "110":
            return NumberRefused.EMERGENCY
        if number.startswith("00"):
            return NumberRefused.FORBIDDEN
        if agent != "8001":
            return UnknownAgent()
        self.dialled.append((agent, number, by))
        return CallingOut(call="c-out", agent=agent, number=number)


@dataclass
class Tapes:
    """Agent 8001 talks and is recorded."""

    is_paused: bool = False
    orders: list[tuple[str, RecordingVerb, str]] = field(default_factory=list)

    async def turn(self, agent: AgentNumber, verb: RecordingVerb, *, by: str) -> RecordingAnswer:
        self.orders.append((agent, verb, by))
        paused = verb is RecordingVerb.PAUSE
        if agent == "9999":
            return UnknownAgent()
        if agent != "8001" or paused is self.is_paused:
            return NotPossible(why=f"agent {agent} is in no conversation")
        self.is_paused = paused
        return RecordingTurned(
            call="c-up", is_recorded=verb is not RecordingVerb.STOP, is_paused=paused
        )


@dataclass
class Notes:
    """Agent 8001 had a conversation of a queue with the codes 1 and 2."""

    taken: list[NoteOrder] = field(default_factory=list)

    def note(self, order: NoteOrder) -> NoteAnswer:
        if order.agent == "9999":
            return UnknownAgent()
        if order.agent != "8001":
            return NotPossible(why=f"agent {order.agent} had no conversation")
        if order.code not in ("1", "2"):
            return NoSuchCode(known=("1", "2"))
        self.taken.append(order)
        return Noted(call="c-up", queue="complaints", code=order.code)
