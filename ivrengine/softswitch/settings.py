"""Settings of the softswitch: which Asterisk, on which ports, for which carriers and agents.

Everything that ends up in one of Asterisk's own files is checked here against a narrow pattern, so
that no setting can smuggle a second line into a configuration file.
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)

from ivrengine.values import AgentNumber, Secret, TrunkGroup

DEMO_PASSWORD_PREFIX = "demo"
"""What a demonstration password is made of: this and the agent's number."""

OUTGOING_PREFIX = "out-"
"""What the name of the endpoint for outgoing calls of a trunk group begins with."""

CONFIG_TEMPLATES = Path(__file__).resolve().parents[2] / "asterisk-config"

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,31}$")]
Dialled = Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{2,20}$")]
Peer = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{0,252}:[0-9]{2,5}$")]
Port = Annotated[int, Field(ge=1024, le=65535)]
_SECTIONS_OF_MUSIC = ("general", "default")


def _not_taken(name: str) -> str:
    if name in _SECTIONS_OF_MUSIC:
        raise ValueError(f"{name} is a name of the house's own; choose another")
    return name


MusicName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,31}$"),
    AfterValidator(_not_taken),
]
AgentName = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,8}$")]


class DialledNumber(BaseModel):
    """A number that callers dial, and the group of lines that its calls take."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dialled: Dialled = Field(description="Number as the carrier sends it in the request URI")
    trunk_group: Name = Field(description="Name of the group of lines")


class OutgoingTrunk(BaseModel):
    """Where the calls that go out over a group of lines are sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trunk_group: Name = Field(description="Name of the group of lines")
    peer: Peer = Field(description="The carrier's SIP over UDP, as host:port")


