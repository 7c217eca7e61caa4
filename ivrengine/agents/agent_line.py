"""One leg to an agent's telephone, from the order to ring it until it is gone.

The leg lives in a task of its own, so a softswitch that answers slowly delays nobody else, and an
order to hang up never overtakes the order to dial.
"""

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from acd.commands import RingAgent
from acd.events import AgentHungUp, LiveEvent, OfferAnswered, OfferRang, OfferRefused
from acd.model import OfferOutcome, ReservationId
from ivrengine.errors import LegGone, SwitchRefused, TelephonyError
from ivrengine.telephony import (
    HangUpCause,
    LegAnswered,
    LegEnded,
    LegEvent,
    LegId,
    LegRinging,
    Switch,
)

log = structlog.get_logger(__name__)

END_DEADLINE_S = 5.0
"""How long after our own hang-up the leg's end is waited for."""

PARTS_WITHIN_S = 1.0
"""How long the next call to a telephone waits for the end of the one before."""

RING_MARGIN_S = 2.0
"""The router ends an offer in time; the softswitch's own limit is only a net below it."""

RETRY_S = 0.5
"""Pause before hanging up is tried again; it doubles with each attempt."""

_OUTCOMES = {
    HangUpCause.BUSY: OfferOutcome.BUSY,
    HangUpCause.REJECTED: OfferOutcome.REJECTED,
    HangUpCause.NO_ANSWER: OfferOutcome.TIMEOUT,
    HangUpCause.UNREACHABLE: OfferOutcome.UNREACHABLE,
    HangUpCause.UNKNOWN_NUMBER: OfferOutcome.UNREACHABLE,
    HangUpCause.NORMAL: OfferOutcome.FAILED,
    HangUpCause.CONGESTION: OfferOutcome.FAILED,
    HangUpCause.FAILED: OfferOutcome.FAILED,
}


def leg_of(reservation: ReservationId) -> LegId:
    """Name the agent's leg of a reservation, before and after a restart alike."""
    return LegId(f"{reservation}-leg")


class AgentLine:
    """An agent's leg.

    Args:
        reservation: what the leg is for.
        switch: dials it and hangs it up.
        tell: takes what becomes of it as events for the router.
        answered: whether it is known to be up already.
        hang_up_attempts: how often hanging up is tried.

    Attributes:
        is_up: whether the order to dial was carried out, so that the softswitch lists the leg.
    """

    def __init__(
        self,
        reservation: ReservationId,
        switch: Switch,
        tell: Callable[[LiveEvent], None],
        *,
        answered: bool = False,
        hang_up_attempts: int = 3,
    ) -> None:
        self.leg = leg_of(reservation)
        self._reservation = reservation
        self._switch = switch
        self._tell = tell
        self._answered = answered
        self._attempts = hang_up_attempts
        self._over = asyncio.Event()
        self._gone = asyncio.Event()
        self._told_end = False
        self._listed = True
        self.is_up = answered

    def take(self, event: LegEvent) -> None:
        """Take in one event of the leg: the leg's sink."""
        match event:
            case LegRinging():
                self._tell(OfferRang(reservation=self._reservation))
            case LegAnswered():
                self._answered = True
                self._tell(OfferAnswered(reservation=self._reservation))
            case LegEnded(cause=cause):
                self.end(cause)
            case _:
                pass

    def end(self, cause: HangUpCause) -> None:
        """Learn that the leg is gone."""
        self._gone.set()
        self._over.set()
        self._tell_end(cause)

    def lose(self) -> None:
        """Learn that the softswitch does not list the leg; it is hung up all the same.

        The list may be older than the leg, and a leg too many is worse than an order too many.
        """
        self._listed = False
        self._over.set()
        self._tell_end(HangUpCause.FAILED)

    def _tell_end(self, cause: HangUpCause) -> None:
        if self._told_end:
            return
        self._told_end = True
        if self._answered:
            self._tell(AgentHungUp(reservation=self._reservation))
        else:
            self._tell(OfferRefused(reservation=self._reservation, outcome=_OUTCOMES[cause]))

    def hang_up(self) -> None:
        """Have the leg ended, as soon as that can be ordered."""
        self._over.set()

    async def parts(self) -> None:
        """Wait until the leg is gone, if it is to end; not for long, as somebody waits for it."""
        if self._over.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PARTS_WITHIN_S):
                    await self._gone.wait()

    async def ring(
        self, order: RingAgent, caller_id: str, *, after: "AgentLine | None" = None
    ) -> None:
        """Dial the leg and live until it is gone.

        The telephone's leg before, ``after``, is let go first: its hang-up and the new call would
        race each other, and a telephone in use is busy, or beeps into a conversation.

        Cancelled, it leaves the leg as it is: conversations outlive this program.
        """
        if after is not None:
            await after.parts()
            if self._over.is_set():
                return
        try:
            await self._switch.dial(
                self.leg,
                order.agent,
                caller_id=caller_id,
                ring_timeout_s=order.ring_timeout_s + RING_MARGIN_S,
            )
        except LegGone:
            log.info("agent_leg_gone_before_reply", leg=self.leg)
        except SwitchRefused as fault:
            self._not_dialled(order, fault)
            return
        except TelephonyError as fault:
            self._not_dialled(order, fault)
            # The order may have taken effect all the same, if only its reply was lost.
            self._over.set()
        self.is_up = True
        await self.live()

    def _not_dialled(self, order: RingAgent, fault: TelephonyError) -> None:
        log.warning("agent_not_dialled", agent=order.agent, leg=self.leg, fault=str(fault))
        self._tell(OfferRefused(reservation=self._reservation, outcome=OfferOutcome.FAILED))

    async def live(self) -> None:
        """Wait until the leg is gone, or is to be ended, and end it then."""
        await self._over.wait()
        pause_s = RETRY_S
        for attempt in range(self._attempts):
            if self._gone.is_set():
                return
            if attempt:
                await asyncio.sleep(pause_s)
                pause_s *= 2
            if await self._try_to_hang_up():
                break
        if self._listed:
            await self._await_end()

    async def _try_to_hang_up(self) -> bool:
        try:
            await self._switch.hang_up(self.leg)
        except LegGone:
            return True
        except TelephonyError as fault:
            log.warning("agent_leg_not_hung_up", leg=self.leg, fault=str(fault))
            return False
        return True

    async def _await_end(self) -> None:
        try:
            async with asyncio.timeout(END_DEADLINE_S):
                await self._gone.wait()
        except TimeoutError:
            # A leg that is still up is found, and released, when state is next reconciled.
            log.warning("agent_leg_end_not_seen", leg=self.leg)
