"""What agents' and supervisors' own telephones can do besides feature codes, put together."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence

from ivrengine.agents.desk import Desk
from ivrengine.agents.recording import RecordingVerb
from ivrengine.calls.agent_phone import PhoneService
from ivrengine.calls.calling_out.phones import CallingOutPhones
from ivrengine.calls.calling_out.resumed import is_made_by_hand, resumed_call
from ivrengine.calls.calling_out.settings import CallingOutSettings
from ivrengine.calls.context import CallParts
from ivrengine.calls.facts import Timeline
from ivrengine.calls.observing.books import last_words
from ivrengine.calls.observing.intercoms import Intercoms
from ivrengine.calls.observing.observations import Observations
from ivrengine.calls.observing.phones import Forcing, SupervisorPhones
from ivrengine.calls.observing.settings import ObservingSettings
from ivrengine.calls.observing.talk_orders import TalkOrders
from ivrengine.calls.observing.talks import Talks
from ivrengine.calls.pause_limit import PauseLimit
from ivrengine.calls.recording_orders import RecordingOrders
from ivrengine.calls.session import CallSession
from ivrengine.calls.wrap_up.notes import WrapUpNotes
from ivrengine.calls.wrap_up.phones import WrapUpPhones
from ivrengine.telephony import LegId
from ivrengine.values import AgentNumber


class House:
    """Observing, and what else telephones of the house dial.

    Args:
        parts: what every call uses.
        desk: is told whose telephone is in use.
        forcing: puts agents into presences by order of supervisors.
        sessions: returns the calls that are served.
        observing: how supervisors observe agents.
        calling_out: how agents call out by hand.

    Attributes:
        talks: who talks with whom.
        observations: who observes whom.
        intercoms: supervisors' words with agents.
        calls_out: the calls that agents make.
        recordings: begins, pauses and ends recordings by order.
        notes: what agents note of their conversations.
    """

    def __init__(
        self,
        parts: CallParts,
        desk: Desk,
        forcing: Forcing,
        sessions: Callable[[], Iterable[CallSession]],
        *,
        observing: ObservingSettings | None = None,
        calling_out: CallingOutSettings | None = None,
    ) -> None:
        self.talks = Talks()
        parts.journal.subscribe(self.talks)
        talk_orders = TalkOrders(sessions)
        self.observations = Observations(
            parts,
            self.talks,
            talk_orders.take_over,
            desk=desk,
            settings=observing or ObservingSettings(),
        )
        self.intercoms = Intercoms(parts, desk, observing or ObservingSettings())
        self.calls_out = CallingOutPhones(parts, desk, calling_out or CallingOutSettings())
        self.recordings = RecordingOrders(parts, self.talks, talk_orders, self.calls_out)
        self._pause_limit = PauseLimit(parts.talk.pause_limit_s, self._record_again)
        parts.journal.subscribe(self._pause_limit)
        self.notes = WrapUpNotes(parts.journal, parts.roster, parts.clock)
        parts.journal.subscribe(self.notes)
        desk.ask_whether_code_is_owed(self.notes.owes)
        self.phones: Sequence[PhoneService] = (
            SupervisorPhones(
                parts,
                self.observations,
                forcing,
                recording=self.recordings,
                intercoms=self.intercoms,
                desk=desk,
            ),
            self.calls_out,
            WrapUpPhones(parts, self.notes, desk),
        )
        self._parts = parts

    def remember(self, unfinished: Sequence[Timeline]) -> None:
        """Learn of the calls that were up when the engine last died; to be called once.

        Whoever observed them then does so no longer: those legs are released when state is
        reconciled.
        """
        for timeline in unfinished:
            for fact in last_words(timeline, self._parts.clock.now()):
                self._parts.journal.note(fact)
        self.talks.remember(unfinished)
        for timeline in unfinished:
            for known in timeline.facts:
                self.notes(known)
                self._pause_limit(known)

    async def serve(self) -> None:
        """Serve until cancelled."""
        async with asyncio.TaskGroup() as scope:
            scope.create_task(self.observations.serve())
            scope.create_task(self.intercoms.serve())
            scope.create_task(self.calls_out.serve_orders())
            scope.create_task(self._pause_limit.serve())

    async def _record_again(self, agent: AgentNumber) -> None:
        await self.recordings.turn(agent, RecordingVerb.RESUME, by="the time limit of pauses")

    # What reconciling asks for.

    def legs(self) -> frozenset[LegId]:
        """Return the legs that are served."""
        return self.observations.legs() | self.calls_out.legs() | self.intercoms.legs()

    def made(self, timeline: Timeline) -> bool:
        """Tell whether a call is one that an agent made by hand."""
        return is_made_by_hand(timeline)

    def goes_on(self, timeline: Timeline, live: Collection[LegId]) -> bool:
        """Take up a call made by hand whose two sides still talk; False when they do not."""
        found = resumed_call(timeline)
        both_there = found is not None and {found.ends.agent, found.ends.outside} <= set(live)
        return found is not None and both_there and self.calls_out.resume(found)
