"""Tells which port is taken, by whom, and which setting moves ours elsewhere."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from ivrengine.errors import ConfigError
from ivrengine.softswitch.settings import SoftswitchSettings

_KINDS = {socket.SOCK_STREAM: "tcp", socket.SOCK_DGRAM: "udp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPort:
    """A port that one of our programs will listen on; ``setting`` is the full key that names it."""

    address: str
    port: int
    kind: socket.SocketKind
    setting: str

    def __str__(self) -> str:
        return f"{self.address}:{self.port}/{_KINDS[self.kind]}"


def ports_of(settings: SoftswitchSettings) -> Sequence[WantedPort]:
    """Return the ports on which Asterisk will listen, media aside."""
    sip = str(settings.sip_address)
    loopback = "127.0.0.1"
    return (
        WantedPort(
            address=sip,
            port=settings.sip_port,
            kind=socket.SOCK_DGRAM,
            setting="softswitch.sip_port",
        ),
        WantedPort(
            address=sip,
            port=settings.sip_port,
            kind=socket.SOCK_STREAM,
            setting="softswitch.sip_port",
        ),
        WantedPort(
            address=loopback,
            port=settings.http_port,
            kind=socket.SOCK_STREAM,
            setting="softswitch.http_port",
        ),
        WantedPort(
            address=loopback,
            port=settings.ami_port,
            kind=socket.SOCK_STREAM,
            setting="softswitch.ami_port",
        ),
    )


def check_free(wanted: Sequence[WantedPort]) -> None:
    """Make sure that every port can be listened on.

    Raises:
        ConfigError: some are taken; one line for each says by whom and what to change.
    """
    taken = [port for port in wanted if not is_free(port)]
    if not taken:
        return
    lines = [f"{port} is taken by {holder_of(port)}" for port in taken]
    names = dict.fromkeys(port.setting for port in taken)
    variables = " or ".join(variable_of(name) for name in names)
    raise ConfigError(
        "\n".join(lines), remedy=f"stop that program, or set {variables} to another port"
    )


def variable_of(setting: str) -> str:
    """Return the environment variable that overrides a setting, named by its full key."""
    return f"IVRENGINE_{setting.upper().replace('.', '__')}"


def is_free(wanted: WantedPort) -> bool:
    """Tell whether the port can be listened on at this moment."""
    family = socket.AF_INET6 if ":" in wanted.address else socket.AF_INET
    with socket.socket(family, wanted.kind) as probe:
        if wanted.kind is socket.SOCK_STREAM:
            # Connections that linger after their listener are no hindrance to a new one.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((wanted.address, wanted.port))
        except OSError:
            return False
    return True


def holder_of(wanted: WantedPort) -> str:
    """Name the process that holds a port, as far as this user may know."""
    for connection in psutil.net_connections(kind=_KINDS[wanted.kind]):
        listens = connection.status in (psutil.CONN_LISTEN, psutil.CONN_NONE)
        if listens and connection.laddr and connection.laddr.port == wanted.port:
            if connection.pid is None:
                break
            return _name_of(connection.pid)
    return "a process of another user"


def _name_of(pid: int) -> str:
    try:
        words = psutil.Process(pid).cmdline()
    except psutil.Error:
        return f"process {pid}"
    if "--argv0" in words:
        # A program of a package tree: what runs is the loader, what it is called comes after.
        words = words[words.index("--argv0") + 1 :]
    return f"process {pid} ({' '.join(words)[:80]})"
