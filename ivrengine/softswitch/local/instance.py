"""The folders and secrets of one running softswitch, all below the state folder.

<state>/asterisk/etc      rendered configuration, readable by its owner only
<state>/asterisk/data     sounds/ivr, the beep, documentation and rest-api, all links
<state>/asterisk/log      messages and security
<state>/secrets           what the engine and Asterisk prove themselves to each other with
<state>/prompts           the rendered prompt library, filled by others
<state>/recordings        what ARI records
"""

import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ivrengine.errors import ConfigError
from ivrengine.softswitch.local.installation import Installation
from ivrengine.values import Secret

_SOUNDS = ("alaw", "ulaw")
"""Forms in which a sound is laid out for Asterisk, by the ends of their files' names."""

_LONGEST_SOCKET_PATH = 107
"""Bytes of a Unix socket's path on Linux, less the closing zero: unix(7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstancePaths:
    """Where one instance keeps what."""

    etc: Path
    data: Path
    lib: Path
    spool: Path
    run: Path
    log: Path
    prompts: Path
    recordings: Path
    secrets: Path

    @property
    def control_socket(self) -> Path:
        """The socket through which Asterisk takes commands."""
        return self.run / "asterisk.ctl"

    @property
    def messages(self) -> Path:
        """Asterisk's own log."""
        return self.log / "messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchSecrets:
    """What lets the engine into ARI and AMI, and Asterisk into the engine's event socket."""

    ari: Secret
    ami: Secret
    events: Secret


def paths_of(state_dir: Path) -> InstancePaths:
    """Return the folders of the instance that lives in ``state_dir``."""
    state = state_dir.resolve()
    own = state / "asterisk"
    return InstancePaths(
        etc=own / "etc",
        data=own / "data",
        lib=own / "lib",
        spool=own / "spool",
        run=_socket_folder(own / "run"),
        log=own / "log",
        prompts=state / "prompts",
        recordings=state / "recordings",
        secrets=state / "secrets",
    )


def prepare(paths: InstancePaths, installation: Installation) -> None:
    """Make the folders of an instance and link its data to the installation and the prompts."""
    for folder in (paths.etc, paths.lib / "keys", paths.spool, paths.log, paths.data / "sounds"):
        folder.mkdir(parents=True, exist_ok=True)
    for folder in (paths.prompts / "music", paths.recordings):
        folder.mkdir(parents=True, exist_ok=True)
    _make_private(paths.run)
    _link(paths.data / "documentation", installation.data / "documentation")
    _link(paths.data / "rest-api", installation.data / "rest-api")
    _link(paths.data / "sounds/ivr", paths.prompts)
    for suffix in _SOUNDS:
        # ARI can ask for a beep before a recording, but not for which: it is always this file.
        _link(paths.data / f"sounds/beep.{suffix}", paths.prompts / f"zh/tone/beep.{suffix}")
    _link(paths.spool / "recording", paths.recordings)


def load_or_make_secrets(paths: InstancePaths) -> SwitchSecrets:
    """Return the instance's secrets, made at its first start; safe to call from any process."""
    _make_private(paths.secrets)
    return SwitchSecrets(
        ari=_load_or_make(paths.secrets / "ari"),
        ami=_load_or_make(paths.secrets / "ami"),
        events=_load_or_make(paths.secrets / "events"),
    )


def _load_or_make(file: Path) -> Secret:
    if not file.exists():
        fresh = file.with_name(f".{file.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(32))
        try:
            # A link, unlike a rename, leaves the file of whoever was first.
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return Secret(file.read_text(encoding="ascii").strip())


def _socket_folder(wanted: Path) -> Path:
    """Return ``wanted``, or a short stand-in when a socket in it would have too long a path."""
    if len(os.fsencode(wanted / "asterisk.ctl")) <= _LONGEST_SOCKET_PATH:
        return wanted
    name = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"ivrengine-{os.getuid()}-{name}"


def _make_private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise ConfigError(
            f"{folder} belongs to somebody else", remedy="remove it, or move the state"
        )
    folder.chmod(0o700)


def _link(link: Path, target: Path) -> None:
    if link.is_symlink() and link.readlink() == target:
        return
    if link.is_symlink():
        link.unlink()
    if link.exists():
        raise ConfigError(f"{link} is in the way", remedy="remove it: it is to be a link")
    link.symlink_to(target)
