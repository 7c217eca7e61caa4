"""``ivrengine doctor``: looks at this machine and says what is missing and how to get it."""

import json
import os
import resource
import shutil
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ivrengine.agents.licences import notices, today
from ivrengine.agents.roster_files import read_roster, read_texts
from ivrengine.bootstrap.system import ports_of_system
from ivrengine.clock import SteadyClock
from ivrengine.config import Settings, load_settings
from ivrengine.errors import ConfigError
from ivrengine.softswitch.local.debian.sources import archives_of
from ivrengine.softswitch.local.debian.store import missing_tools
from ivrengine.softswitch.local.installation import locate, package_store
from ivrengine.softswitch.local.instance import paths_of
from ivrengine.softswitch.local.network_ports import holder_of, is_free
from ivrengine.values import Language

OLDEST_PYTHON = (3, 11)
LEAST_OPEN_FILES = 1024
OPEN_FILES_FOR_ALL_LINES = 8192
LEAST_FREE_MB = 500
FREE_MB_FOR_A_YEAR = 5000
_NETWORK_TIMEOUT_S = 5.0


class State(StrEnum):
    """How bad a finding is: a warning does not keep the system from starting."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was seen of one thing, and what to do about it if it is not well."""

    about: str
    state: State
    seen: str
    remedy: str = ""


app = typer.Typer()


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Look for everything the system needs; exit code 1 when something is missing."""
    findings = list(examine(load_settings()))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        Console().print(_as_table(findings))
    raise typer.Exit(1 if any(finding.state is State.FAIL for finding in findings) else 0)


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield one finding or more for everything the system needs, in the order it needs them."""
    for look in _LOOKS:
        yield from look(settings)


def _python(_settings: Settings) -> Iterator[Finding]:
    version = sys.version.split()[0]
    enough = sys.version_info >= OLDEST_PYTHON
    yield Finding(
        about="Python",
        state=State.OK if enough else State.FAIL,
        seen=f"{version}, {sys.executable}",
        remedy="" if enough else "name a newer one: make PYTHON=python3.12 run",
    )


def _asterisk(settings: Settings) -> Iterator[Finding]:
    try:
        found = locate(settings.softswitch)
    except ConfigError as fault:
        yield Finding(about="Asterisk", state=State.FAIL, seen=str(fault), remedy=fault.remedy)
        return
    if found is not None:
        seen = f"{found.version}, {found.asterisk}, modules in {found.modules}"
        yield Finding(about="Asterisk", state=State.OK, seen=seen)
        return
    yield Finding(
        about="Asterisk",
        state=State.WARN,
        seen="not there yet",
        remedy="`make run` fetches it, or `ivrengine softswitch fetch`",
    )
    yield from _means_of_fetching(settings)


def _means_of_fetching(settings: Settings) -> Iterator[Finding]:
    missing = missing_tools()
    yield Finding(
        about="Debian's tools",
        state=State.FAIL if missing else State.OK,
        seen=f"missing: {', '.join(missing)}" if missing else "apt-get and dpkg are there",
        remedy="install Asterisk 22.10 by hand and set softswitch.asterisk_path" if missing else "",
    )
    known = [source.address for source in archives_of()]
    address = settings.softswitch.archive or next(iter(known), "")
    reached = bool(address) and _is_reachable(address, settings.softswitch.suites[0])
    yield Finding(
        about="Debian archive",
        state=State.OK if reached else State.FAIL,
        seen=(address or "none in apt's configuration") + ("" if reached else ", not reached"),
        remedy="" if reached else "set softswitch.archive to an archive that this machine reaches",
    )


def _is_reachable(address: str, suite: str) -> bool:
    if not address.startswith(("http://", "https://")):
        # apt knows more kinds of address than we can ask; the fetch itself will tell.
        return True
    request = urllib.request.Request(
        f"{address.rstrip('/')}/dists/{suite}/InRelease", method="HEAD"
    )
    try:
        with urllib.request.urlopen(request, timeout=_NETWORK_TIMEOUT_S):
            return True
    except (OSError, urllib.error.URLError):
        return False


def _ports(settings: Settings) -> Iterator[Finding]:
    if _is_running(settings):
        yield Finding(about="ports", state=State.OK, seen="in use by this very instance")
        return
    for wanted in ports_of_system(settings):
        free = is_free(wanted)
        yield Finding(
            about=f"port {wanted}",
            state=State.OK if free else State.FAIL,
            seen="free" if free else f"taken by {holder_of(wanted)}",
            remedy="" if free else f"stop that program, or change the setting {wanted.setting}",
        )


