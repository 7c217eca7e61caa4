"""The whole system as processes: Asterisk and the engine as parts that a supervisor keeps up."""

import fcntl
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from ivrengine.bootstrap.paths import StatePaths
from ivrengine.config import Settings
from ivrengine.errors import ConfigError
from ivrengine.softswitch.ari.parting import Parting
from ivrengine.softswitch.ari.settings import AriAccess
from ivrengine.softswitch.local.asterisk import LocalSoftswitch
from ivrengine.softswitch.local.installation import Installation
from ivrengine.softswitch.local.instance import load_or_make_secrets, paths_of
from ivrengine.softswitch.local.network_ports import WantedPort, ports_of
from ivrengine.softswitch.local.processes import ChildSpec, Ended
from ivrengine.softswitch.local.program import Program
from ivrengine.softswitch.local.relay import Relay
from ivrengine.softswitch.local.supervisor import Part

LOCK_FILE = "run.lock"
ENGINE_SERVES = "ivr-engine"
ENGINE_WAITS = "ivr-standby"
"""What the kernel calls the two processes, in ``top`` for instance."""

_ENGINE_READY_S = 60.0
_ENGINE_STOPS_S = 10.0
_STANDBY_AFTER_S = 10.0
"""To load another engine takes a core for seconds, which callers who are taken up again need."""

_ENGINE_OUTPUT = "engine.out"


class EngineProgram:
    """The engine as a part: started once it serves callers, and well while its loop turns.

    A softswitch that is away makes the engine unready for a while; to start the engine anew then
    would mend nothing. For the same reason an engine ``apart`` from the softswitch, which others
    start, counts as started once its loop turns.
    """

    def __init__(self, settings: Settings, *, apart: bool = False) -> None:
        self._base = http_base(settings)
        spec = ChildSpec(
            name="engine",
            argv=(sys.executable, "-m", "ivrengine", "engine", "--when-told"),
            log=engine_output(settings),
            stop_timeout_s=_ENGINE_STOPS_S,
            waits=True,
            farewell=Parting(lambda: _ari_access(settings)),
        )
        self._runs = Relay(spec, next_after_s=_STANDBY_AFTER_S if settings.standby else None)
        self._program = Program(
            self._runs,
            is_answering=self._is_live if apart else self._is_ready,
            ready_timeout_s=_ENGINE_READY_S,
        )

    @property
    def name(self) -> str:
        """What an operator knows it by."""
        return self._program.name

    @property
    def rests_s(self) -> float:
        """Nothing of it lingers on: it can be started again at once."""
        return 0.0

    async def start(self) -> None:
        """Start it and return once it has started; raises EngineError when it does not."""
        await self._program.start()

    async def wait(self) -> Ended:
        """Wait until it has ended."""
        return await self._program.wait()

    async def stop(self) -> Ended:
        """Stop it; live calls are left to the softswitch."""
        return await self._program.stop()

    async def interrupt(self) -> Ended:
        """Stop it and leave the next one to wait for its turn."""
        return await self._runs.interrupt()

    async def is_answering(self, *, timeout_s: float) -> bool:
        """Tell whether its event loop turns."""
        return await self._is_live(timeout_s)

    async def _is_live(self, timeout_s: float) -> bool:
        return await succeeds(f"{self._base}/health/live", timeout_s)

    async def _is_ready(self, timeout_s: float) -> bool:
        return await succeeds(f"{self._base}/health/ready", timeout_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """The parts of one system; ``parts`` is the order in which they are started."""

    switch: LocalSoftswitch
    engine: EngineProgram

    @property
    def parts(self) -> Sequence[Part]:
        """What a supervisor has to keep up."""
        return (self.switch, self.engine)


def system_of(settings: Settings, installation: Installation) -> System:
    """Return the parts of a system, of which nothing runs yet."""
    switch = LocalSoftswitch(
        settings.for_softswitch(), state_dir=settings.state_dir, installation=installation
    )
    return System(switch=switch, engine=EngineProgram(settings))


def _ari_access(settings: Settings) -> AriAccess:
    secrets = load_or_make_secrets(paths_of(settings.state_dir))
    return AriAccess.of(settings.for_softswitch(), secrets)


def ports_of_system(settings: Settings) -> Sequence[WantedPort]:
    """Return every port that Asterisk and the engine will listen on, media aside."""
    own = settings.softswitch
    stream = socket.SOCK_STREAM
    return (
        *ports_of(own),
        WantedPort(
            address="127.0.0.1",
            port=own.events_port,
            kind=stream,
            setting="softswitch.events_port",
        ),
        WantedPort(
            address=settings.http_address, port=settings.http_port, kind=stream, setting="http_port"
        ),
    )


def http_base(settings: Settings) -> str:
    """Return the address at which this machine reaches the API, the console and the metrics."""
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(
        settings.http_address, settings.http_address
    )
    host = f"[{address}]" if ":" in address else address
    return f"http://{host}:{settings.http_port}"


def engine_output(settings: Settings) -> Path:
    """Return the file that holds what the engine prints, such as why it cannot start."""
    return StatePaths(root=settings.state_dir.resolve()).logs / _ENGINE_OUTPUT


@contextmanager
def sole_use(state_dir: Path) -> Iterator[None]:
    """Keep a second system out of a state folder; the kernel ends the claim with this process.

    Raises:
        ConfigError: the folder is in use, or cannot be written to.
    """
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        claim = (state_dir / LOCK_FILE).open("a+", encoding="ascii")
    except OSError as fault:
        raise ConfigError(
            f"the state folder {state_dir} cannot be used: {fault.strerror}",
            remedy="set IVRENGINE_STATE_DIR to a folder of yours",
        ) from fault
    with claim:
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            claim.seek(0)
            raise ConfigError(
                f"process {claim.read().strip()} runs from the state folder {state_dir} already",
                remedy="stop that one, or set IVRENGINE_STATE_DIR and the ports for a second one",
            ) from None
        claim.truncate(0)
        claim.write(str(os.getpid()))
        claim.flush()
        yield


async def succeeds(url: str, timeout_s: float) -> bool:
    """Tell whether a GET of ``url`` is answered with 200 within ``timeout_s``."""
    limit = aiohttp.ClientTimeout(total=timeout_s)
    try:
        async with aiohttp.ClientSession(timeout=limit) as session, session.get(url) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False
