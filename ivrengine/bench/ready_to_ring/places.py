"""Where the two sides of the measurement live: their ports, their folders, their settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ivrengine.config import PROJECT
from ivrengine.load.places import MediaRange, OperatorFiles, SystemPlace
from ivrengine.softswitch.settings import CONFIG_TEMPLATES, DialledNumber, SoftswitchSettings

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
    def engine(self) -> SystemPlace:
        """The engine's side."""
        return SystemPlace(
            first_port=self.first_port,
            media=MediaRange(
                first=self.first_port + _MEDIA_FROM, last=self.first_port + _PORTS - 1
            ),
            state=self.engine_state,
            files=OperatorFiles(
                dialplans=OWN_FILES / "dialplan", roster=OWN_FILES, lines=OWN_FILES / "lines.yaml"
            ),
            numbers={DIALLED: TRUNK_GROUP},
            last_agent=AGENTS[-1],
            caller_rtp_timeout_s=_NEVER_GONE_S,
        )

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
