"""The engine as the target of a load: the whole system with the demonstration's menus."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import aiohttp
import psutil

from ivrengine.agents.roster_files import HasPrompt
from ivrengine.bootstrap.system import ENGINE_SERVES
from ivrengine.calls.line_file import read_lines
from ivrengine.calls.line_settings import GroupSettings
from ivrengine.calls.routes import DEFAULT_NUMBERS
from ivrengine.config import PROJECT, Settings
from ivrengine.errors import ConfigError, EngineError
from ivrengine.load.customers import write_customers
from ivrengine.load.places import HOST, MediaRange, OperatorFiles, SystemPlace
from ivrengine.load.running import RunningSystem, running_system
from ivrengine.load.target import LineGroup
from ivrengine.softphone.sip.sdp import Address
from ivrengine.softswitch.local.instance import load_or_make_secrets, paths_of
from ivrengine.softswitch.settings import SoftswitchSettings

OWN_FILES: Final = PROJECT / "data" / "load"
LAST_AGENT: Final = "8110"
PORTS: Final = 6000
"""As many ports from the first one on belong to the system; two a call, and room to choose from."""

_MEDIA_FROM: Final = 40
_CALLER_RTP_TIMEOUT_S: Final = 30
_ARI_WITHIN_S: Final = 10.0
_ORDERS_AT_ONCE: Final = 8
_HAVE_ALL_PROMPTS: Final[HasPrompt] = lambda prompt, language: True  # noqa: E731


class EngineTarget:
    """A running system; the engine in it may be killed at any time, and comes back."""

    name = "engine"

    def __init__(
        self, place: SystemPlace, groups: tuple[LineGroup, ...], system: RunningSystem
    ) -> None:
        self.sip: Address = (HOST, place.first_port)
        self.groups = groups
        self.prompts = paths_of(place.state).prompts
        self.metrics_url = f"http://{HOST}:{place.api_port}/metrics"
        self._place = place
        self._system = system

    def processes(self) -> Mapping[str, int]:
        """Return the pid of each part that runs now."""
        found: dict[str, int] = {}
        for child in psutil.Process(self._system.keeper_pid).children(recursive=True):
            try:
                argv, name = child.cmdline(), child.name()
            except psutil.Error:
                continue
            if name == ENGINE_SERVES:
                found["engine"] = child.pid
            elif argv and argv[-1].endswith("asterisk.conf"):
                found["asterisk"] = child.pid
        return found

    async def log_in(self, agents: Sequence[str]) -> None:
        """Have these agents there and ready."""
        at_once = asyncio.Semaphore(_ORDERS_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as tasks:
                for agent in agents:
                    tasks.create_task(self._log_in(agent, at_once))
        except* EngineError as faults:
            raise EngineError(f"agents cannot log in: {faults.exceptions[0]}") from faults

    async def make_ready(self, agent: str) -> None:
        """Send the order of the agent's own console."""
        await self._system.api.make_ready(agent)

    async def make_unready(self, agent: str) -> None:
        """Send the agent into a break, which begins after the conversation."""
        await self._system.api.make_unready(agent)

    async def lines_in_use(self) -> Mapping[str, int]:
        """Ask for the lines in use by trunk group."""
        return {trunk.name: trunk.in_use for trunk in await self._system.api.trunks()}

    async def waiting(self) -> int:
        """Ask for the callers in all queues."""
        return sum(queue.waiting for queue in await self._system.api.queues())

    async def in_hand(self) -> Mapping[str, int]:
        """Count channels and bridges at Asterisk, and lines and waiting callers at the engine."""
        return {
            "channels": await self._count("channels"),
            "bridges": await self._count("bridges"),
            "lines": sum((await self.lines_in_use()).values()),
            "waiting callers": await self.waiting(),
        }

    async def _log_in(self, agent: str, at_once: asyncio.Semaphore) -> None:
        async with at_once:
            await self._system.api.log_in(agent)
            await self.make_ready(agent)

    async def _count(self, kind: str) -> int:
        secret = load_or_make_secrets(paths_of(self._place.state)).ari
        login = aiohttp.encode_basic_auth(SoftswitchSettings().ari_user, secret.reveal())
        url = f"http://{HOST}:{self._place.ari_port}/ari/{kind}"
        limit = aiohttp.ClientTimeout(total=_ARI_WITHIN_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.get(url, headers={"Authorization": login}, raise_for_status=True) as answer,
            ):
                return len(await answer.json())
        except (aiohttp.ClientError, TimeoutError) as fault:
            raise EngineError(f"Asterisk does not tell its {kind}: {fault}") from fault


@asynccontextmanager
async def running_target(
    settings: Settings, *, root: Path, first_port: int, lines: Path
) -> AsyncIterator[EngineTarget]:
    """Run a whole system of its own below ``root``, from ``first_port`` on; stop it in the end.

    Raises:
        EngineError: it did not come up, or a file is wrong.
    """
    groups = line_groups(lines)
    place = _place(root, first_port, lines=lines, groups=groups)
    async with running_system(place, settings) as system:
        yield EngineTarget(place, groups, system)


def _place(
    root: Path, first_port: int, *, lines: Path, groups: tuple[LineGroup, ...]
) -> SystemPlace:
    root.mkdir(parents=True, exist_ok=True)
    customers = root / "customers.csv"
    write_customers(customers)
    return SystemPlace(
        first_port=first_port,
        media=MediaRange(first=first_port + _MEDIA_FROM, last=first_port + PORTS - 1),
        state=root / "engine",
        files=OperatorFiles(
            dialplans=PROJECT / "dialplans" / "demo",
            roster=OWN_FILES,
            lines=lines,
            customers=customers,
        ),
        numbers={group.dialled: group.trunk for group in groups},
        last_agent=LAST_AGENT,
        caller_rtp_timeout_s=_CALLER_RTP_TIMEOUT_S,
    )


def _answers(group: GroupSettings) -> frozenset[int]:
    of_classes = (share.refused for share in group.classes.values() if share.refused)
    return frozenset(refused.answer for refused in (group.refused, *of_classes))


def line_groups(lines: Path) -> tuple[LineGroup, ...]:
    """Return the numbers of the demonstration whose groups this file of lines names.

    Raises:
        ConfigError: the file is wrong or cannot be read.
    """
    try:
        text = lines.read_text(encoding="utf-8")
    except OSError as fault:
        raise ConfigError(f"the lines {lines} cannot be read: {fault.strerror}") from fault
    groups = read_lines(lines.name, text, _HAVE_ALL_PROMPTS).groups
    return tuple(
        LineGroup(
            dialled=each.number,
            trunk=each.trunk,
            lines=groups[each.trunk].lines,
            refused_with=_answers(groups[each.trunk]),
        )
        for each in DEFAULT_NUMBERS
        if each.trunk in groups
    )
