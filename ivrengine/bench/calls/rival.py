"""What a user would set up instead: Asterisk with a dialplan of the same menus, and app_queue."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

from ivrengine.bench.calls.readouts import Readouts
from ivrengine.clock import SteadyClock
from ivrengine.config import PROJECT, Settings
from ivrengine.load.places import HOST, MediaRange
from ivrengine.load.target import LineGroup
from ivrengine.softphone.sip.sdp import Address
from ivrengine.softswitch.ami.session import AmiSession
from ivrengine.softswitch.ami.settings import AmiAccess, AmiSettings
from ivrengine.softswitch.local.asterisk import LocalSoftswitch
from ivrengine.softswitch.local.debian.progress import Report
from ivrengine.softswitch.local.installation import fetch
from ivrengine.softswitch.local.instance import InstancePaths
from ivrengine.softswitch.settings import CONFIG_TEMPLATES, DialledNumber, SoftswitchSettings
from ivrengine.speech.prompt_ids import audio_path
from ivrengine.values import Language

_OWN_FILES: Final = PROJECT / "data" / "bench"
_TEMPLATES: Final = (_OWN_FILES / "dialplan-rival", _OWN_FILES / "app-queue", CONFIG_TEMPLATES)
_MODULES: Final = (
    "app_mixmonitor",
    "app_queue",
    "app_read",
    "app_record",
    "func_db",
    "func_groupcount",
    "func_rand",
)
_ACTIONS: Final = AmiSettings(action_deadline_s=15.0)
_QUOTES: Final = "quotes"
_GROUPED: Final = re.compile(r"PJSIP/\S+\s+(\w+)")
"""A line of what Asterisk says of its groups: a channel, its group, and which kind that is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RivalPlace:
    """Where the rival lives; ``prompts`` are laid out already, and read only.

    Its signalling takes four ports from ``first_port`` on.
    """

    first_port: int
    media: MediaRange
    state: Path
    prompts: Path
    last_agent: str
    caller_rtp_timeout_s: int

    def settings(
        self, machine: SoftswitchSettings, groups: Sequence[LineGroup]
    ) -> SoftswitchSettings:
        """Return the settings of its Asterisk: this machine's program, and our own rest."""
        numbers = tuple(
            DialledNumber(dialled=group.dialled, trunk_group=group.trunk) for group in groups
        )
        return SoftswitchSettings(
            asterisk_path=machine.asterisk_path,
            archive=machine.archive,
            archive_keyring=machine.archive_keyring,
            suites=machine.suites,
            cache_dir=machine.cache_dir,
            templates=_TEMPLATES,
            sip_port=self.first_port,
            http_port=self.first_port + 1,
            events_port=self.first_port + 2,
            ami_port=self.first_port + 3,
            rtp_first_port=self.media.first,
            rtp_last_port=self.media.last,
            numbers=numbers,
            outgoing=(),
            last_agent=int(self.last_agent),
            caller_rtp_timeout_s=self.caller_rtp_timeout_s,
        )


class DialplanRival:
    """The target of a load without an engine."""

    name = "Asterisk's dialplan and app_queue"
    metrics_url = None

    def __init__(
        self, switch: LocalSoftswitch, session: AmiSession, groups: tuple[LineGroup, ...]
    ) -> None:
        self.sip: Address = (HOST, switch.settings.sip_port)
        self.prompts = switch.paths.prompts
        self.groups = groups
        self._switch = switch
        self._session = session

    def processes(self) -> Mapping[str, int]:
        """Return the pid of Asterisk."""
        return {"asterisk": self._switch.pid}

    async def log_in(self, agents: Sequence[str]) -> None:
        """Have these agents take callers."""
        for agent in agents:
            await self.make_ready(agent)

    async def make_ready(self, agent: str) -> None:
        """Take the agent out of the pause in every queue."""
        await self._pause(agent, "false")

    async def make_unready(self, agent: str) -> None:
        """Put the agent into a pause in every queue."""
        await self._pause(agent, "true")

    async def lines_in_use(self) -> Mapping[str, int]:
        """Count the calls of each group of channels."""
        answer, *_ = await self._session.act("Command", Command="group show channels")
        grouped = Counter(_GROUPED.findall(str(answer.get("Output", ""))))
        return {group.trunk: grouped[group.trunk] for group in self.groups}

    async def waiting(self) -> int:
        """Ask for the callers in all queues."""
        answers = await self._session.act("QueueSummary")
        return sum(int(str(each.get("Callers", 0))) for each in answers)

    async def in_hand(self) -> Mapping[str, int]:
        """Count channels, bridges, lines and waiting callers."""
        return {
            "channels": await self._count("CoreShowChannels", "CoreShowChannel"),
            "bridges": await self._count("BridgeList", "BridgeListItem"),
            "lines": sum((await self.lines_in_use()).values()),
            "waiting callers": await self.waiting(),
        }

    async def learn(self, readouts: Readouts) -> None:
        """Have AstDB hold what is said of each security."""
        for code, language in product(readouts.codes, Language):
            prompts = await readouts.of(code, language)
            await self._session.act(
                "DBPut",
                Family=_QUOTES,
                Key=f"{language}-{code}",
                Val="&".join(str(audio_path(prompt, "")) for prompt in prompts),
            )

    async def _pause(self, agent: str, paused: str) -> None:
        await self._session.act("QueuePause", Interface=f"PJSIP/{agent}", Paused=paused)

    async def _count(self, action: str, event: str) -> int:
        listed = await self._session.act(action)
        return sum(message.get("Event") == event for message in listed)


@asynccontextmanager
async def running_rival(
    place: RivalPlace, groups: tuple[LineGroup, ...], settings: Settings, report: Report
) -> AsyncIterator[DialplanRival]:
    """Run it with quotes to tell, and nobody ready to take calls; stop it in the end.

    Raises:
        EngineError: it did not come up.
    """
    own = place.settings(settings.softswitch, groups)
    switch = LocalSoftswitch(own, state_dir=place.state, installation=fetch(own, report=report))
    _link_prompts(switch.paths, place.prompts)
    await switch.start()
    try:
        for module in _MODULES:
            await switch.command(f"module load {module}.so")
        session = await AmiSession.open(AmiAccess.of(own, switch.secrets), _ACTIONS)
        try:
            rival = DialplanRival(switch, session, groups)
            await rival.learn(Readouts(settings.quotes, SteadyClock()))
            for agent in own.agent_numbers:
                await rival.make_unready(agent)
            yield rival
        finally:
            session.close()
    finally:
        await switch.stop()


def _link_prompts(paths: InstancePaths, prompts: Path) -> None:
    """Have Asterisk find the prompts as it finds its own sounds: below the channel's language."""
    sounds = paths.data / "sounds"
    sounds.mkdir(parents=True, exist_ok=True)
    links = {paths.prompts: prompts, **{sounds / each: prompts / each for each in Language}}
    for link, target in links.items():
        if not link.is_symlink():
            link.symlink_to(target.resolve())
