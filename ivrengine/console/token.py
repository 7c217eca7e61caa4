"""The administrator's token: made at the first start, kept in a file that only its owner reads."""

import os
import secrets
from pathlib import Path

from ivrengine.errors import ConfigError
from ivrengine.values import Secret

TOKEN_FILE = "api-token"
_SHORTEST = 32


def load_token(state_dir: Path) -> Secret:
    """Return the token of ``state_dir``, made when there is none.

    Raises:
        ConfigError: the file cannot be read or made, or holds no token.
    """
    path = state_dir / TOKEN_FILE
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write(path)
        path.chmod(0o600)
        return _read(path)
    except OSError as fault:
        raise ConfigError(f"the token {path} cannot be used: {fault}") from fault


def read_token(state_dir: Path) -> Secret:
    """Return the token of ``state_dir``.

    Raises:
        ConfigError: there is none, or it may not be read.
    """
    path = state_dir / TOKEN_FILE
    try:
        return _read(path)
    except OSError as fault:
        raise ConfigError(
            f"the token {path} cannot be read: {fault.strerror}",
            remedy="start the engine with `ivrengine run`, or point IVRENGINE_STATE_DIR at its "
            "state folder",
        ) from fault


def _write(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(_SHORTEST) + "\n")
    draft.rename(path)


def _read(path: Path) -> Secret:
    word = path.read_text(errors="replace").strip()
    if len(word) < _SHORTEST or not word.isascii():
        raise ConfigError(
            f"{path} holds no token", remedy="remove it; the next start makes a new one"
        )
    return Secret(word)
