"""The whole system, started as a person starts it, on ports and in a folder of its own.

Nothing of it runs inside the tests: they see what a caller, an agent, an operator or another
program sees, and can do to it what fate does (kill it, freeze it, start it again).
"""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ivrengine.softphone.hearing.library import PromptLibraries
from ivrengine.softphone.sip.phone import PhoneSettings
from ivrengine.softphone.sip.sdp import Address
from tests.kit.api import Refused, Sample, WebApi, asked, basic, bearer
from tests.kit.engine_log import EngineLog
from tests.kit.ports import Ports, free_ports
from tests.kit.processes import Process, processes_of

PROJECT: Final = Path(__file__).resolve().parents[2]
COMMAND = (str(Path(sys.executable).with_name("ivrengine")), "run", "--no-demo")
STATE_VARIABLE: Final = "IVRENGINE_STATE_DIR"
READY_WITHIN_S: Final = 90.0
STOPPED_WITHIN_S: Final = 20.0
REST_WITHIN_S: Final = 8.0
BUSY_AGENT_STATES: Final = frozenset({"ringing", "talking", "outside_call"})
_PAUSE_S: Final = 0.1


class NotReady(Exception):
    """The system did not come up; the end of its output is in the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The processes of one instance."""

    supervisor: subprocess.Popen[bytes]
    asterisk: Process | None
    engine: Process | None


