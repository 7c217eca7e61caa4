"""All callers of a load: as many as asked for are held up, spread over the groups of lines."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final, Self

from ivrengine.load.callers.performers import Performers
from ivrengine.load.callers.sipp import Sipp, SippOrders
from ivrengine.load.callers.tally import Tally
from ivrengine.load.mix.generation import generate
from ivrengine.load.mix.reading import Mix
from ivrengine.load.target import LineGroup
from ivrengine.softphone.sip.sdp import Address
from ivrengine.softswitch.local import installation
from ivrengine.softswitch.local.debian.progress import silent
from ivrengine.softswitch.settings import SoftswitchSettings

_FAREWELL_S: Final = 15.0
"""Longer than a BYE is repeated, and a refused caller waits to call again."""


class Callers:
    """They call for as long as they are kept; `tallies` says how it goes."""

    def __init__(
        self, performers: Performers, sipps: Sequence[Sipp], groups: Sequence[LineGroup]
    ) -> None:
        self._performers = performers
        self._sipps = tuple(sipps)
        self._groups = tuple(groups)

    @classmethod
    @asynccontextmanager
    async def at(
        cls,
        sip: Address,
        groups: tuple[LineGroup, ...],
        mix: Mix,
        *,
        folder: Path,
        seed: int,
        settings: SoftswitchSettings | None = None,
    ) -> AsyncIterator[Self]:
        """Start SIPp and the process for sound; nobody calls before `keep`.

        ``folder`` keeps the scenario, the lists of callers, and what SIPp wrote. ``settings`` say
        where SIPp is fetched to.

        Raises:
            ConfigError: SIPp cannot be had, or nobody calls one of the groups.
            ExceptionGroup: of EngineError, a process did not start or ended by itself.
        """
        program = installation.fetch_test_tools(settings or SoftswitchSettings(), silent).sipp
        trunks = [group.trunk for group in groups]
        files = generate(mix, folder, trunks=trunks, seed=seed)
        async with AsyncExitStack() as stack:
            performers = await stack.enter_async_context(Performers.running(folder / "callers.log"))
            sipps = [
                await stack.enter_async_context(
                    Sipp.running(
                        SippOrders(
                            program=program,
                            scenario=files.scenario,
                            callers=callers,
                            server=sip,
                            dialled=group.dialled,
                            twin=performers.address,
                            folder=folder,
                        )
                    )
                )
                for group, callers in zip(groups, files.callers, strict=True)
            ]
            yield cls(performers, sipps, groups)

    async def keep(self, calls: int, *, rate_per_s: float) -> None:
        """From now on hold so many up; whoever ends is followed by another caller.

        They are spread over the groups by their lines. Fewer than before: nobody new comes until
        as many are left. A refused caller counts among them until it calls again.

        Raises:
            EngineError: a SIPp has ended.
        """
        for sipp, share in zip(self._sipps, spread(calls, self._groups), strict=True):
            sipp.hold(share, rate_per_s=rate_per_s * share / max(calls, 1))

    async def finish(self, within_s: float) -> None:
        """Place no more calls; who is up after ``within_s`` seconds hangs up.

        Raises:
            TimeoutError: some calls did not end by that either.
        """
        for sipp in self._sipps:
            sipp.place_no_more()
        try:
            async with asyncio.timeout(within_s):
                await self._have_ended()
        except TimeoutError:
            self._performers.dismiss()
            async with asyncio.timeout(_FAREWELL_S):
                await self._have_ended()

    def tallies(self) -> Mapping[str, Tally]:
        """Return how calls went so far, by kind of caller: `person`, `trading person`."""
        return self._performers.bulletin.tallies

    def shortcomings(self) -> Mapping[str, int]:
        """Return what this side did badly: what it was too late to send, or could not."""
        bulletin = self._performers.bulletin
        return {
            "skipped beats": bulletin.skipped_beats,
            "lost packets": bulletin.lost_packets,
        }

    def processes(self) -> Mapping[str, list[int]]:
        """Return the process ids by what they do."""
        sipps = [sipp.pid for sipp in self._sipps if sipp.is_running()]
        return {"SIPp": sipps, "sound": [self._performers.pid]}

    async def _have_ended(self) -> None:
        for sipp in self._sipps:
            await sipp.ended()


def spread(calls: int, groups: Sequence[LineGroup]) -> list[int]:
    """Return how many of the calls each group is given, by its lines and to the last call."""
    lines = sum(group.lines for group in groups)
    whole = [calls * group.lines // lines for group in groups]
    rests = [calls * group.lines % lines for group in groups]
    for place in sorted(range(len(groups)), key=lambda place: -rests[place])[: calls - sum(whole)]:
        whole[place] += 1
    return whole