class SoftswitchSettings(BaseModel):
    """All that an operator may choose about the softswitch."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asterisk_path: Path | None = Field(
        default=None,
        description="An Asterisk 22.10 or newer to run; unset: the one on PATH, else a fetched one",
    )
    archive: str = Field(
        default="",
        description="Address of a Debian archive to fetch from; empty: the one apt uses here",
    )
    archive_keyring: Path | None = Field(
        default=None, description="Keyring that signs `archive`; unset: apt's trusted keys"
    )
    suites: tuple[Name, ...] = Field(
        default=("forky", "sid"), description="Debian suites to fetch from, first that works"
    )
    cache_dir: Path | None = Field(
        default=None,
        description="Where fetched programs are kept; unset: ivrengine in the user's cache folder",
    )
    templates: tuple[Path, ...] = Field(
        default=(CONFIG_TEMPLATES,),
        description="Folders of configuration templates; the first that has a file wins",
    )

    sip_address: IPv4Address = Field(
        default=IPv4Address("127.0.0.1"), description="Address that SIP listens on, udp and tcp"
    )
    sip_port: Port = Field(default=5060, description="Port that SIP listens on, udp and tcp")
    public_address: IPv4Address | None = Field(
        default=None, description="Media address told to callers; unset: `sip_address`"
    )
    http_port: Port = Field(default=8088, description="Asterisk's HTTP and ARI, loopback only")
    events_port: Port = Field(
        default=8090, description="The engine's side of the ARI websocket, loopback only"
    )
    ami_port: Port = Field(default=5038, description="Asterisk's manager port, loopback only")
    rtp_first_port: Port = Field(default=10000, description="First UDP port for media")
    rtp_last_port: Port = Field(default=19999, description="Last UDP port for media")

    app_name: Name = Field(default="ivrengine", description="Name of our application in ARI")
    ari_user: Name = Field(default="ivrengine", description="The engine's user name in ARI")
    ami_user: Name = Field(default="ivrengine", description="The engine's user name in AMI")

    numbers: tuple[DialledNumber, ...] = Field(
        default=(
            DialledNumber(dialled="952588", trunk_group="main"),
            DialledNumber(dialled="8008202588", trunk_group="tollfree"),
        ),
        description="Numbers that callers may dial",
    )
    outgoing: tuple[OutgoingTrunk, ...] = Field(
        default=(OutgoingTrunk(trunk_group="main", peer="127.0.0.1:5070"),),
        description="Where calls go out, by group of lines; a group not named takes none",
    )
    outside_prefix: str = Field(
        default="0",
        pattern=r"^[0-9]{1,4}$",
        description="What agents dial before a number outside; set `talk.outside_prefix` instead",
    )
    carrier_sources: tuple[IPv4Network, ...] = Field(
        default=(IPv4Network("127.0.0.1/32"),),
        description="Addresses that carriers call from; nobody else may call in",
    )
    first_agent: int = Field(default=8001, ge=10, description="Lowest agent number")
    last_agent: int = Field(default=8040, ge=10, description="Highest agent number")
    agent_passwords: dict[AgentName, SecretStr] = Field(
        default_factory=dict,
        description="SIP password by agent number; an agent not named has the demonstration one",
    )
    music: Mapping[MusicName, Path] = Field(
        default_factory=dict,
        description="Further classes of music on hold, each a folder of sound files, by name",
    )
    hunt_group: tuple[AgentName, ...] = Field(
        default=tuple(str(number) for number in range(8001, 8041)),
        description="Agents whose telephones ring while the engine is away",
    )

    guard_timeout_s: int = Field(
        default=8, ge=2, description="Seconds a call waits for the engine before the fallback"
    )
    beat_timeout_s: int = Field(
        default=10, ge=4, description="Seconds without a heartbeat after which calls fall back"
    )
    hunt_ring_s: int = Field(default=25, ge=5, description="Seconds the hunt group rings")
    caller_rtp_timeout_s: int = Field(
        default=180, ge=5, description="Seconds without media after which a caller counts as gone"
    )
    agent_rtp_timeout_s: int = Field(
        default=15, ge=5, description="Seconds without media after which an agent counts as gone"
    )
    rtp_hold_timeout_s: int = Field(
        default=300, ge=5, description="The same for a telephone that put the call on hold"
    )
    log_limit_mb: int = Field(
        default=20, ge=1, description="Megabytes after which a log of Asterisk is set aside"
    )
    ready_timeout_s: float = Field(
        default=30.0, gt=0, description="Seconds that Asterisk may take to be ready"
    )
    stop_timeout_s: float = Field(
        default=5.0, gt=0, description="Seconds that Asterisk may take to stop before it is killed"
    )

    @model_validator(mode="after")
    def _ranges_are_ranges(self) -> Self:
        if self.first_agent > self.last_agent:
            raise ValueError("first_agent is above last_agent")
        if self.rtp_first_port + 3 > self.rtp_last_port:
            raise ValueError("the RTP range holds no two calls")
        ports = (self.sip_port, self.http_port, self.events_port, self.ami_port)
        if len(set(ports)) != len(ports):
            raise ValueError("sip_port, http_port, events_port and ami_port must differ")
        return self

    @property
    def media_address(self) -> str:
        """Address that is offered for media, or empty to let Asterisk choose."""
        address = self.public_address or self.sip_address
        return "" if address.is_unspecified else str(address)

    @property
    def agent_numbers(self) -> Sequence[AgentNumber]:
        """Every agent's number, ascending."""
        return [AgentNumber(str(n)) for n in range(self.first_agent, self.last_agent + 1)]

    def agent_password(self, number: AgentNumber) -> Secret:
        """Return the SIP password of ``number``, which may be a demonstration one."""
        chosen = self.agent_passwords.get(number)
        return Secret(chosen.get_secret_value() if chosen else f"{DEMO_PASSWORD_PREFIX}{number}")

    def uses_demo_passwords(self) -> bool:
        """Tell whether any agent could register with a password that everybody knows."""
        return any(
            self.agent_password(number).reveal() == f"{DEMO_PASSWORD_PREFIX}{number}"
            for number in self.agent_numbers
        )

    def trunk_groups(self) -> Sequence[TrunkGroup]:
        """Names of the groups of lines, in the order of the numbers, each once."""
        return [TrunkGroup(name) for name in dict.fromkeys(n.trunk_group for n in self.numbers)]
