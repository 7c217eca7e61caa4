"""What the adapter to ARI must know: where Asterisk is, how to prove itself, how long to wait."""

from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ivrengine.softswitch.local.instance import SwitchSecrets
from ivrengine.softswitch.settings import SoftswitchSettings
from ivrengine.values import Secret


class AriSettings(BaseModel):
    """The deadlines and rhythms that an operator may change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order_deadline_s: float = Field(
        default=5.0, gt=0, description="Seconds within which Asterisk must answer an order"
    )
    pool_size: int = Field(
        default=64, ge=1, le=128, description="Kept-alive HTTP connections that carry orders"
    )
    keep_alive_s: float = Field(
        default=10.0,
        gt=0,
        description="Seconds that an idle connection is kept; less than Asterisk's "
        "session_keep_alive, or an order may be sent into a connection that is being closed",
    )
    ping_interval_s: float = Field(
        default=2.0, gt=0, description="Seconds between pings on the event connection"
    )
    silence_limit_s: float = Field(
        default=5.0, gt=0, description="Seconds without a sign of life after which it is dead"
    )
    probe_interval_s: float = Field(
        default=1.0, gt=0, description="Seconds between looks at ARI and SIP from outside"
    )
    probe_deadline_s: float = Field(
        default=1.0, gt=0, description="Seconds within which such a look must be answered"
    )
    unwell_after_s: float = Field(
        default=2.5, gt=0, description="Seconds without an answer that count as a fault"
    )
    beat_interval_s: float = Field(
        default=2.0, gt=0, description="Seconds between heartbeats to the dialplan"
    )
    replay_limit_s: float = Field(
        default=2.0,
        gt=0,
        description="Seconds of quiet that end the replay of missed events if Asterisk does not",
    )
    redial_after_s: float = Field(
        default=5.0,
        gt=0,
        description="Seconds without an event connection, ARI being well, after which Asterisk "
        "is told to dial again",
    )

    @model_validator(mode="after")
    def _silence_is_longer_than_a_ping(self) -> Self:
        if self.silence_limit_s <= self.ping_interval_s:
            raise ValueError("silence_limit_s must be longer than ping_interval_s")
        if self.unwell_after_s <= self.probe_interval_s:
            raise ValueError("unwell_after_s must be longer than probe_interval_s")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class AriAccess:
    """Where Asterisk and its parts are found, and the secrets shared with it.

    ``event_user`` and ``event_secret`` are what Asterisk shows when it dials our event port;
    ``user`` and ``secret`` are what we show when we give orders.
    """

    host: str = "127.0.0.1"
    http_port: int
    event_port: int
    sip_host: str = "127.0.0.1"
    sip_port: int
    app: str
    user: str
    secret: Secret
    event_user: str
    event_secret: Secret

    @classmethod
    def of(cls, settings: SoftswitchSettings, secrets: SwitchSecrets) -> Self:
        """Return the access to the Asterisk that was configured from ``settings``."""
        address = settings.sip_address
        return cls(
            http_port=settings.http_port,
            event_port=settings.events_port,
            sip_host="127.0.0.1" if address.is_unspecified else str(address),
            sip_port=settings.sip_port,
            app=settings.app_name,
            user=settings.ari_user,
            secret=secrets.ari,
            event_user=settings.ari_user,
            event_secret=secrets.events,
        )

    @property
    def base_url(self) -> str:
        """Address of Asterisk's HTTP server, ending in a slash."""
        return f"http://{self.host}:{self.http_port}/"
