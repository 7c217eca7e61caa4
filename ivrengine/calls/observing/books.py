"""What the journal is told of observations."""

from collections.abc import Iterable
from dataclasses import dataclass

from ivrengine.agents.observing import ObserveMode, Observing
from ivrengine.calls.context import CallParts
from ivrengine.calls.facts import Timeline
from ivrengine.calls.observing.talks import Talk
from ivrengine.calls.talk_facts import ObservationBegan, ObservationEnded


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """A mode in which a supervisor takes part in a talk, and since when."""

    talk: Talk
    mode: ObserveMode
    since: float


class ObservationBooks:
    """Writes the facts of one observation, each part of which has a beginning and an end.

    Attributes:
        open: the part that goes on, None between two.
    """

    def __init__(self, wanted: Observing, parts: CallParts) -> None:
        self.open: Taking | None = None
        self._agent = wanted.agent
        self._supervisor = wanted.supervisor
        self._note = parts.journal.note
        self._now = parts.clock.now

    @property
    def taken_over(self) -> bool:
        """Whether the supervisor serves the caller."""
        return self.open is not None and self.open.mode is ObserveMode.TAKE_OVER

    def began(self, talk: Talk, mode: ObserveMode) -> None:
        """The supervisor takes part in ``talk`` from here on."""
        now = self._now()
        self.open = Taking(talk=talk, mode=mode, since=now)
        self._note(
            ObservationBegan(
                call=talk.call, at=now, agent=self._agent, supervisor=self._supervisor, mode=mode
            )
        )

    def ended(self) -> None:
        """The part that goes on ends; none is no error."""
        taking, self.open = self.open, None
        if taking is None:
            return
        now = self._now()
        self._note(
            ObservationEnded(
                call=taking.talk.call,
                at=now,
                agent=self._agent,
                supervisor=self._supervisor,
                mode=taking.mode,
                observed_s=round(now - taking.since, 3),
            )
        )


def last_words(timeline: Timeline, now: float) -> Iterable[ObservationEnded]:
    """Give the ends of observations that were under way when the engine died."""
    under_way: dict[tuple[str, str], ObservationBegan] = {}
    for fact in timeline.facts:
        match fact:
            case ObservationBegan(agent=agent, supervisor=supervisor):
                under_way[agent, supervisor] = fact
            case ObservationEnded(agent=agent, supervisor=supervisor):
                under_way.pop((agent, supervisor), None)
            case _:
                pass
    for began in under_way.values():
        yield ObservationEnded(
            call=timeline.call,
            at=now,
            agent=began.agent,
            supervisor=began.supervisor,
            mode=began.mode,
            observed_s=round(now - began.at, 3),
        )
