"""The third whom an agent calls to a conversation: another agent, somebody of a queue, or outside.

An agent is asked for like any caller's, in a visit of its own to the agents, so that presences,
wrap-up and statistics hold for whoever answers. A telephone outside is rung and watched here.
"""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from acd.model import ContactId, ReservationId
from acd.trunk_groups import LineClass
from ivrengine.agents.legs import LegSink
from ivrengine.agents.ports import PersonWanted, TalkResumed, VisitSink, WithdrawCause
from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.patience import attempt, once
from ivrengine.calls.talk.departure import Way
from ivrengine.calls.talk.numbers import Verdict
from ivrengine.calls.talk.orders import Target, TargetKind
from ivrengine.errors import LegGone, TelephonyError
from ivrengine.telephony import HangUpCause, LegEnded, LegId
from ivrengine.values import AgentNumber, CallId, Language

log = structlog.get_logger(__name__)


NO_CONTACT = ContactId("")
NO_RESERVATION = ReservationId("")
NO_AGENT = AgentNumber("")
NO_LEG = LegId("")


@dataclass(slots=True, kw_only=True)
class Partner:
    """Somebody who talks with a caller, or is called to: an agent, or a telephone outside.

    ``contact`` is the visit in which an agent was asked for; it and ``reservation`` are empty for a
    telephone outside, and ``agent`` and ``leg`` as long as nobody has answered.
    """

    target: Target
    contact: ContactId = NO_CONTACT
    reservation: ReservationId = NO_RESERVATION
    agent: AgentNumber = NO_AGENT
    leg: LegId = NO_LEG
    since: float = 0.0

    @property
    def is_outside(self) -> bool:
        """Whether distribution knows nothing of it: no agent who was asked for."""
        return self.target.kind is TargetKind.OUTSIDE or self.is_lent

    @property
    def is_lent(self) -> bool:
        """Whether its leg is somebody else's, to be listened to and never to be given back."""
        return self.target.kind is TargetKind.SUPERVISOR


class Calling:
    """Calls people to a conversation and lets them go again.

    Args:
        context: the call.
        parts: what every call uses.
        told: gives the sink for what the agents' side tells of a contact.
        overheard: takes the events of telephones outside.
    """

    def __init__(
        self,
        context: CallContext,
        parts: CallParts,
        *,
        told: Callable[[ContactId], VisitSink],
        overheard: LegSink,
    ) -> None:
        self._context = context
        self._parts = parts
        self.told = told
        self._overheard = overheard

    def can_reach(self, target: Target) -> bool:
        """Tell whether there is somebody under a target."""
        roster = self._parts.roster()
        match target.kind:
            case TargetKind.AGENT:
                return AgentNumber(target.name) in roster.agents
            case TargetKind.QUEUE:
                return target.name in roster.queues
            case TargetKind.MENU:
                flows = self._parts.stepper().flows
                return not target.name or target.name in flows.flows
            case TargetKind.OUTSIDE:
                return self._parts.talk.outside_numbers.verdict(target.name) is Verdict.ALLOWED
            case TargetKind.SUPERVISOR:
                return False

    def is_closed(self, target: Target) -> bool:
        """Tell whether a target is a queue that takes nobody at this hour."""
        return target.kind is TargetKind.QUEUE and self._parts.room.is_closed(target.name)

    def begin(self, target: Target, language: Language) -> Partner:
        """Ask for whoever is under ``target``; a telephone outside has yet to be rung."""
        now = self._parts.clock.now()
        if target.kind is TargetKind.OUTSIDE:
            partner = Partner(target=target, leg=self._context.ids.leg(), since=now)
            self._parts.legs.claim(partner.leg, self._overheard)
            return partner
        partner = Partner(target=target, contact=self._context.ids.contact(), since=now)
        is_agent = target.kind is TargetKind.AGENT
        self._parts.room.ask(
            PersonWanted(
                contact=partner.contact,
                queue="" if is_agent else target.name,
                agent=AgentNumber(target.name) if is_agent else None,
                caller=self._context.caller,
                language=language,
                since=now,
            ),
            self.told(partner.contact),
        )
        return partner

    async def ring(self, partner: Partner) -> None:
        """Ring a telephone outside; what comes of it is overheard, a refusal as its leg's end."""
        if not partner.is_outside:
            return
        talk, leg = self._parts.talk, partner.leg
        if not self._parts.admission.seize(leg, talk.outside_trunk, LineClass.OUTGOING):
            log.warning("no_line_for_transfer", trunk=talk.outside_trunk)
            self._not_called(leg, HangUpCause.CONGESTION)
            return
        try:
            await once(
                self._parts.switch.ring_outside,
                leg,
                partner.target.name,
                trunk=talk.outside_trunk,
                caller_id=talk.outside_caller_id,
                ring_timeout_s=talk.call_within_s,
            )
        except TelephonyError as fault:
            log.warning("outside_not_called", fault=str(fault))
            self._not_called(leg, HangUpCause.FAILED)

    def _not_called(self, leg: LegId, cause: HangUpCause) -> None:
        now = self._parts.clock.now()
        self._overheard(LegEnded(leg=leg, cause=cause, by_far_end=False, at=now))

    def ways_back(self, agent: str, queue: str) -> tuple[Way, ...]:
        """Return where a caller goes whose transfer failed: to the agent, then to the queue."""
        back = Target(kind=TargetKind.AGENT, name=agent)
        within_s = self._parts.talk.return_within_s
        home = (Way(target=Target(kind=TargetKind.QUEUE, name=queue)),) if queue else ()
        return (Way(target=back, within_s=within_s), *home)

    def adopt(self, partner: Partner) -> None:
        """Go on with somebody who was on the line before a restart."""
        if partner.is_outside:
            self._parts.legs.claim(partner.leg, self._overheard)
            trunk = self._parts.talk.outside_trunk
            self._parts.admission.adopt(CallId(partner.leg), trunk, LineClass.OUTGOING)
            return
        talk = TalkResumed(
            contact=partner.contact,
            reservation=partner.reservation,
            agent=partner.agent,
            agent_leg=partner.leg,
            since=partner.since,
        )
        self._parts.room.adopt(talk, self.told(partner.contact))

    async def let_go(self, partner: Partner, cause: WithdrawCause = WithdrawCause.KEY) -> None:
        """End what was begun with somebody, whoever it is and however far it came."""
        if not partner.is_outside:
            self._parts.room.withdraw(partner.contact, cause)
            return
        self.forget(partner)
        try:
            await attempt(self._parts.switch.hang_up, partner.leg)
        except LegGone:
            log.debug("outside_gone_before", leg=partner.leg)

    def forget(self, partner: Partner) -> None:
        """Give back what a telephone outside took up; its leg is gone, or will be."""
        if partner.is_outside and not partner.is_lent:
            self._parts.legs.release(partner.leg)
            self._parts.admission.release(partner.leg)
