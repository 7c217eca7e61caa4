"""A real Asterisk of our own: configured, started, watched until it is ready, and stopped."""

import asyncio
import signal
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
from ivrengine.softswitch.local.processes import Child, ChildSpec, Ended, tail
from ivrengine.softswitch.local.rendering import render
from ivrengine.softswitch.settings import SoftswitchSettings

_PROBE_EVERY_S = 0.1
_COMMAND_TIMEOUT_S = 10.0
_KEPT_LOGS = 5
_STILL_BOOTING = 503
"""What Asterisk answers to every SIP request until all of its modules run."""


class LocalSoftswitch:
    """One Asterisk whose state is below ``state_dir``."""

    name = "asterisk"

    def __init__(
        self, settings: SoftswitchSettings, *, state_dir: Path, installation: Installation
    ) -> None:
        self.settings = settings
        self.paths: InstancePaths = paths_of(state_dir)
        self._installation = installation
        self._child = Child(
            ChildSpec(
                name=self.name,
                argv=(str(installation.asterisk), "-f", "-C", str(self._main_file)),
                log=self.paths.log / "console",
                stop_signal=signal.SIGTERM,
                stop_timeout_s=settings.stop_timeout_s,
            )
        )

    @property
    def secrets(self) -> SwitchSecrets:
        """What ARI, AMI and the event socket are protected with."""
        return load_or_make_secrets(self.paths)

    @property
    def pid(self) -> int:
        """Process id of the running Asterisk."""
        return self._child.pid

    @property
    def _main_file(self) -> Path:
        return self.paths.etc / "asterisk.conf"

    def configure(self) -> None:
        """Make the instance's folders, secrets and configuration files; starts nothing.

        Raises:
            ConfigError: a setting or a template is wrong.
        """
        prepare(self.paths, self._installation)
        render(
            self.settings,
            paths=self.paths,
            installation=self._installation,
            secrets=self.secrets,
        )

    async def start(self) -> None:
        """Configure and start Asterisk, and return when SIP and ARI both answer.

        Raises:
            ConfigError: a setting is wrong, or a port is taken; nothing was started.
            SwitchUnavailable: Asterisk did not become ready; it is stopped again.
        """
        self.configure()
        network_ports.check_free(network_ports.ports_of(self.settings))
        self._set_logs_aside()
        await self._child.start()
        try:
            async with asyncio.timeout(self.settings.ready_timeout_s):
                await self._until_ready()
        except TimeoutError:
            await self._child.stop()
            limit_s = self.settings.ready_timeout_s
            raise SwitchUnavailable(
                f"Asterisk was not ready in {limit_s:.0f} s\n{self._last_words()}"
            ) from None
        except BaseException:
            await self._child.stop()
            raise

    async def wait(self) -> Ended:
        """Wait until Asterisk has ended, for whatever reason."""
        return await self._child.wait()

    async def stop(self) -> Ended:
        """Stop Asterisk: calls are hung up, and after ``stop_timeout_s`` it is killed."""
        return await self._child.stop()

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
            str(self._installation.asterisk),
            *("-C", str(self._main_file), "-rx", line),
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

    async def is_answering(self, *, timeout_s: float = 1.0) -> bool:
        """Tell whether both SIP and ARI answer within ``timeout_s`` each."""
        host = self.settings.sip_address
        address = "127.0.0.1" if host.is_unspecified else str(host)
        status = await sip_status(address, self.settings.sip_port, timeout_s=timeout_s)
        if status is None or status == _STILL_BOOTING:
            return False
        return await ari_answers(self.settings, self.secrets.ari, timeout_s=timeout_s)

    async def _until_ready(self) -> None:
        while not await self.is_answering(timeout_s=_PROBE_EVERY_S * 3):
            if not self._child.is_running():
                ended = await self._child.wait()
                raise SwitchUnavailable(f"{ended.describe()}\n{self._last_words()}")
            await asyncio.sleep(_PROBE_EVERY_S)

    def _last_words(self) -> str:
        said = (tail(self.paths.messages), self._child.log_tail())
        return "\n".join(text for text in said if text)

    def _set_logs_aside(self) -> None:
        for log in (self.paths.messages, self.paths.log / "security", self._child.spec.log):
            for age in range(_KEPT_LOGS, 0, -1):
                older = log.with_name(f"{log.name}.{age}")
                newer = log.with_name(f"{log.name}.{age - 1}") if age > 1 else log
                if newer.exists():
                    newer.replace(older)
