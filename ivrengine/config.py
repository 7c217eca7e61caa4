"""The settings of the whole engine, composed of its parts' own, and where each value came from.

Read from ``ivrengine.toml`` and overridden by environment variables: ``IVRENGINE_STATE_DIR``,
``IVRENGINE_SOFTSWITCH__SIP_PORT`` (two underscores step into a section). No part reads the
environment itself.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ivrengine.agents.settings import DispatchSettings
from ivrengine.calls.calling_back.settings import CallingBackSettings
from ivrengine.calls.calling_out.settings import CallingOutSettings
from ivrengine.calls.observing.settings import ObservingSettings
from ivrengine.calls.routes import DEFAULT_NUMBERS, NumberSettings
from ivrengine.calls.setting_up import SettingUpSettings
from ivrengine.calls.talk.settings import TalkSettings
from ivrengine.errors import ConfigError
from ivrengine.services.customers.settings import DEMO_CUSTOMERS, CustomerSettings
from ivrengine.services.quotes.settings import QuoteSettings
from ivrengine.softswitch.ami.settings import AmiSettings
from ivrengine.softswitch.ari.settings import AriSettings
from ivrengine.softswitch.settings import DialledNumber, SoftswitchSettings
from ivrengine.speech.settings import SpeechSettings
from ivrengine.storage.settings import StorageSettings
from ivrengine.telemetry.settings import TelemetrySettings

PROJECT = Path(__file__).resolve().parents[1]
CONFIG_VARIABLE = "IVRENGINE_CONFIG"


class Settings(BaseSettings):
    """Everything that an operator may choose."""

    model_config = SettingsConfigDict(
        env_prefix="IVRENGINE_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    profile: Literal["demo", "production"] = Field(
        default="demo",
        description="`demo`: loopback and demonstration secrets; `production` refuses such secrets",
    )
    state_dir: Path = Field(
        default=PROJECT / "var", description="Folder of all state: databases, recordings, logs"
    )
    dialplans: Path = Field(
        default=PROJECT / "dialplans" / "demo", description="Folder of the flows in force"
    )
    prompts: Path = Field(
        default=PROJECT / "prompts", description="Folder of the prompts' texts and masters"
    )
    roster: Path = Field(
        default=PROJECT / "data" / "demo", description="Folder of agents.yaml and queues.yaml"
    )
    lines: Path = Field(
        default=PROJECT / "data" / "demo" / "lines.yaml",
        description="File of the trunk groups, and of the lines kept for classes of callers",
    )
    numbers: tuple[NumberSettings, ...] = Field(
        default=DEFAULT_NUMBERS, description="Numbers that callers dial, their lines and flows"
    )
    http_address: str = Field(
        default="127.0.0.1", description="Address of the HTTP API, console and metrics"
    )
    http_port: int = Field(
        default=8080, ge=1024, le=65535, description="Port of the HTTP API, console and metrics"
    )
    standby: bool = Field(
        default=True,
        description="Whether another engine is loaded and waits, to begin when the first dies",
    )
    softswitch: SoftswitchSettings = Field(
        default_factory=SoftswitchSettings, description="Asterisk: ports, carriers, agents' phones"
    )
    ari: AriSettings = Field(
        default_factory=AriSettings, description="How patiently Asterisk is driven and watched"
    )
    storage: StorageSettings = Field(
        default_factory=StorageSettings, description="Where records are kept"
    )
    ami: AmiSettings = Field(
        default_factory=AmiSettings, description="How patiently Asterisk's manager port is used"
    )
    dispatch: DispatchSettings = Field(
        default_factory=DispatchSettings, description="How callers are brought to agents"
    )
    observing: ObservingSettings = Field(
        default_factory=ObservingSettings, description="How supervisors observe agents"
    )
    callbacks: CallingBackSettings = Field(
        default=CallingBackSettings(), description="How customers are called back"
    )
    calling_out: CallingOutSettings = Field(
        default_factory=CallingOutSettings, description="How agents call out by hand"
    )
    customers: CustomerSettings = Field(
        default_factory=CustomerSettings, description="Who the customers are"
    )
    setting_up: SettingUpSettings = Field(
        default_factory=SettingUpSettings, description="How many callers are answered at once"
    )
    talk: TalkSettings = Field(
        default_factory=TalkSettings, description="Transfers, holds and whispers"
    )
    quotes: QuoteSettings = Field(
        default_factory=QuoteSettings, description="Quotes and the market behind them"
    )
    telemetry: TelemetrySettings = Field(
        default_factory=TelemetrySettings, description="Logs and metrics"
    )
    speech: SpeechSettings = Field(
        default_factory=SpeechSettings, description="How prompts are rendered"
    )

    @model_validator(mode="after")
    def _sections_agree(self) -> Self:
        if "numbers" in self.softswitch.model_fields_set:
            raise ValueError("set `numbers` at the top level, not in [softswitch]")
        if "outside_prefix" in self.softswitch.model_fields_set:
            raise ValueError("set `outside_prefix` in [talk], not in [softswitch]")
        if self.setting_up.patience_s >= self.softswitch.guard_timeout_s:
            raise ValueError("setting_up.patience_s must be less than softswitch.guard_timeout_s")
        return self

    def for_softswitch(self) -> SoftswitchSettings:
        """Return the softswitch's settings with the numbers that callers dial."""
        dialled = tuple(
            DialledNumber(dialled=entry.number, trunk_group=entry.trunk) for entry in self.numbers
        )
        return self.softswitch.model_copy(
            update={
                "numbers": dialled,
                "cache_dir": self.softswitch.cache_dir,
                "outside_prefix": self.talk.outside_prefix,
            }
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: arguments over environment over file."""
        return init_settings, env_settings, _toml(settings_cls)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One effective value, for people."""

    key: str
    value: str
    origin: str
    description: str


def config_file() -> Path:
    """Return the file that settings are read from, whether or not it exists."""
    return Path(os.environ.get(CONFIG_VARIABLE, PROJECT / "ivrengine.toml"))


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        ConfigError: something in the file or the environment is wrong; every fault is named.
    """
    try:
        settings = Settings()
    except ValidationError as faults:
        lines = [
            f"{'.'.join(str(part) for part in fault['loc']) or 'settings'}: {fault['msg']}"
            for fault in faults.errors()
        ]
        raise ConfigError(
            "the settings are wrong:\n  " + "\n  ".join(lines),
            remedy=f"mend {config_file()} or the IVRENGINE_… variables; "
            "`ivrengine config` lists every key",
        ) from faults
    except ValueError as fault:
        raise ConfigError(f"{config_file()} cannot be read: {fault}") from fault
    _refuse_demo_secrets(settings)
    return settings


def effective(settings: Settings) -> Iterator[Setting]:
    """Yield every key with its value and where that came from; secrets are masked."""
    origins = {
        "environment": EnvSettingsSource(Settings)(),
        str(config_file().name): _toml(Settings)(),
    }
    yield from _leaves(settings, "", origins)


def _toml(settings_cls: type[BaseSettings]) -> TomlConfigSettingsSource:
    return TomlConfigSettingsSource(settings_cls, toml_file=config_file())


def _leaves(
    section: BaseModel, prefix: str, origins: Mapping[str, Mapping[str, Any]]
) -> Iterator[Setting]:
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        narrowed = {origin: found.get(name) for origin, found in origins.items()}
        if isinstance(value, BaseModel):
            inner = {o: v if isinstance(v, Mapping) else {} for o, v in narrowed.items()}
            yield from _leaves(value, f"{prefix}{name}.", inner)
        else:
            origin = next((o for o, found in narrowed.items() if found is not None), "default")
            yield _setting(f"{prefix}{name}", value, origin, field)


def _setting(key: str, value: object, origin: str, field: FieldInfo) -> Setting:
    return Setting(key=key, value=_shown(value), origin=origin, description=field.description or "")


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case BaseModel():
            return value.model_dump_json()
        case tuple():
            return ", ".join(_shown(entry) for entry in value)
        case _:
            return str(value)


def _refuse_demo_secrets(settings: Settings) -> None:
    if settings.profile == "production" and settings.softswitch.uses_demo_passwords():
        raise ConfigError(
            "profile `production` refuses to start: agents have demonstration passwords",
            remedy="set softswitch.agent_passwords for every agent from "
            f"{settings.softswitch.first_agent} to {settings.softswitch.last_agent}",
        )
    if settings.profile == "production" and settings.customers.directory == DEMO_CUSTOMERS:
        raise ConfigError(
            "profile `production` refuses to start: the customers have demonstration PINs",
            remedy="set customers.directory to a list of your own",
        )
