"""What a person needs to know once the system serves: whom to dial, as whom, and where to look."""

import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from ivrengine.bootstrap.books import line_book_of
from ivrengine.bootstrap.system import http_base
from ivrengine.calls.routes import NumberSettings
from ivrengine.config import Settings
from ivrengine.console.token import TOKEN_FILE
from ivrengine.softswitch.settings import DEMO_PASSWORD_PREFIX

_KEYS = (
    "1 Mandarin, 2 English; then 1 1 and a code such as 600519 for a quote, 4 the voice mailbox, "
    "5 an agent by number, 0 a person"
)
_CODES = (
    "*10 log in, *11 ready, *12 and a digit not ready, *13 log out, *15 hear own state, "
    "0 and a number outside"
)


def banner(settings: Settings) -> RenderableType:
    """Return what to dial, agents' credentials, the console's address and how to look."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _rows(settings):
        table.add_row(name, Text(value))
    return Group(Rule(Text("ivrengine serves", style="bold green")), table, Rule())


def _rows(settings: Settings) -> tuple[tuple[str, str], ...]:
    softswitch = settings.softswitch
    address = f"{softswitch.sip_address}:{softswitch.sip_port}"
    lines = _lines(settings)
    dialled = ", ".join(_number(entry, lines) for entry in settings.numbers)
    first, last = softswitch.first_agent, softswitch.last_agent
    ivrengine = own_command()
    return (
        ("dial", f"{dialled} at {address}, udp or tcp, from any SIP telephone"),
        ("keys", _KEYS),
        ("agents", f"{first} to {last} at {address}, {_passwords(settings)}"),
        ("their keys", _CODES),
        ("console", f"{http_base(settings)}/"),
        ("API token", str(settings.state_dir / TOKEN_FILE)),
        ("look", f"{ivrengine} records, {ivrengine} agents, {ivrengine} queues"),
        ("stop", "Ctrl-C"),
    )


def _lines(settings: Settings) -> Mapping[str, int]:
    groups = line_book_of(settings, lambda prompt, language: True).rules.groups
    return {group.name: group.lines for group in groups}


def _number(entry: NumberSettings, lines: Mapping[str, int]) -> str:
    return f"{entry.number} ({entry.trunk}, {lines[entry.trunk]} lines)"


def _passwords(settings: Settings) -> str:
    if settings.softswitch.agent_passwords:
        return "passwords as set in softswitch.agent_passwords"
    first = settings.softswitch.first_agent
    return f"password {DEMO_PASSWORD_PREFIX}{first} for {first}, and so on"


def own_command() -> str:
    """Return how this command line is called from the folder where the user stands."""
    script = Path(sys.executable).with_name("ivrengine")
    here = Path.cwd()
    return str(script.relative_to(here) if script.is_relative_to(here) else script)
