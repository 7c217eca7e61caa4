"""What the console needs of the engine: each part behind the smallest port that serves it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from prometheus_client import CollectorRegistry

from acd.trunk_groups import LineUse
from ivrengine.agents.calling_out import CallOutAnswer
from ivrengine.agents.change_log import AuditedChange
from ivrengine.agents.changes import Change
from ivrengine.agents.intercom import IntercomAnswer, IntercomOrder
from ivrengine.agents.kpi_reports import KpiQuery, KpiReports
from ivrengine.agents.observing import ObserveAnswer, ObserveOrder, Observing
from ivrengine.agents.orders import AgentOrder, OrderAnswer
from ivrengine.agents.recording import RecordingAnswer, RecordingVerb
from ivrengine.agents.roster import Roster
from ivrengine.agents.roster_edits import Edit
from ivrengine.agents.supervision import ForceOrder, MoveAnswer, MoveOrder, Standing
from ivrengine.agents.views import AgentView, QueueView
from ivrengine.agents.wrap_up_codes import NoteAnswer, NoteOrder
from ivrengine.calls.exchange import LiveCall
from ivrengine.calls.ports import CallRecords
from ivrengine.calls.talk.orders import TalkAnswer, TalkVerb
from ivrengine.services.mailbox.ports import TicketStore
from ivrengine.values import AgentNumber, Secret


class AgentDesk(Protocol):
    """Agents and queues as they stand, and orders for agents."""

    def agents(self) -> Sequence[AgentView]:
        """Return every agent that is configured, by number."""
        ...

    def queues(self) -> Sequence[QueueView]:
        """Return every queue that is configured."""
        ...

    async def carry_out(self, order: AgentOrder) -> OrderAnswer:
        """Do what is asked, or say why not; returns when it has taken effect."""
        ...


class LiveCalls(Protocol):
    """The calls that are up."""

    def live(self) -> Sequence[LiveCall]:
        """Return them, oldest first."""
        ...


class Trunks(Protocol):
    """The trunk groups."""

    def usage(self) -> Sequence[LineUse]:
        """Return how many lines of each are in use."""
        ...


class Operating(Protocol):
    """Operators' files: what is in force, and putting others in force."""

    @property
    def roster(self) -> Roster:
        """The agents, queues and calendars in force."""
        ...

    async def reload(self, *, by: str) -> Sequence[Change]:
        """Read all files again and return what changed; raises ConfigError with every fault."""
        ...

    async def edit(self, edit: Edit, *, by: str) -> Sequence[Change]:
        """Write an edit into the files and put it in force; raises ConfigError with every fault."""
        ...

    def changes(self, limit: int) -> Sequence[AuditedChange]:
        """Return what was changed last, by whom and when, newest first."""
        ...


class Supervising(Protocol):
    """Supervisors' orders."""

    def explain(self, name: str) -> Standing | None:
        """Return how a contact, or the contact of a call, stands; None when there is none."""
        ...

    async def move(self, order: MoveOrder) -> MoveAnswer:
        """Move a waiting contact, or say why not."""
        ...

    async def force(self, order: ForceOrder) -> OrderAnswer:
        """Put an agent into a presence, or say why not."""
        ...

    def end_call(self, number: AgentNumber, *, by: str) -> OrderAnswer:
        """End the conversation of an agent, or say why not."""
        ...


class Reporting(Protocol):
    """Figures of queues, agents and lines."""

    def today(self) -> tuple[float, float]:
        """Return when today began, and now, in epoch seconds."""
        ...

    async def report(self, query: KpiQuery) -> KpiReports:
        """Return the reports that are asked for; raises StorageError when the database is away."""
        ...


class Observations(Protocol):
    """Supervisors who observe agents."""

    def under_way(self, agent: AgentNumber) -> Sequence[Observing]:
        """Return who observes ``agent``, and how."""
        ...

    async def order(self, order: ObserveOrder) -> ObserveAnswer:
        """Ring the supervisor's telephone and observe, or change the mode of one under way."""
        ...

    def end(self, agent: AgentNumber, supervisor: AgentNumber | None = None) -> Sequence[Observing]:
        """Let go whoever observes ``agent``, or one of them; return who that was."""
        ...


class Intercoms(Protocol):
    """Supervisors' words with agents who have no call."""

    async def order(self, order: IntercomOrder) -> IntercomAnswer:
        """Ring a supervisor's telephone and then an agent's, or say why not."""
        ...


class CallsOut(Protocol):
    """Calls that agents make by hand."""

    async def order(self, agent: AgentNumber, number: str, *, by: str) -> CallOutAnswer:
        """Ring an agent's telephone and then call ``number``, or say why not."""
        ...


class Recordings(Protocol):
    """Recordings of conversations that go on."""

    async def turn(self, agent: AgentNumber, verb: RecordingVerb, *, by: str) -> RecordingAnswer:
        """Begin, pause or end the recording of an agent's conversation, or say why not."""
        ...


class Conversations(Protocol):
    """Conversations of agents with callers."""

    async def order(self, agent: AgentNumber, verb: TalkVerb, to: str = "") -> TalkAnswer:
        """Order something for an agent's conversation, or say why it cannot be."""
        ...


class WrapUps(Protocol):
    """What agents note of their conversations."""

    def note(self, order: NoteOrder) -> NoteAnswer:
        """Note a code for an agent's newest conversation, or say why not."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Whether one thing that calls need is there; ``fault`` is empty when it is."""

    name: str
    fault: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberToDial:
    """A number that callers may dial, for the start page."""

    number: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleParts:
    """All that the console shows. ``recordings`` is the folder of the WAV files.

    ``readiness`` is asked at every look and must neither wait nor raise.
    """

    agents: AgentDesk
    operating: Operating
    supervising: Supervising
    observations: Observations
    intercoms: Intercoms
    calls_out: CallsOut
    recordings_running: Recordings
    conversations: Conversations
    wrap_ups: WrapUps
    reporting: Reporting
    calls: LiveCalls
    trunks: Trunks
    records: CallRecords
    tickets: TicketStore
    recordings: Path
    readiness: Callable[[], Sequence[Check]]
    metrics: CollectorRegistry
    token: Secret
    numbers: Sequence[NumberToDial] = ()
