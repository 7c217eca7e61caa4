"""Why a call waits, or why it went where it went: as values, and as sentences for people."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Self

from pydantic import Field

from acd.contact_states import ContactState
from acd.explanations import AgentVerdict, Explanation, WhyNot
from acd.model import TimerKind, owner_of
from ivrengine.agents.supervision import Standing
from ivrengine.calls.facts import Timeline
from ivrengine.clock import MARKET_ZONE, iso_time, local_time
from ivrengine.console.schemas import Shape
from ivrengine.console.way import way

_REASONS = {
    WhyNot.LOGGED_OUT: "logged out",
    WhyNot.AUX: "not ready",
    WhyNot.BUSY: "in another call",
    WhyNot.WRAPPING_UP: "in wrap-up",
    WhyNot.NOT_RESPONDING: "not answering",
    WhyNot.COOLING_OFF: "resting after an offer that came to nothing",
    WhyNot.EXCLUDED: "left alone after refusing or missing this one",
    WhyNot.UNSKILLED: "not able to",
    WhyNot.UNREACHABLE: "out of reach",
    WhyNot.NOT_PREFERRED: "not among those preferred",
}
_CHANGES = {
    TimerKind.STEP: "more agents will do",
    TimerKind.PROMOTE: "it rises into a better band",
    TimerKind.PREFERENCE: "others than those preferred will do",
    TimerKind.OVERFLOW: "it has waited too long for this queue",
    TimerKind.EXCLUSION: "an agent may be asked again",
    TimerKind.CLAIM: "it is given up unless its call is found again",
    TimerKind.CALLBACK_RETRY: "the customer is called again",
}


class AgentVerdictShape(Shape):
    """Why one agent is not offered the contact; ``reason`` is null for who could be."""

    agent: str
    reason: str | None
    missing: str = Field(description="what the agent would have to be able to do")
    until: str | None = Field(description="when an exclusion ends")

    @classmethod
    def of(cls, verdict: AgentVerdict) -> Self:
        """Show ``verdict``."""
        return cls(
            agent=verdict.agent,
            reason=verdict.reason,
            missing=verdict.missing,
            until=None if verdict.until is None else iso_time(verdict.until),
        )


class StandingShape(Shape):
    """How a contact stands at this moment."""

    contact: str
    queue: str
    state: str
    band: int
    counts_from: str = Field(description="the time from which its wait counts in the line")
    position: int | None
    enqueued_at: str
    step: int
    steps: int
    requirement: str
    preference: str
    offers: int
    expected_wait_s: float | None
    next_change: str | None
    next_change_at: str | None
    with_agents: tuple[str, ...]
    agents: tuple[AgentVerdictShape, ...]
    sentences: tuple[str, ...]

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """Show ``standing``."""
        told = standing.explanation
        change = told.next_change
        return cls(
            contact=told.contact,
            queue=told.queue,
            state=told.state,
            band=told.place.band,
            counts_from=iso_time(told.place.score),
            position=told.position,
            enqueued_at=iso_time(told.enqueued_at),
            step=told.step,
            steps=told.steps,
            requirement=told.requirement,
            preference=told.preference,
            offers=told.offers,
            expected_wait_s=told.expected_wait_s,
            next_change=None if change is None else change.kind,
            next_change_at=None if change is None else iso_time(change.at),
            with_agents=standing.with_agents,
            agents=tuple(map(AgentVerdictShape.of, told.agents)),
            sentences=tuple(_sentences(standing)),
        )


class StageShape(Shape):
    """One thing that brought the call where it went."""

    at: str
    words: str


class ExplanationShape(Shape):
    """Why a call waits (``standing``), and the way it took (``way``), from the call's record."""

    call: str
    standing: StandingShape | None
    way: tuple[StageShape, ...]

    @classmethod
    def of(cls, call: str, standing: Standing | None, timeline: Timeline | None) -> Self:
        """Show what is known of ``call``."""
        stages = () if timeline is None else way(timeline.facts)
        return cls(
            call=call,
            standing=None if standing is None else StandingShape.of(standing),
            way=tuple(StageShape(at=iso_time(at), words=words) for at, words in stages),
        )


def _sentences(standing: Standing) -> Iterator[str]:
    told = standing.explanation
    yield _where(told, standing.with_agents)
    if told.been:
        yield f"It came here by way of {', '.join(told.been)}."
    if told.state in (ContactState.CONNECTED, ContactState.ON_HOLD):
        return
    yield _place(told)
    yield _wanted(told)
    if told.preference:
        yield f"It prefers {told.preference}."
    if told.callback:
        parked = ", and rests until the next attempt" if told.parked else ""
        yield f"It is a callback: its customer was called {_times(told.attempts)}{parked}."
    if told.offers:
        yield f"It was offered to agents {_times(told.offers)}."
    yield from _agents(told.agents)
    yield _expected(told)
    if told.next_change is not None:
        at = _clock(told.next_change.at)
        yield f"At {at} {_CHANGES.get(told.next_change.kind, told.next_change.kind)}."


def _where(told: Explanation, agents: Sequence[str]) -> str:
    owner = owner_of(told.queue)
    line = f"queue {told.queue}" if owner is None else f"the line of agent {owner}"
    since = _clock(told.enqueued_at)
    match told.state:
        case ContactState.CONNECTED | ContactState.ON_HOLD:
            held = " and is on hold" if told.state is ContactState.ON_HOLD else ""
            return f"It speaks with {' and '.join(agents)} by way of {line}{held}."
        case ContactState.QUEUED:
            return f"It waits in {line} since {since}."
        case _:
            rung = f"; {' and '.join(agents)} is being rung" if agents else ""
            return f"It waits in {line} since {since}{rung}."


def _place(told: Explanation) -> str:
    start_s = told.enqueued_at - told.place.score
    start = f", with a head start of {start_s:.0f} s" if start_s > 0 else ""
    if told.position is None:
        return f"It does not stand in line at this moment (band {told.place.band}{start})."
    return f"It is number {told.position} in line (band {told.place.band}{start})."


def _wanted(told: Explanation) -> str:
    if told.requirement == "anybody":
        wanted = "Any agent of the queue will do"
    else:
        wanted = f"It needs an agent with: {told.requirement}"
    return f"{wanted} (step {told.step + 1} of {told.steps})." if told.steps else f"{wanted}."


def _agents(verdicts: Sequence[AgentVerdict]) -> Iterator[str]:
    if not verdicts:
        yield "No agent is a member of this queue."
        return
    counts = Counter(verdict.reason for verdict in verdicts)
    free = counts.pop(None, 0)
    parts = [f"{count} {_REASONS[why]}" for why, count in counts.most_common() if why is not None]
    if free:
        parts.append(f"{free} could be offered it")
    yield f"Of {len(verdicts)} agents of the queue: {', '.join(parts)}."


def _expected(told: Explanation) -> str:
    if told.expected_wait_s is None:
        return "Nobody can tell how long it will take."
    return f"It is expected to take another {told.expected_wait_s:.0f} s."


def _clock(at: float) -> str:
    return f"{local_time(at, MARKET_ZONE):%H:%M:%S}"


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
