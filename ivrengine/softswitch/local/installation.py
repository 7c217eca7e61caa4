"""Which Asterisk is run: one that is configured, one on PATH, or one that was fetched.

``locate`` only looks; ``fetch`` downloads what is missing. Tests get SIPp and baresip the same way.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ivrengine.errors import ConfigError
from ivrengine.softswitch.local.debian.progress import Report
from ivrengine.softswitch.local.debian.sources import ArchiveSource
from ivrengine.softswitch.local.debian.store import PackageStore, Recipe, cache_folder
from ivrengine.softswitch.local.debian.tree import PackageTree
from ivrengine.softswitch.settings import SoftswitchSettings

OLDEST_VERSION = (22, 10)
"""22.10 brought variables on events; older ones also lack the outbound websocket or its fixes."""

ASTERISK = Recipe(name="asterisk", packages=("asterisk",), programs=("usr/sbin/asterisk",))
TEST_TOOLS = Recipe(
    name="test-tools",
    packages=("sip-tester", "baresip-core"),
    programs=("usr/bin/sipp", "usr/bin/baresip"),
)

_NEEDED_MODULES = ("chan_pjsip.so", "res_ari.so", "res_websocket_client.so", "pbx_config.so")
_NEEDED_FOLDERS = ("documentation", "rest-api")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """An Asterisk that can be started.

    ``data`` holds ``documentation`` and ``rest-api``; without the latter ARI cannot describe
    itself and answers 500 to aioari.
    """

    asterisk: Path
    version: str
    modules: Path
    data: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class TestTools:
    """Telephones for tests; baresip is told in its configuration where its modules are."""

    sipp: Path
    baresip: Path
    baresip_modules: Path


def locate(settings: SoftswitchSettings) -> Installation | None:
    """Return the Asterisk to run, or None when one has to be fetched first.

    Raises:
        ConfigError: ``asterisk_path`` names something that cannot be used.
    """
    if settings.asterisk_path is not None:
        return _inspect(settings.asterisk_path)
    on_path = shutil.which(
        "asterisk", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    )
    if on_path is not None:
        try:
            return _inspect(Path(on_path))
        except ConfigError:
            # Too old or incomplete, and nobody asked for this one: the fetched one is better.
            pass
    tree = package_store(settings).tree(ASTERISK)
    return _of_tree(tree) if tree.exists() else None


def fetch(settings: SoftswitchSettings, report: Report) -> Installation:
    """Return the Asterisk to run, fetching it if need be; takes a minute the first time.

    Raises:
        ConfigError: none can be had; the remedy says what to do.
    """
    found = locate(settings)
    return found or _of_tree(package_store(settings).fetch(ASTERISK, report))


def locate_test_tools(settings: SoftswitchSettings) -> TestTools | None:
    """Return the telephones for tests, or None when they have to be fetched first."""
    tree = package_store(settings).tree(TEST_TOOLS)
    return _tools_of(tree) if tree.exists() else None


def fetch_test_tools(settings: SoftswitchSettings, report: Report) -> TestTools:
    """Return the telephones for tests, fetching them if need be.

    Raises:
        ConfigError: they cannot be had; the remedy says what to do.
    """
    return _tools_of(package_store(settings).fetch(TEST_TOOLS, report))


def package_store(settings: SoftswitchSettings) -> PackageStore:
    """Return the store that ``settings`` name, whether or not it exists."""
    fallback = Path(tempfile.gettempdir()) / f"ivrengine-cache-{os.getuid()}"
    folder = settings.cache_dir or cache_folder(os.environ, fallback=fallback)
    return PackageStore(folder, archives=_archives(settings), suites=settings.suites)


def _archives(settings: SoftswitchSettings) -> tuple[ArchiveSource, ...]:
    if not settings.archive:
        return ()
    keyring = str(settings.archive_keyring or "")
    return (
        ArchiveSource(address=settings.archive, suite="", components=("main",), signed_by=keyring),
    )


def _tools_of(tree: PackageTree) -> TestTools:
    return TestTools(
        sipp=tree.command("sipp"),
        baresip=tree.command("baresip"),
        baresip_modules=tree.root / "usr/lib/baresip/modules",
    )


def _of_tree(tree: PackageTree) -> Installation:
    asterisk = tree.command("asterisk")
    return Installation(
        asterisk=asterisk,
        version=_version_of(asterisk),
        modules=tree.libraries() / "asterisk/modules",
        data=tree.root / "usr/share/asterisk",
    )


def _inspect(asterisk: Path) -> Installation:
    version = _version_of(asterisk)
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if numbers < OLDEST_VERSION:
        raise ConfigError(
            f"{asterisk} is Asterisk {version or 'of unknown version'}, too old",
            remedy=f"Asterisk {'.'.join(map(str, OLDEST_VERSION))} or newer is needed",
        )
    return Installation(
        asterisk=asterisk,
        version=version,
        modules=_first_complete(_module_folders(asterisk), _NEEDED_MODULES, asterisk),
        data=_first_complete(_data_folders(asterisk), _NEEDED_FOLDERS, asterisk),
    )


def _module_folders(asterisk: Path) -> Iterator[Path]:
    prefix = asterisk.resolve().parent.parent
    for lib in (prefix / "lib", prefix / "lib64", Path("/usr/lib")):
        yield lib / "asterisk/modules"
        yield from sorted(lib.glob("*-linux-gnu*/asterisk/modules"))


def _data_folders(asterisk: Path) -> Iterator[Path]:
    prefix = asterisk.resolve().parent.parent
    yield prefix / "share/asterisk"
    yield prefix / "var/lib/asterisk"
    yield Path("/usr/share/asterisk")
    yield Path("/var/lib/asterisk")


def _first_complete(folders: Iterator[Path], names: tuple[str, ...], asterisk: Path) -> Path:
    for folder in folders:
        if all((folder / name).exists() for name in names):
            return folder
    raise ConfigError(
        f"no folder beside {asterisk} holds {', '.join(names)}",
        remedy="install all modules and data of Asterisk, or run `ivrengine softswitch fetch`",
    )


def _version_of(asterisk: Path) -> str:
    try:
        told = subprocess.run(
            [asterisk, "-V"], capture_output=True, text=True, timeout=20, check=False
        )
    except OSError as failure:
        raise ConfigError(f"{asterisk} does not start: {failure}") from failure
    words = told.stdout.split()
    if told.returncode != 0 or len(words) < 2:
        raise ConfigError(f"{asterisk} does not tell its version: {told.stderr.strip()}")
    return words[1]
