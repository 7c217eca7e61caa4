"""A real Asterisk of our own: configured, started, watched until it is ready, and stopped."""

import asyncio
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from ivrengine.errors import SwitchUnavailable
from ivrengine.softswitch.local import network_ports
from ivrengine.softswitch.local.installation import Installation
from ivrengine.softswitch.local.instance import (
    InstancePaths,
    SwitchSecrets,
    load_or_make_secrets,
    paths_of,
    prepare,
)
from ivrengine.softswitch.local.probes import ari_answers, sip_status
from ivrengine.softswitch.local.processes import Child, ChildSpec, Ended
from ivrengine.softswitch.local.program import Program
from ivrengine.softswitch.local.rendering import render
from ivrengine.softswitch.settings import SoftswitchSettings

_COMMAND_TIMEOUT_S = 10.0
_LOGS = ("messages", "security")
_CONTACT = re.compile(r"^ *Contact: +([^/<]+)/", re.MULTILINE)
_KEPT_LOGS = 5
_RESTS_S = 1.0
_LOOK_AT_LOGS_EVERY_S = 10.0
_STILL_BOOTING = 503
"""What Asterisk answers to every SIP request until all of its modules run."""


class LocalSoftswitch:
    """One Asterisk whose state is below ``state_dir``."""

    def __init__(
        self, settings: SoftswitchSettings, *, state_dir: Path, installation: Installation
    ) -> None:
        self.settings = settings
        self.paths: InstancePaths = paths_of(state_dir)
        self.installation = installation
        spec = ChildSpec(
            name="asterisk",
            argv=(str(installation.asterisk), "-f", "-C", str(self._main_file)),
            log=self._output,
            other_logs=(self.paths.messages,),
            stop_timeout_s=settings.stop_timeout_s,
        )
        self._program = Program(
            Child(spec), is_answering=self._answers, ready_timeout_s=settings.ready_timeout_s
        )

    @property
    def name(self) -> str:
        """What an operator knows it by."""
        return self._program.name

    @property
    def rests_s(self) -> float:
        """One that is started in the instant of its predecessor's death finds that one's socket.

        It refuses to run then (Asterisk 22.10).
        """
        return _RESTS_S

    @property
    def secrets(self) -> SwitchSecrets:
        """What ARI, AMI and the event socket are protected with."""
        return load_or_make_secrets(self.paths)

    @property
    def pid(self) -> int:
        """Process id of the running Asterisk."""
        return self._program.pid

    @property
    def _main_file(self) -> Path:
        return self.paths.etc / "asterisk.conf"

    @property
    def _output(self) -> Path:
        return self.paths.log / "console"

    def configure(self) -> None:
        """Make the instance's folders, secrets and configuration files; starts nothing.

        Raises:
            ConfigError: a setting or a template is wrong.
        """
        prepare(self.paths, self.installation)
        render(
            self.settings,
            paths=self.paths,
            installation=self.installation,
            secrets=self.secrets,
        )

    async def start(self) -> None:
        """Configure and start Asterisk, and return when SIP and ARI both answer.

        Raises:
            ConfigError: a setting is wrong, or a port is taken; nothing was started.
            EngineError: Asterisk did not become ready; it is stopped again.
        """
        self.configure()
        network_ports.check_free(network_ports.ports_of(self.settings))
        _set_aside((*self._logs(), self._output))
        await self._program.start()

    async def wait(self) -> Ended:
        """Wait until Asterisk has ended, for whatever reason; keep its logs small meanwhile."""
        async with asyncio.TaskGroup() as group:
            tending = group.create_task(self._keep_logs_small())
            ended = await self._program.wait()
            tending.cancel()
        return ended

    async def stop(self) -> Ended:
        """Stop Asterisk: calls are hung up, and after ``stop_timeout_s`` it is killed."""
        return await self._program.stop()

    async def interrupt(self) -> Ended:
        """Stop Asterisk to start it again, which takes no less than to stop it for good."""
        return await self.stop()

    async def reload(self) -> None:
        """Render the configuration again and have the running Asterisk read it; calls go on."""
        self.configure()
        await self.command("core reload")

    async def command(self, line: str) -> str:
        """Have the running Asterisk carry out a command of its console; return what it prints.

        Raises:
            SwitchUnavailable: it does not take commands.
        """
        asked = await asyncio.create_subprocess_exec(
            *self.console_command(),
            *("-x", line),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            async with asyncio.timeout(_COMMAND_TIMEOUT_S):
                printed, _ = await asked.communicate()
        except TimeoutError:
            asked.kill()
            await asked.wait()
            raise SwitchUnavailable(f"Asterisk does not answer `{line}`") from None
        text = printed.decode("utf-8", errors="replace")
        if asked.returncode != 0:
            raise SwitchUnavailable(f"Asterisk does not take `{line}`: {text.strip()}")
        return text

    async def telephones(self) -> Collection[str]:
        """Return the users under whose names a telephone is registered now.

        Raises:
            SwitchUnavailable: Asterisk does not take commands.
        """
        return set(_CONTACT.findall(await self.command("pjsip show contacts")))

    def console_command(self) -> tuple[str, ...]:
        """Return the command line that opens Asterisk's console on the running one."""
        return (str(self.installation.asterisk), "-C", str(self._main_file), "-r")

    async def is_answering(self, *, timeout_s: float = 1.0) -> bool:
        """Tell whether both SIP and ARI answer within ``timeout_s`` each."""
        return await self._program.is_answering(timeout_s=timeout_s)

    async def _answers(self, timeout_s: float) -> bool:
        host = self.settings.sip_address
        address = "127.0.0.1" if host.is_unspecified else str(host)
        try:
            status = await sip_status(address, self.settings.sip_port, timeout_s=timeout_s)
        except OSError:
            return False
        if status is None or status == _STILL_BOOTING:
            return False
        return await ari_answers(self.settings, self.secrets.ari, timeout_s=timeout_s)

    async def _keep_logs_small(self) -> None:
        """Set aside what grew too large: a scanner can make thousands of lines a second."""
        limit = self.settings.log_limit_mb * 1_000_000
        while True:
            await asyncio.sleep(_LOOK_AT_LOGS_EVERY_S)
            try:
                await self._set_large_logs_aside(limit)
            except (SwitchUnavailable, OSError):
                # Asterisk is too busy, or has just ended, or the disk refuses: it writes on where
                # it did until the next look. Large logs are no reason to end calls.
                continue

    async def _set_large_logs_aside(self, limit_bytes: int) -> None:
        large = [log for log in self._logs() if log.exists() and log.stat().st_size > limit_bytes]
        if large:
            _set_aside(large)
            await self.command("logger reload")

    def _logs(self) -> tuple[Path, ...]:
        return tuple(self.paths.log / name for name in _LOGS)


def _set_aside(logs: Sequence[Path]) -> None:
    """Number the older copies of each log one higher and drop the oldest."""
    for log in logs:
        for age in range(_KEPT_LOGS, 0, -1):
            newer = log.with_name(f"{log.name}.{age - 1}") if age > 1 else log
            if newer.exists():
                newer.replace(log.with_name(f"{log.name}.{age}"))
