"""Moves the legs of a conversation from place to place, each change by the fewest orders.

Whoever leaves a place does so before anybody enters one, so that nobody overhears a word of a
conversation that begins. A leg that is gone meanwhile is passed over: its end is told by itself.
"""

from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any

import structlog

from ivrengine.calls.context import CallContext, CallParts
from ivrengine.calls.patience import attempt
from ivrengine.calls.talk.phases import Place
from ivrengine.errors import LegGone
from ivrengine.telephony import BridgeId, LegId, PlaybackId

log = structlog.get_logger(__name__)

RINGING_TONE = "tone:ring"
"""The tone of the softswitch's own country for a telephone that rings."""

Wanted = Mapping[LegId, Place]


def aside_of(bridge: BridgeId) -> BridgeId:
    """Name the bridge of consultations beside the bridge of a conversation."""
    return BridgeId(f"{bridge}-aside")


def tone_of(bridge: BridgeId) -> PlaybackId:
    """Name the ringing tone beside a bridge, alike before and after a restart."""
    return PlaybackId(f"{bridge}-tone")


class Stage:
    """Where everybody is, and how they get elsewhere.

    Args:
        context: the call, whose leg is the caller's.
        parts: what every call uses.
        bridge: the bridge of the conversation, which is there already.
        music_class: what those hear who wait.

    Attributes:
        keys_pass: whether keys are heard by the others in each place.
    """

    def __init__(
        self, context: CallContext, parts: CallParts, *, bridge: BridgeId, music_class: str
    ) -> None:
        self.keys_pass: dict[Place, bool] = {}
        self._context = context
        self._parts = parts
        self._bridge = bridge
        self._music_class = music_class
        self._places: dict[LegId, Place] = {}
        self._has_aside = False
        self._may_have_aside = False

    def begin(self, wanted: Wanted) -> None:
        """Learn where everybody is already."""
        self._places = dict(wanted)

    def remember_aside(self) -> None:
        """Learn that a bridge of consultations may be left of a life before."""
        self._may_have_aside = True

    async def move(self, wanted: Wanted, *, afresh: bool = False) -> bool:
        """Bring everybody to their places; ``afresh`` when nobody knows where they are.

        Legs that are not ``wanted`` are left to whoever lets them go. Returns False when somebody
        could not be brought there.

        Raises:
            LegGone: the caller has hung up.
        """
        if afresh:
            await attempt(self._parts.switch.stop, tone_of(self._bridge))
            for leg in wanted:
                await self._leave_everything(leg)
            self._places.clear()
        moving = {leg: to for leg, to in wanted.items() if self._places.get(leg) is not to}
        for leg in moving:
            await self._leave(leg)
        arrived = [await self._enter(leg, to) for leg, to in moving.items()]
        self._places = dict(wanted)
        return all(arrived)

    async def clear(self, leg: LegId) -> None:
        """Let a leg hear nothing any more, as before somebody else speaks to it."""
        await self._leave(leg)
        self._places.pop(leg, None)

    async def take_down(self) -> None:
        """Remove the bridges; whoever is in one stays on the line."""
        await attempt(self._parts.switch.destroy_bridge, self._bridge)
        if self._may_have_aside:
            self._has_aside = self._may_have_aside = False
            await attempt(self._parts.switch.destroy_bridge, aside_of(self._bridge))
        self._places.clear()

    async def _leave(self, leg: LegId) -> None:
        switch = self._parts.switch
        match self._places.get(leg):
            case Place.TOGETHER:
                await self._order(leg, partial(switch.leave, self._bridge, leg))
            case Place.ASIDE:
                await self._order(leg, partial(switch.leave, aside_of(self._bridge), leg))
            case Place.MUSIC:
                await self._order(leg, partial(switch.stop_music, leg))
            case Place.RINGING:
                await self._order(leg, partial(switch.stop, tone_of(self._bridge)))
            case None:
                pass

    async def _leave_everything(self, leg: LegId) -> None:
        """Undo what may have been left of a life before."""
        switch, aside = self._parts.switch, aside_of(self._bridge)
        await self._order(leg, partial(switch.stop_music, leg))
        await self._order(leg, partial(switch.leave, self._bridge, leg))
        await self._order(leg, partial(switch.leave, aside, leg))

    async def _enter(self, leg: LegId, place: Place) -> bool:
        switch, keys_pass = self._parts.switch, self.keys_pass.get(place, False)
        match place:
            case Place.TOGETHER:
                return await self._order(
                    leg, partial(switch.join, self._bridge, [leg], keys_pass=keys_pass)
                )
            case Place.ASIDE:
                await self._open_aside()
                aside = aside_of(self._bridge)
                return await self._order(
                    leg, partial(switch.join, aside, [leg], keys_pass=keys_pass)
                )
            case Place.MUSIC:
                return await self._order(leg, partial(switch.start_music, leg, self._music_class))
            case Place.RINGING:
                tone = tone_of(self._bridge)
                return await self._order(leg, partial(switch.play, leg, tone, [RINGING_TONE]))

    async def _open_aside(self) -> None:
        if not self._has_aside:
            self._has_aside = self._may_have_aside = True
            await attempt(self._parts.switch.create_bridge, aside_of(self._bridge))

    async def _order(self, leg: LegId, order: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        try:
            return await attempt(order)
        except LegGone:
            if leg == self._context.leg:
                raise
            log.info("leg_gone_before_order", leg=leg)
            return False
