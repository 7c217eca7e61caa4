"""The shapes of the API's answers. Times are RFC 3339 in UTC; null is what did not happen."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from ivrengine.agents.views import AgentView, QueueView
from ivrengine.calls.exchange import LiveCall
from ivrengine.calls.fact_codec import as_json
from ivrengine.calls.facts import AnyFact
from ivrengine.calls.ports import CallSummary
from ivrengine.clock import iso_time
from ivrengine.console.ports import Check
from ivrengine.services.mailbox.model import Ticket


class Shape(BaseModel):
    """What all answers have in common."""

    model_config = ConfigDict(frozen=True)


class AgentShape(Shape):
    """An agent as it stands."""

    number: str
    name_zh: str
    name_en: str
    state: str = Field(description="one word for people, such as ready, talking, wrap_up")
    since: str = Field(description="when the present state of presence or work began")
    presence: str
    reason: str
    pending: str = Field(description="what the agent wants as soon as the engagement ends")
    work: str
    device: str
    queues: tuple[str, ...]
    contact: str = Field(description="whom the agent serves; empty: nobody")
    skills: dict[str, int]
    forced_by: str = Field(description="who put the agent into this presence; empty: the agent")
    handled_today: int
    occupancy_today: float | None = Field(description="from 0 to 1; null: not there today")
    overlong: tuple[str, ...] = Field(
        default=(), description="what lasts too long: ring, talk, hold, wrap_up"
    )

    @classmethod
    def of(cls, view: AgentView) -> Self:
        """Show ``view``."""
        return cls(
            number=view.number,
            name_zh=view.name_zh,
            name_en=view.name_en,
            state=view.state,
            since=iso_time(max(view.presence_since, view.work_since)),
            presence=view.presence,
            reason=view.reason,
            pending=view.pending,
            work=view.work,
            device=view.device,
            queues=view.queues,
            contact=view.contact,
            skills=dict(view.skills),
            forced_by=view.forced_by,
            handled_today=view.handled_today,
            occupancy_today=_share(view.occupancy_today),
            overlong=view.overlong,
        )


class QueueShape(Shape):
    """A queue as it stands; the titles are for people."""

    name: str
    title_zh: str
    title_en: str
    waiting: int
    longest_wait_s: float
    members: int
    logged_in: int
    ready: int
    talking: int
    wrapping_up: int
    expected_wait_s: float | None = Field(description="of a caller who came now; null: unknown")
    entered_today: int
    answered_today: int
    abandoned_today: int
    service_level_today: float | None = Field(description="from 0 to 1; null: no callers")
    abandon_rate_today: float | None = Field(description="from 0 to 1; null: no callers")

    @classmethod
    def of(cls, view: QueueView) -> Self:
        """Show ``view``."""
        return cls(
            name=view.name,
            title_zh=view.title_zh,
            title_en=view.title_en,
            waiting=view.waiting,
            longest_wait_s=round(view.longest_wait_s, 3),
            members=view.members,
            logged_in=view.logged_in,
            ready=view.ready,
            talking=view.talking,
            wrapping_up=view.wrapping_up,
            expected_wait_s=None
            if view.expected_wait_s is None
            else round(view.expected_wait_s, 1),
            entered_today=view.entered_today,
            answered_today=view.answered_today,
            abandoned_today=view.abandoned_today,
            service_level_today=_share(view.service_level_today),
            abandon_rate_today=_share(view.abandon_rate_today),
        )


class LiveCallShape(Shape):
    """A call that is up."""

    id: str
    since: str
    caller: str
    dialled: str
    trunk: str
    caller_class: str
    language: str
    stage: str = Field(description="where in the call it stands")
    queue: str
    agent: str

    @classmethod
    def of(cls, call: LiveCall) -> Self:
        """Show ``call``."""
        return cls(
            id=call.call,
            since=iso_time(call.since),
            caller=call.caller.digits,
            dialled=call.dialled,
            trunk=call.trunk,
            caller_class=call.caller_class,
            language=call.language,
            stage=call.stage,
            queue=call.queue,
            agent=call.agent,
        )


class CallRecordShape(Shape):
    """One call in the list of calls."""

    id: str
    direction: Literal["in", "out"] = Field(
        description="out: a call made by hand or a callback; `caller` is the far end all the same"
    )
    started_at: str
    answered_at: str | None
    ended_at: str | None
    duration_s: float | None
    caller: str
    dialled: str
    trunk: str
    caller_class: str
    language: str
    queue: str
    agent: str
    outcome: str
    ended_by: str
    recordings: tuple[str, ...]

    @classmethod
    def of(cls, row: CallSummary) -> Self:
        """Show ``row``."""
        ended = row.ended_at != 0.0
        return cls(
            id=row.call,
            direction="out" if row.outgoing else "in",
            started_at=iso_time(row.started_at),
            answered_at=iso_time(row.answered_at) if row.answered_at else None,
            ended_at=iso_time(row.ended_at) if ended else None,
            duration_s=round(row.ended_at - row.started_at, 3) if ended else None,
            caller=row.caller,
            dialled=row.dialled,
            trunk=row.trunk,
            caller_class=row.caller_class,
            language=row.language,
            queue=row.queue,
            agent=row.agent,
            outcome=row.outcome,
            ended_by=row.ended_by,
            recordings=row.recordings,
        )


class FactShape(Shape):
    """Something that happened in a call; further members depend on ``kind``."""

    model_config = ConfigDict(frozen=True, extra="allow")

    at: str
    kind: str

    @classmethod
    def of(cls, fact: AnyFact) -> Self:
        """Show ``fact``; what only a restarted engine needs is left out."""
        fields: dict[str, JsonValue] = as_json(fact)
        for hidden in ("call", "checkpoint"):
            fields.pop(hidden, None)
        return cls.model_validate({**fields, "at": iso_time(fact.at)})


class TimelineShape(Shape):
    """A call from its admission on: its row, and everything that happened, in order."""

    call: CallRecordShape
    facts: tuple[FactShape, ...]


class TicketShape(Shape):
    """A message that a caller left."""

    number: str
    kind: str
    kept_at: str
    caller: str
    language: str
    call: str
    recording: str

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        """Show ``ticket``."""
        message = ticket.message
        return cls(
            number=ticket.number,
            kind=message.kind,
            kept_at=iso_time(message.kept_at),
            caller=message.caller.digits,
            language=message.language,
            call=message.call,
            recording=message.recording,
        )


class CheckShape(Shape):
    """One thing that calls need."""

    name: str
    ok: bool
    fault: str
    remedy: str

    @classmethod
    def of(cls, check: Check) -> Self:
        """Show ``check``."""
        return cls(name=check.name, ok=not check.fault, fault=check.fault, remedy=check.remedy)


class ReadinessShape(Shape):
    """Whether calls can be served, and if not, why."""

    ready: bool
    checks: tuple[CheckShape, ...]


def _share(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
