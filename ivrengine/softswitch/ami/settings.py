"""What the manager client must know: where Asterisk is, how to prove itself, how long to wait."""

from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from ivrengine.softswitch.local.instance import SwitchSecrets
from ivrengine.softswitch.settings import SoftswitchSettings
from ivrengine.values import Secret


class AmiSettings(BaseModel):
    """The deadlines and rhythms that an operator may change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    action_deadline_s: float = Field(
        default=3.0, gt=0, description="Seconds within which Asterisk must answer an action"
    )
    ping_interval_s: float = Field(
        default=5.0, gt=0, description="Seconds between pings on the manager connection"
    )
    reconnect_after_s: float = Field(
        default=1.0, gt=0, description="Seconds between two tries to connect"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AmiAccess:
    """Where the manager port is, and the secret that opens it."""

    host: str = "127.0.0.1"
    port: int
    user: str
    secret: Secret

    @classmethod
    def of(cls, settings: SoftswitchSettings, secrets: SwitchSecrets) -> Self:
        """Return the access to the Asterisk that was configured from ``settings``."""
        return cls(port=settings.ami_port, user=settings.ami_user, secret=secrets.ami)