def _is_running(settings: Settings) -> bool:
    control = paths_of(settings.state_dir).control_socket
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(control))
        except OSError:
            return False
    return True


def _folders(settings: Settings) -> Iterator[Finding]:
    cache = package_store(settings.softswitch).folder
    for about, folder in (("state folder", settings.state_dir), ("cache folder", cache)):
        nearest = _nearest_existing(folder)
        writable = os.access(nearest, os.W_OK | os.X_OK)
        free_mb = shutil.disk_usage(nearest).free // 1_000_000
        state = State.OK if free_mb >= FREE_MB_FOR_A_YEAR else State.WARN
        if not writable or free_mb < LEAST_FREE_MB:
            state = State.FAIL
        yield Finding(
            about=about,
            state=state,
            seen=f"{folder}, {free_mb} MB free" + ("" if writable else ", not writable"),
            remedy="" if state is State.OK else "free some space there, or move it by its setting",
        )


def _nearest_existing(folder: Path) -> Path:
    return next(each for each in (folder, *folder.absolute().parents) if each.exists())


def _open_files(_settings: Settings) -> Iterator[Finding]:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most == resource.RLIM_INFINITY:
        most = OPEN_FILES_FOR_ALL_LINES
    state = State.OK if most >= OPEN_FILES_FOR_ALL_LINES else State.WARN
    yield Finding(
        about="open files",
        state=State.FAIL if most < LEAST_OPEN_FILES else state,
        seen=f"at most {most}",
        remedy="" if state is State.OK else "have an administrator raise the hard limit (nofile)",
    )


def _host_name(_settings: Settings) -> Iterator[Finding]:
    """See whether the host's own name resolves: Asterisk waits for it at every call otherwise."""
    name = socket.gethostname()
    asking = ThreadPoolExecutor(max_workers=1)
    try:
        asking.submit(socket.getaddrinfo, name, None).result(timeout=_NETWORK_TIMEOUT_S)
        resolves = True
    except (OSError, TimeoutError):
        resolves = False
    finally:
        asking.shutdown(wait=False, cancel_futures=True)
    yield Finding(
        about="host name",
        state=State.OK if resolves else State.WARN,
        seen=name if resolves else f"{name} does not resolve",
        remedy="" if resolves else f"add a line `127.0.1.1 {name}` to /etc/hosts",
    )


def _prompts(settings: Settings) -> Iterator[Finding]:
    prompts = paths_of(settings.state_dir).prompts
    missing = [
        language
        for language in Language
        if not list((prompts / language / "system").glob("apology.*law"))
    ]
    yield Finding(
        about="prompts",
        state=State.WARN if missing else State.OK,
        seen=f"not installed: {', '.join(missing)}" if missing else f"installed in {prompts}",
        remedy="`make run` installs them, or `ivrengine prompts install`" if missing else "",
    )


def _licences(settings: Settings) -> Iterator[Finding]:
    try:
        roster = read_roster(read_texts(settings.roster)).roster
    except ConfigError as fault:
        yield Finding(about="roster", state=State.FAIL, seen=str(fault), remedy=fault.remedy)
        return
    if roster is None:
        remedy = "`ivrengine check` lists them"
        yield Finding(about="roster", state=State.FAIL, seen="the files have faults", remedy=remedy)
        return
    due = [str(notice) for notice in notices(roster, today(SteadyClock()))]
    yield Finding(
        about="licences",
        state=State.WARN if due else State.OK,
        seen="\n".join(due) or "none expires within 30 days",
        remedy="have them renewed, and put the new date into agents.yaml" if due else "",
    )


_LOOKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _python,
    _asterisk,
    _ports,
    _folders,
    _open_files,
    _host_name,
    _prompts,
    _licences,
)


def _as_table(findings: list[Finding]) -> Table:
    colours = {State.OK: "green", State.WARN: "yellow", State.FAIL: "red"}
    table = Table(title="What the system needs")
    for column in ("", "what", "seen", "what to do"):
        table.add_column(column, overflow="fold")
    for each in findings:
        mark = f"[{colours[each.state]}]{each.state}[/]"
        table.add_row(mark, each.about, each.seen, each.remedy)
    return table
