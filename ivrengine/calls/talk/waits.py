"""Tells distribution which of those in a conversation are on hold, turn by turn."""

from acd.model import ReservationId
from ivrengine.agents.ports import WaitingRoom
from ivrengine.calls.talk.phases import TalkPhase, caller_waits, third_waits
from ivrengine.calls.talk.third import Partner


def tell_waits(
    room: WaitingRoom,
    partner: Partner,
    third: Partner | None,
    *,
    before: TalkPhase,
    now: TalkPhase,
) -> None:
    """Tell whom ``partner`` and ``third`` keep on hold from here on, and whom no more."""
    _tell(room, partner.reservation, before=caller_waits(before), now=caller_waits(now))
    if third is not None and not third.is_outside:
        _tell(room, third.reservation, before=third_waits(before), now=third_waits(now))


def _tell(room: WaitingRoom, reservation: ReservationId, *, before: bool, now: bool) -> None:
    if now and not before:
        room.held(reservation)
    elif before and not now:
        room.retrieved(reservation)
