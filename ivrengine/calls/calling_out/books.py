"""What the journal is told of a call that an agent makes by hand: a call record of its own."""

from acd.trunk_groups import LineClass
from ivrengine.calls.calling_out.resumed import ResumedCall
from ivrengine.calls.context import CallParts
from ivrengine.calls.fact import Side
from ivrengine.calls.facts import CallAdmitted, CallAnswered, CallEnded, PersonJoined, PersonLeft
from ivrengine.calls.talk_facts import CalledOut, TalkTurned
from ivrengine.telephony import BridgeId, LegId, RecordingName
from ivrengine.values import AgentNumber, CallId


class OutgoingBooks:
    """Writes the facts of one such call."""

    def __init__(self, call: CallId, agent: AgentNumber, parts: CallParts) -> None:
        self.admitted_at = 0.0
        self.joined_at = 0.0
        self._call = call
        self._agent = agent
        self._note = parts.journal.note
        self._now = parts.clock.now

    def resume(self, found: ResumedCall) -> None:
        """Go on where the engine died."""
        self.admitted_at, self.joined_at = found.admitted_at, found.joined_at

    def began(self, leg: LegId, number: str, *, trunk: str, shown: str) -> None:
        """A line was taken to call ``number``."""
        self.admitted_at = self._now()
        self._note(
            CallAdmitted(
                call=self._call,
                at=self.admitted_at,
                leg=leg,
                caller=number,
                dialled=shown,
                trunk=trunk,
                caller_class=LineClass.OUTGOING,
                outgoing=True,
            )
        )

    def called_out(self, agent_leg: LegId) -> None:
        """It is ``agent_leg`` that calls."""
        self._note(
            CalledOut(call=self._call, at=self._now(), agent=self._agent, agent_leg=agent_leg)
        )

    def answered(self) -> None:
        """The telephone outside was picked up."""
        now = self._now()
        setup_s = round(now - self.admitted_at, 4)
        self._note(CallAnswered(call=self._call, at=now, setup_s=setup_s))

    def joined(self, agent_leg: LegId, bridge: BridgeId, recording: RecordingName | None) -> None:
        """Both sides hear each other."""
        self.joined_at = self._now()
        self._note(
            PersonJoined(
                call=self._call,
                at=self.joined_at,
                contact="",
                agent=self._agent,
                reservation="",
                agent_leg=agent_leg,
                bridge=bridge,
                recording=recording or "",
                waited_s=0.0,
            )
        )

    def turned(self, phase: str, *, recording_paused: bool) -> None:
        """The conversation stands otherwise from here on."""
        self._note(
            TalkTurned(
                call=self._call,
                at=self._now(),
                contact="",
                agent=self._agent,
                phase=phase,
                recording_paused=recording_paused,
            )
        )

    def ended(self, by: Side, *, cause: str, outcome: str) -> None:
        """The call is over."""
        now = self._now()
        if self.joined_at:
            talked_s = round(now - self.joined_at, 3)
            self._note(
                PersonLeft(
                    call=self._call,
                    at=now,
                    contact="",
                    agent=self._agent,
                    by=by,
                    talked_s=talked_s,
                )
            )
        self._note(
            CallEnded(
                call=self._call,
                at=now,
                by=by,
                cause=cause,
                outcome=outcome,
                duration_s=round(now - self.admitted_at, 3),
            )
        )
