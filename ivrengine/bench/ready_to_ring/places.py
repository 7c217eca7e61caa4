"""Where the two sides of the measurement live: their ports, their folders, their settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ivrengine.config import PROJECT, Settings
from ivrengine.softswitch.settings import CONFIG_TEMPLATES, DialledNumber, SoftswitchSettings

HOST: Final = "127.0.0.1"
DIALLED: Final = "952588"
TRUNK_GROUP: Final = "main"
AGENTS: Final = tuple(str(number) for number in range(8001, 8005))
QUEUE: Final = "sales"
OWN_FILES: Final = PROJECT / "data" / "bench"

_MEDIA_FROM, _PORTS = 40, 1000
_NEVER_GONE_S: Final = 86_400
"""The waiting callers send no sound, and must not be taken for gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Ports from ``first_port`` on, a thousand of them, and a folder.

    Calls are only ever up at one of the two sides, so both take media from the same range.
    """

    first_port: int
    root: Path

    @property
    def engine_state(self) -> Path:
        """State folder of the engine's side."""
        return self.root / "engine"

    @property
    def rival_state(self) -> Path:
        """State folder of app_queue's Asterisk."""
        return self.root / "app-queue"

    @property
    def engine_sip_port(self) -> int:
        """Where callers and agents of the engine find it."""
        return self.first_port

    @property
    def api_port(self) -> int:
        """The engine's HTTP API."""
        return self.first_port + 4

    def engine_environment(
        self, settings: Settings, inherited: Mapping[str, str]
    ) -> dict[str, str]:
        """Return what the engine's side is started with: this machine's Asterisk, our own rest."""
        first = self.first_port
        kept = {
            name: value for name, value in inherited.items() if not name.startswith("IVRENGINE_")
        }
        softswitch = {
            "SIP_PORT": first,
            "HTTP_PORT": first + 1,
            "EVENTS_PORT": first + 2,
            "AMI_PORT": first + 3,
            "RTP_FIRST_PORT": first + _MEDIA_FROM,
            "RTP_LAST_PORT": first + _PORTS - 1,
            "LAST_AGENT": AGENTS[-1],
            "CALLER_RTP_TIMEOUT_S": _NEVER_GONE_S,
            "OUTGOING": "[]",
            **_machine(settings.softswitch),
        }
        own = {
            "CONFIG": self.root / "none.toml",
            "STATE_DIR": self.engine_state,
            "DIALPLANS": OWN_FILES / "dialplan",
            "ROSTER": OWN_FILES,
            "LINES": OWN_FILES / "lines.yaml",
            "NUMBERS": f'[{{"number": "{DIALLED}", "trunk": "{TRUNK_GROUP}"}}]',
            "HTTP_PORT": self.api_port,
            **{f"SOFTSWITCH__{name}": value for name, value in softswitch.items()},
        }
        return kept | {f"IVRENGINE_{name}": str(value) for name, value in own.items()}

    def rival_settings(self, settings: SoftswitchSettings) -> SoftswitchSettings:
        """Return the settings of app_queue's Asterisk, all but its dialplan as the engine's."""
        first = self.first_port
        return SoftswitchSettings(
            asterisk_path=settings.asterisk_path,
            archive=settings.archive,
            archive_keyring=settings.archive_keyring,
            suites=settings.suites,
            cache_dir=settings.cache_dir,
            templates=(OWN_FILES / "app-queue", CONFIG_TEMPLATES),
            sip_port=first + 10,
            http_port=first + 11,
            events_port=first + 12,
            ami_port=first + 13,
            rtp_first_port=first + _MEDIA_FROM,
            rtp_last_port=first + _PORTS - 1,
            numbers=(DialledNumber(dialled=DIALLED, trunk_group=TRUNK_GROUP),),
            outgoing=(),
            last_agent=int(AGENTS[-1]),
            caller_rtp_timeout_s=_NEVER_GONE_S,
        )


def _machine(settings: SoftswitchSettings) -> dict[str, object]:
    """Return where Asterisk comes from on this machine, as far as somebody has said so."""
    chosen = {
        "ASTERISK_PATH": settings.asterisk_path,
        "ARCHIVE": settings.archive,
        "ARCHIVE_KEYRING": settings.archive_keyring,
        "CACHE_DIR": settings.cache_dir,
    }
    return {name: value for name, value in chosen.items() if value}
