"""Removes bridges that nobody has any more, without waiting for the next reconciliation.

An order to make a bridge that Asterisk answers too late for us may still be carried out when the
call is over and its removal was given up. Such a bridge is empty and belongs to no call.
"""

import asyncio
from collections.abc import Callable, Collection
from typing import Final

import structlog

from ivrengine.calls.patience import once
from ivrengine.calls.session import CallSession
from ivrengine.errors import TelephonyError
from ivrengine.telephony import BridgeId, Switch

log = structlog.get_logger(__name__)

LOOKS_EVERY_S: Final = 15.0
"""Pause between two looks; what is no visit's is nowhere made so long before somebody is in it."""


class BridgeSweeper:
    """Removes what was empty, and no caller's call's, at two looks in a row.

    Args:
        switch: has the bridges.
        sessions: gives the calls that are served.
    """

    def __init__(self, switch: Switch, sessions: Callable[[], Collection[CallSession]]) -> None:
        self._switch = switch
        self._sessions = sessions
        self._suspects: frozenset[BridgeId] = frozenset()

    async def run(self) -> None:
        """Look again and again until cancelled; a softswitch that is away is looked at later."""
        while True:
            await asyncio.sleep(LOOKS_EVERY_S)
            try:
                await self._look()
            except TelephonyError as fault:
                log.debug("bridges_not_swept", fault=str(fault))

    async def _look(self) -> None:
        live = await self._switch.live_bridges()
        used = self._used()
        idle = frozenset(each.bridge for each in live if not each.legs and each.bridge not in used)
        for bridge in sorted(idle & self._suspects):
            await self._remove(bridge)
        self._suspects = idle - self._suspects

    async def _remove(self, bridge: BridgeId) -> None:
        try:
            await once(self._switch.destroy_bridge, bridge)
            log.warning("bridge_swept", bridge=bridge)
        except TelephonyError as fault:
            log.warning("bridge_not_swept", bridge=bridge, fault=str(fault))

    def _used(self) -> frozenset[BridgeId]:
        visits = (session.visit for session in self._sessions())
        return frozenset(each for visit in visits if visit is not None for each in visit.bridges)
