"""How far a call made by hand had come when the engine died, read from its journal."""

from dataclasses import dataclass

from ivrengine.calls.facts import CallAdmitted, CallEnded, PersonJoined, PersonLeft, Timeline
from ivrengine.calls.talk.phases import TalkPhase
from ivrengine.calls.talk_facts import CalledOut, TalkTurned
from ivrengine.telephony import BridgeId, LegId, RecordingName
from ivrengine.values import AgentNumber, CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The two legs of a call, the bridge for both, and its recording, None for none."""

    agent: LegId
    outside: LegId
    bridge: BridgeId
    recording: RecordingName | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumedCall:
    """A conversation that was under way."""

    call: CallId
    agent: AgentNumber
    number: str
    trunk: str
    ends: Ends
    admitted_at: float
    joined_at: float
    is_held: bool
    is_paused: bool


def is_made_by_hand(timeline: Timeline) -> bool:
    """Tell whether a call is one that an agent made."""
    return any(isinstance(fact, CalledOut) for fact in timeline.facts)


def resumed_call(timeline: Timeline) -> ResumedCall | None:
    """Return how the conversation of a call stood, None when the two did not talk."""
    admitted: CallAdmitted | None = None
    joined: PersonJoined | None = None
    turned: TalkTurned | None = None
    for fact in timeline.facts:
        match fact:
            case CallAdmitted():
                admitted = fact
            case PersonJoined():
                joined = fact
            case TalkTurned():
                turned = fact
            case PersonLeft() | CallEnded():
                joined = None
            case _:
                pass
    if admitted is None or joined is None:
        return None
    return ResumedCall(
        call=timeline.call,
        agent=AgentNumber(joined.agent),
        number=admitted.caller,
        trunk=admitted.trunk,
        ends=Ends(
            agent=LegId(joined.agent_leg),
            outside=LegId(admitted.leg),
            bridge=BridgeId(joined.bridge),
            recording=RecordingName(joined.recording) if joined.recording else None,
        ),
        admitted_at=admitted.at,
        joined_at=joined.at,
        is_held=turned is not None and turned.phase == TalkPhase.HELD,
        is_paused=turned is not None and turned.recording_paused,
    )
