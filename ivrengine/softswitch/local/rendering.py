"""Makes Asterisk's configuration files from the templates in ``asterisk-config/``.

A value that could end a line or begin a comment is refused, so whatever reaches a file stays one
value. Every file is written whole or not at all, and only its owner may read it.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from ivrengine.errors import ConfigError
from ivrengine.softswitch.local.installation import Installation
from ivrengine.softswitch.local.instance import InstancePaths, SwitchSecrets
from ivrengine.softswitch.settings import SoftswitchSettings
from ivrengine.values import AgentNumber, Secret

_SUFFIX = ".j2"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAccount:
    """What an agent's telephone registers with."""

    number: AgentNumber
    password: Secret


def render(
    settings: SoftswitchSettings,
    *,
    paths: InstancePaths,
    installation: Installation,
    secrets: SwitchSecrets,
) -> Sequence[Path]:
    """Write every configuration file of an instance and remove any other; return the files.

    Raises:
        ConfigError: a template is wrong, or a value must not stand in such a file.
    """
    environment = Environment(
        loader=FileSystemLoader([str(folder) for folder in settings.templates]),
        undefined=StrictUndefined,
        finalize=_as_text,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    agents = [
        AgentAccount(number=number, password=settings.agent_password(number))
        for number in settings.agent_numbers
    ]
    written = []
    for name in environment.list_templates(extensions=[_SUFFIX.lstrip(".")]):
        try:
            text = environment.get_template(name).render(
                settings=settings,
                paths=paths,
                installation=installation,
                secrets=secrets,
                agents=agents,
            )
        except TemplateError as fault:
            raise ConfigError(f"template {name}: {fault}") from fault
        written.append(paths.etc / name.removesuffix(_SUFFIX))
        _write(written[-1], text)
    for stale in set(paths.etc.glob("*.conf")) - set(written):
        stale.unlink()
    return written


def _as_text(value: object) -> str:
    text = value.reveal() if isinstance(value, Secret) else str(value)
    if any(mark in text for mark in "\n\r;\0"):
        raise ConfigError(
            "a setting holds a line break or a semicolon, which ends a value in Asterisk's files"
        )
    return text


def _write(file: Path, text: str) -> None:
    fresh = file.with_name(f".{file.name}.fresh")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
    os.replace(fresh, file)
