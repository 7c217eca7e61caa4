"""Where a system that is started to be measured lives: its ports, its folder, its files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ivrengine.config import Settings
from ivrengine.softswitch.settings import SoftswitchSettings

HOST: Final = "127.0.0.1"
API_PORT: Final = 4
"""How far above its first port a system has its API."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorFiles:
    """What operators give a system; without ``customers`` those of the demonstration call."""

    dialplans: Path
    roster: Path
    lines: Path
    customers: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRange:
    """UDP ports for media, both ends belong to it."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemPlace:
    """One whole system, whose signalling takes five ports from ``first_port`` on.

    ``numbers`` says which trunk group a dialled number takes. A caller who sends no sound counts
    as gone after ``caller_rtp_timeout_s``.
    """

    first_port: int
    media: MediaRange
    state: Path
    files: OperatorFiles
    numbers: Mapping[str, str]
    last_agent: str
    caller_rtp_timeout_s: int

    @property
    def api_port(self) -> int:
        """The engine's HTTP API and metrics."""
        return self.first_port + API_PORT

    @property
    def ari_port(self) -> int:
        """Asterisk's HTTP."""
        return self.first_port + 1

    def environment(self, settings: Settings, inherited: Mapping[str, str]) -> dict[str, str]:
        """Return what the system is started with: this machine's Asterisk, our own rest."""
        kept = {
            name: value for name, value in inherited.items() if not name.startswith("IVRENGINE_")
        }
        numbers = ", ".join(
            f'{{"number": "{dialled}", "trunk": "{trunk}"}}'
            for dialled, trunk in self.numbers.items()
        )
        own: dict[str, object] = {
            "CONFIG": self.state / "none.toml",
            "STATE_DIR": self.state,
            "DIALPLANS": self.files.dialplans,
            "ROSTER": self.files.roster,
            "LINES": self.files.lines,
            "NUMBERS": f"[{numbers}]",
            "HTTP_PORT": self.api_port,
        }
        if self.files.customers:
            own["CUSTOMERS__DIRECTORY"] = self.files.customers
        softswitch = {**self._ports(), **_machine(settings.softswitch)}
        own |= {f"SOFTSWITCH__{name}": value for name, value in softswitch.items()}
        return kept | {f"IVRENGINE_{name}": str(value) for name, value in own.items()}

    def _ports(self) -> Mapping[str, object]:
        return {
            "SIP_PORT": self.first_port,
            "HTTP_PORT": self.ari_port,
            "EVENTS_PORT": self.first_port + 2,
            "AMI_PORT": self.first_port + 3,
            "RTP_FIRST_PORT": self.media.first,
            "RTP_LAST_PORT": self.media.last,
            "LAST_AGENT": self.last_agent,
            "CALLER_RTP_TIMEOUT_S": self.caller_rtp_timeout_s,
            "OUTGOING": "[]",
        }


def _machine(settings: SoftswitchSettings) -> dict[str, object]:
    """Return where Asterisk comes from on this machine, as far as somebody has said so."""
    chosen = {
        "ASTERISK_PATH": settings.asterisk_path,
        "ARCHIVE": settings.archive,
        "ARCHIVE_KEYRING": settings.archive_keyring,
        "CACHE_DIR": settings.cache_dir,
    }
    return {name: value for name, value in chosen.items() if value}
