"""What the journal is told of conversations, fact by fact."""

from dataclasses import asdict, dataclass, replace

from ivrengine.agents.ports import Moved, OfferEnded, OfferMade
from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.fact import Side
from ivrengine.calls.facts import (
    OfferFailed,
    PersonJoined,
    PersonLeft,
    PersonMoved,
    PersonOffered,
    PersonSought,
    SeekGivenUp,
)
from ivrengine.calls.talk.orders import Target
from ivrengine.calls.talk.phases import TalkPhase
from ivrengine.calls.talk.third import Partner
from ivrengine.calls.talk_facts import (
    OutsideJoined,
    OutsideLeft,
    PersonTransferred,
    RecordingOrdered,
    TalkTurned,
    TransferRefused,
)
from ivrengine.telephony import BridgeId, RecordingName


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where a caller comes from: the queue, empty for one agent's line, and since when."""

    queue: str
    agent: str
    since: float


class Books:
    """Writes the facts of one call's visits and conversations."""

    def __init__(self, context: CallContext, parts: CallParts) -> None:
        self._call = context.call
        self._note = parts.journal.note
        self._now = parts.clock.now

    def sought(self, contact: str, home: Home) -> None:
        """A person is sought from here on."""
        self._note(
            PersonSought(
                call=self._call,
                at=self._now(),
                contact=contact,
                queue=home.queue,
                agent=home.agent,
                since=home.since,
            )
        )

    def moved(self, contact: str, event: Moved) -> None:
        """The wait goes on elsewhere."""
        self._note(
            PersonMoved(
                call=self._call,
                at=self._now(),
                contact=contact,
                queue=event.queue,
                step=event.step,
                cause=event.cause,
                by=event.by,
            )
        )

    def offered(self, contact: str, event: OfferMade) -> None:
        """An agent's telephone is rung."""
        offered = PersonOffered(
            call=self._call,
            at=self._now(),
            contact=contact,
            agent=event.agent,
            reservation=event.reservation,
        )
        if event.choice is not None:
            offered = replace(offered, **asdict(event.choice))
        self._note(offered)

    def offer_failed(self, contact: str, event: OfferEnded) -> None:
        """That agent does not come."""
        self._note(
            OfferFailed(
                call=self._call,
                at=self._now(),
                contact=contact,
                agent=event.agent,
                reservation=event.reservation,
                cause=event.cause,
            )
        )

    def given_up(self, contact: str, home: Home, outcome: str) -> None:
        """The search ended without a person."""
        now = self._now()
        self._note(
            SeekGivenUp(
                call=self._call,
                at=now,
                contact=contact,
                outcome=outcome,
                waited_s=round(now - home.since, 3),
            )
        )

    def joined(
        self, partner: Partner, home: Home, bridge: BridgeId, recording: RecordingName | None
    ) -> float:
        """Caller and partner hear each other; return when that was."""
        now = self._now()
        if partner.is_outside:
            self._note(
                OutsideJoined(
                    call=self._call,
                    at=now,
                    number=partner.target.name,
                    leg=partner.leg,
                    bridge=bridge,
                    recording=recording or "",
                )
            )
            return now
        self._note(
            PersonJoined(
                call=self._call,
                at=now,
                contact=partner.contact,
                agent=partner.agent,
                reservation=partner.reservation,
                agent_leg=partner.leg,
                bridge=bridge,
                recording=recording or "",
                waited_s=round(now - home.since, 3),
            )
        )
        return now

    def left(self, partner: Partner, joined_at: float, by: Side) -> None:
        """The conversation with a partner is over."""
        now = self._now()
        talked_s = round(now - joined_at, 3)
        if partner.is_outside:
            self._note(
                OutsideLeft(
                    call=self._call, at=now, number=partner.target.name, by=by, talked_s=talked_s
                )
            )
            return
        self._note(
            PersonLeft(
                call=self._call,
                at=now,
                contact=partner.contact,
                agent=partner.agent,
                by=by,
                talked_s=talked_s,
            )
        )

    def turned(
        self, partner: Partner, phase: TalkPhase, third: Partner | None, *, recording_paused: bool
    ) -> None:
        """The conversation stands otherwise from here on."""
        self._note(
            TalkTurned(
                call=self._call,
                at=self._now(),
                contact=partner.contact,
                agent=partner.agent,
                phase=phase,
                third=str(third.target) if third else "",
                third_contact=third.contact if third else "",
                third_agent=third.agent if third else "",
                third_reservation=third.reservation if third else "",
                third_leg=third.leg if third else "",
                third_since=third.since if third else 0.0,
                recording_paused=recording_paused,
            )
        )

    def recording_ordered(
        self, partner: Partner, recording: RecordingName, *, by: str, begins: bool
    ) -> None:
        """Somebody ordered a recording of the conversation, or its end."""
        self._note(
            RecordingOrdered(
                call=self._call,
                at=self._now(),
                agent=partner.agent,
                recording=recording,
                by=by,
                begins=begins,
            )
        )

    def transferred(self, partner: Partner, target: Target, home: Home, *, attended: bool) -> None:
        """The agent handed the caller over."""
        self._note(
            PersonTransferred(
                call=self._call,
                at=self._now(),
                contact=partner.contact,
                agent=partner.agent,
                target=str(target),
                attended=attended,
                queue=home.queue,
                since=home.since,
            )
        )

    def refused(self, partner: Partner, target: Target, *, reason: str) -> None:
        """The agent could not hand the caller over, nor consult, for a reason known beforehand."""
        self._note(
            TransferRefused(
                call=self._call,
                at=self._now(),
                agent=partner.agent,
                target=str(target),
                reason=reason,
            )
        )