class Instance:
    """One system.  `start` and `stop` block; everything a test does in between does not."""

    def __init__(
        self,
        state_dir: Path,
        *,
        ports: Ports | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.state_dir = state_dir
        self.log = EngineLog(state_dir / "log" / "ivrengine.log")
        self.ports = ports or free_ports()
        self.sip: Address = ("127.0.0.1", self.ports.sip)
        self.api = WebApi(
            base=f"http://127.0.0.1:{self.ports.api}",
            authorization=bearer(state_dir / "api-token"),
        )
        self.ari = WebApi(
            base=f"http://127.0.0.1:{self.ports.asterisk_http}/ari",
            authorization=basic("ivrengine", state_dir / "secrets" / "ari"),
        )
        self._printed = state_dir / "run.log"
        self._settings = dict(settings or {})
        self._tasks_at_rest = 0
        self._supervisor: subprocess.Popen[bytes] | None = None
        self._libraries: PromptLibraries | None = None

    @property
    def libraries(self) -> PromptLibraries:
        """The prompts this instance plays, indexed."""
        if self._libraries is None:
            self._libraries = PromptLibraries(self.state_dir / "prompts")
        return self._libraries

    @property
    def environment(self) -> dict[str, str]:
        """What the system is told through its environment."""
        ports = self.ports
        ours = {
            STATE_VARIABLE: str(self.state_dir),
            # Loading one for each system would take the time of whatever is tested.
            "IVRENGINE_STANDBY": "false",
            "IVRENGINE_HTTP_PORT": str(ports.api),
            "IVRENGINE_SOFTSWITCH__SIP_PORT": str(ports.sip),
            "IVRENGINE_SOFTSWITCH__HTTP_PORT": str(ports.asterisk_http),
            "IVRENGINE_SOFTSWITCH__EVENTS_PORT": str(ports.events),
            "IVRENGINE_SOFTSWITCH__AMI_PORT": str(ports.ami),
            "IVRENGINE_SOFTSWITCH__RTP_FIRST_PORT": str(ports.rtp_first),
            "IVRENGINE_SOFTSWITCH__RTP_LAST_PORT": str(ports.rtp_last),
            "IVRENGINE_SOFTSWITCH__OUTGOING": _outgoing(ports.carrier),
        }
        kept = {key: value for key, value in os.environ.items() if not key.startswith("IVRENGINE_")}
        cache = {key: os.environ[key] for key in ("IVRENGINE_CACHE_DIR",) if key in os.environ}
        return kept | cache | ours | self._settings

    @property
    def running(self) -> Running:
        """The processes at this moment."""
        assert self._supervisor is not None, "the instance was never started"
        found = processes_of(STATE_VARIABLE, str(self.state_dir))
        return Running(
            supervisor=self._supervisor,
            asterisk=next((p for p in found if "asterisk.conf" in p.command), None),
            engine=next((p for p in found if " engine" in p.command), None),
        )

    def start(self) -> None:
        """Starts everything and waits until it is ready.

        Raises:
            NotReady: it did not come up in time, or ended.
        """
        self.state_dir.mkdir(parents=True, exist_ok=True)
        with self._printed.open("ab") as printed:
            self._supervisor = subprocess.Popen(
                COMMAND,
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
                start_new_session=True,
            )
        deadline = time.monotonic() + READY_WITHIN_S
        while not self.is_ready():
            if time.monotonic() > deadline or self._supervisor.poll() is not None:
                self.stop()
                raise NotReady(self.last_words())
            time.sleep(_PAUSE_S)
        self._tasks_at_rest = self._tasks(self.api.metrics())

    def stop(self) -> list[Process]:
        """Ends it as Ctrl-C does; the processes that had to be killed after that, if any."""
        if self._supervisor is None:
            return []
        if self._supervisor.poll() is None:
            self._supervisor.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._supervisor.wait(STOPPED_WITHIN_S)
        strays = processes_of(STATE_VARIABLE, str(self.state_dir))
        for stray in strays:
            stray.send(signal.SIGKILL)
        self._supervisor.wait(STOPPED_WITHIN_S)
        self._supervisor = None
        return strays

    def is_ready(self) -> bool:
        """Whether the engine says that it serves callers."""
        try:
            self.api.text("GET", "/health/ready")
        except Refused:
            return False
        return True

    def last_words(self) -> str:
        """The end of what the system printed."""
        if not self._printed.exists():
            return ""
        return self._printed.read_text(errors="replace")[-4000:]

    async def until_ready(self, *, within_s: float = READY_WITHIN_S) -> None:
        """Waits until callers are served, while telephones keep talking.

        Raises:
            NotReady: the time is over.
        """
        deadline = time.monotonic() + within_s
        while not await asked(self.is_ready):
            if time.monotonic() > deadline:
                raise NotReady(self.last_words())
            await asyncio.sleep(_PAUSE_S)

    async def kill_engine(self) -> None:
        """Ends the engine with SIGKILL; its supervisor starts another."""
        await _kill(self.running.engine, "engine")

    async def restart_engine(self) -> None:
        """Kills the engine and waits until the next one serves callers."""
        await self.kill_engine()
        await self.until_ready()

    @contextlib.contextmanager
    def nobody_restarts(self) -> Iterator[None]:
        """The supervisor stands still: what is killed stays away until the block is left."""
        assert self._supervisor is not None, "the instance was never started"
        yield from _frozen(_of(self._supervisor), "supervisor")

    async def kill_asterisk(self) -> None:
        """Ends Asterisk with SIGKILL, and with it every call."""
        await _kill(self.running.asterisk, "Asterisk")

    def reload_flows(self) -> None:
        """Tells the engine to read its flows again, as an operator does."""
        engine = self.running.engine
        assert engine is not None, "the engine is not running"
        engine.send(signal.SIGHUP)

    @contextlib.contextmanager
    def frozen_engine(self) -> Iterator[None]:
        """The engine stands still, its sockets open, until the block is left."""
        yield from _frozen(self.running.engine, "engine")

    @contextlib.contextmanager
    def frozen_asterisk(self) -> Iterator[None]:
        """Asterisk stands still until the block is left."""
        yield from _frozen(self.running.asterisk, "Asterisk")

    def leftovers(self) -> list[str]:
        """What is still there of calls: channels, bridges, lines, offers, in words."""
        try:
            return self._left_of_calls()
        except Refused as refusal:
            return [f"no answer: {refusal}"]

    def _left_of_calls(self) -> list[str]:
        channels = [f"channel {c['name']} {c['state']}" for c in self.ari.get("/channels")]
        bridges = [f"bridge {b['id']}" for b in self.ari.get("/bridges")]
        calls = [f"call {call}" for call in self.api.get("/api/calls")]
        return channels + bridges + calls + self._busy_samples()

    async def comes_to_rest(self, *, within_s: float = REST_WITHIN_S) -> None:
        """Waits until nothing of any call is left.

        Raises:
            AssertionError: something leaked; it is listed.
        """
        deadline = time.monotonic() + within_s
        while left := await asked(self.leftovers):
            if time.monotonic() > deadline:
                raise AssertionError(f"left over after {within_s} s:\n" + "\n".join(left))
            await asyncio.sleep(_PAUSE_S)

    def caller_settings(self, number: str) -> PhoneSettings:
        """A telephone behind the demonstration carrier."""
        return PhoneSettings(user=number, server=self.sip)

    def agent_settings(self, number: int) -> PhoneSettings:
        """An agent's telephone with its demonstration password."""
        return PhoneSettings(user=str(number), server=self.sip, password=f"demo{number}")

    def _busy_samples(self) -> list[str]:
        samples = self.api.metrics()
        busy = [str(sample) for sample in samples if sample.value and _tells_of_a_call(sample)]
        tasks = self._tasks(samples)
        if tasks > self._tasks_at_rest:
            busy.append(f"{tasks} tasks, where there are {self._tasks_at_rest} at rest")
        return busy

    @staticmethod
    def _tasks(samples: list[Sample]) -> int:
        return int(next(sample.value for sample in samples if sample.name == "ivr_tasks"))


def _outgoing(port: int) -> str:
    return json.dumps([{"trunk_group": "main", "peer": f"127.0.0.1:{port}"}])


def _tells_of_a_call(sample: Sample) -> bool:
    state = dict(sample.labels).get("state")
    match sample.name:
        case "ivr_calls_active" | "acd_waiting" | "ivr_legs":
            return True
        case "acd_agents":
            return state in BUSY_AGENT_STATES
        case "ivr_trunk_lines":
            return state == "busy"
        case _:
            return False


def _of(supervisor: subprocess.Popen[bytes]) -> Process:
    return Process(pid=supervisor.pid, parent=os.getpid(), command="supervisor")


async def _kill(process: Process | None, name: str) -> None:
    assert process is not None, f"{name} is not running"
    process.send(signal.SIGKILL)
    deadline = time.monotonic() + STOPPED_WITHIN_S
    while process.is_alive():
        assert time.monotonic() < deadline, f"{name} survives SIGKILL"
        await asyncio.sleep(_PAUSE_S)


def _frozen(process: Process | None, name: str) -> Iterator[None]:
    assert process is not None, f"{name} is not running"
    process.send(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send(signal.SIGCONT)
