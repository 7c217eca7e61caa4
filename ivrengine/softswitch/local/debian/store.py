"""The store of package trees in the user's cache: each is fetched once, by one at a time."""

import fcntl
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ivrengine.errors import ConfigError
from ivrengine.softswitch.local.debian.apt import PrivateApt
from ivrengine.softswitch.local.debian.progress import Report, Step
from ivrengine.softswitch.local.debian.sources import ArchiveSource, archives_of
from ivrengine.softswitch.local.debian.tree import PackageTree, unpack

_TOOLS = ("apt-get", "apt-config", "dpkg", "dpkg-deb")
_REMEDY = (
    "look at `apt-get update` on this machine, or name a Debian archive in the setting"
    " softswitch.archive (IVRENGINE_SOFTSWITCH__ARCHIVE)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a tree is made of: its name, the packages it grows from, the programs it offers."""

    name: str
    packages: tuple[str, ...]
    programs: tuple[str, ...] = ()


def cache_folder(environment: Mapping[str, str], *, fallback: Path) -> Path:
    """Return where the store lies: as the environment says, else in the user's cache folder.

    ``fallback`` is taken when the user has no folder that can be written to.
    """
    if chosen := environment.get("IVRENGINE_CACHE_DIR"):
        return Path(chosen)
    home = environment.get("HOME")
    base = environment.get("XDG_CACHE_HOME") or (f"{home}/.cache" if home else "")
    if not base:
        return fallback
    folder = Path(base) / "ivrengine"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return fallback
    return folder


def missing_tools() -> tuple[str, ...]:
    """Return the programs of Debian that fetching needs and this machine lacks."""
    return tuple(tool for tool in _TOOLS if shutil.which(tool) is None)


class PackageStore:
    """Package trees under ``folder``; ``archives`` are asked in order, each for every suite."""

    def __init__(
        self, folder: Path, *, archives: Sequence[ArchiveSource] = (), suites: Sequence[str] = ()
    ) -> None:
        self.folder = folder.absolute()
        self._archives = archives
        self._suites = suites

    def tree(self, recipe: Recipe) -> PackageTree:
        """Return the tree of ``recipe``, which may not be there yet."""
        return PackageTree(self.folder / recipe.name)

    def fetch(self, recipe: Recipe, report: Report) -> PackageTree:
        """Return the tree of ``recipe``, fetched now if it is not there.

        Raises:
            ConfigError: this machine cannot fetch it; the remedy says what to do.
        """
        if missing := missing_tools():
            raise ConfigError(
                f"this machine lacks {', '.join(missing)}",
                remedy="only Debian and its relatives can fetch by themselves: install Asterisk"
                " 22.10 or newer by hand and set softswitch.asterisk_path",
            )
        with self._alone(report):
            tree = self.tree(recipe)
            if not tree.exists():
                apt = PrivateApt(self.folder / "apt", report)
                packages = self._download(recipe, apt)
                unpack(packages, tree.root, programs=recipe.programs, report=report)
                apt.forget_downloads()
            return tree

    def _download(self, recipe: Recipe, apt: PrivateApt) -> tuple[Path, ...]:
        complaints = []
        for source in self._archives or archives_of():
            for suite in self._suites or (source.suite,):
                try:
                    apt.use(source, suite)
                    return apt.download(recipe.packages)
                except ConfigError as failure:
                    complaints.append(f"{source.address} {suite}: {failure}")
        said = "\n".join(complaints) or "apt is told of no Debian archive on this machine"
        raise ConfigError(f"no archive could be used\n{said}", remedy=_REMEDY)

    @contextmanager
    def _alone(self, report: Report) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                report(Step(what=f"waiting for another fetch into {self.folder}"))
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield
