"""How far a visit had come when the engine died, as its journal tells."""

from dataclasses import dataclass

from acd.model import ContactId, ReservationId
from ivrengine.agents.ports import TalkResumed
from ivrengine.calls.facts import PersonJoined
from ivrengine.calls.talk.orders import Target, TargetKind, parse_target
from ivrengine.calls.talk.stage import aside_of
from ivrengine.calls.talk.third import Partner
from ivrengine.calls.talk_facts import (
    OutsideJoined,
    PersonTransferred,
    RecordingOrdered,
    TalkTurned,
)
from ivrengine.telephony import BridgeId, LegId, RecordingName
from ivrengine.values import AgentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumedVisit:
    """A visit that was under way: waiting, or talking when ``joined`` or ``outside``.

    ``agent_left`` tells that whoever served hung up meanwhile, ``third_left`` the same of a third.
    ``turned`` is how the conversation stood last, None when nothing was ordered in it,
    ``recording_ordered`` what was ordered last about a recording, perhaps before a transfer, and
    ``transferred`` the transfer that led here, if one did. With ``transferred`` alone, whoever it
    was to had not been reached yet. ``last_bridge`` is that of the latest conversation.
    """

    queue: str
    talk: TalkResumed
    joined: PersonJoined | None
    outside: OutsideJoined | None = None
    turned: TalkTurned | None = None
    recording_ordered: RecordingOrdered | None = None
    transferred: PersonTransferred | None = None
    is_sought: bool = True
    last_bridge: str = ""
    agent_left: bool = False
    third_left: bool = False

    @property
    def is_talk(self) -> bool:
        """Whether caller and somebody else heard each other."""
        return self.joined is not None or self.outside is not None

    @property
    def legs(self) -> tuple[LegId, ...]:
        """The legs that took part beside the caller's."""
        served = self.talk.agent_leg if self.joined else self.outside.leg if self.outside else ""
        third = self.turned.third_leg if self.turned else ""
        return tuple(LegId(leg) for leg in (served, third) if leg)

    @property
    def bridges(self) -> tuple[BridgeId, ...]:
        """The bridges in which they were."""
        return both_bridges(self.last_bridge) if self.is_talk else ()

    @property
    def bridges_left(self) -> tuple[BridgeId, ...]:
        """The bridges of a conversation that was over, which may still be there."""
        return () if self.is_talk else both_bridges(self.last_bridge)

    @property
    def joined_at(self) -> float:
        """When they began to hear each other."""
        fact = self.joined or self.outside
        return fact.at if fact is not None else 0.0

    @property
    def recording(self) -> RecordingName | None:
        """What is recorded of it, None for nothing."""
        fact, ordered = self.joined or self.outside, self._ordered
        recording = fact.recording if fact is not None else ""
        if ordered is not None:
            recording = ordered.recording if ordered.begins else ""
        return RecordingName(recording) if recording else None

    @property
    def is_recording_ordered(self) -> bool:
        """Whether what is recorded was ordered, and not wanted by the caller's flow."""
        return self._ordered is not None and self._ordered.begins

    @property
    def _ordered(self) -> RecordingOrdered | None:
        """What was ordered in this conversation, or before a transfer that took it along."""
        fact, ordered = self.joined or self.outside, self.recording_ordered
        if fact is None or ordered is None:
            return None
        return ordered if ordered.at >= fact.at or ordered.recording == fact.recording else None


def both_bridges(name: str) -> tuple[BridgeId, ...]:
    """Return the bridge of a conversation and that of its consultations; none without a name."""
    return (BridgeId(name), aside_of(BridgeId(name))) if name else ()


def resumed_partner(found: ResumedVisit) -> Partner:
    """Return who served in a conversation that outlived the engine."""
    if found.outside is not None:
        return Partner(
            target=Target(kind=TargetKind.OUTSIDE, name=found.outside.number),
            leg=LegId(found.outside.leg),
            since=found.outside.at,
        )
    talk = found.talk
    return Partner(
        target=Target(kind=TargetKind.AGENT, name=talk.agent),
        contact=talk.contact,
        reservation=talk.reservation,
        agent=talk.agent,
        leg=talk.agent_leg,
        since=talk.since,
    )


def resumed_third(found: ResumedVisit) -> Partner | None:
    """Return the third who is still there, None when nobody is."""
    turned = found.turned
    target = parse_target(turned.third) if turned is not None else None
    if turned is None or target is None or not turned.third_leg or found.third_left:
        return None
    return Partner(
        target=target,
        contact=ContactId(turned.third_contact),
        reservation=ReservationId(turned.third_reservation),
        agent=AgentNumber(turned.third_agent),
        leg=LegId(turned.third_leg),
        since=turned.third_since,
    )
