"""A tree of unpacked packages, and how its programs are started from where it lies.

A program of the tree runs under the tree's own dynamic loader and libraries, so it neither needs
nor touches those of the machine: a binary of a newer Debian runs on an older one.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ivrengine.errors import ConfigError
from ivrengine.softswitch.local.debian.progress import Report, Step

_WRAPPER = """\
#!/bin/sh
# Starts {program} of this tree through the tree's own loader, wherever the tree lies.
root=$(dirname "$(dirname "$(readlink -f "$0")")")
exec "$root/{loader}" --library-path "$root/{libraries}:$root/usr/lib" --argv0 {name} \\
  "$root/{program}" "$@"
"""


@dataclass(frozen=True, slots=True)
class PackageTree:
    """Packages unpacked under ``root``."""

    root: Path

    def exists(self) -> bool:
        """Tell whether the tree is there, and so is complete."""
        return self.root.is_dir()

    def command(self, program: str) -> Path:
        """Return the script that starts ``program``, such as ``sipp``."""
        return self.root / "bin" / program

    def libraries(self) -> Path:
        """Return the folder of the tree's shared libraries for this kind of machine."""
        return self._loader().parent

    def _loader(self) -> Path:
        found = sorted(self.root.glob("usr/lib/*/ld-linux*.so.*"))
        if not found:
            raise ConfigError(f"{self.root} holds no dynamic loader", remedy="remove that folder")
        return found[0]

    def add_command(self, program: str) -> None:
        """Write the script that starts ``program`` (a path in the tree, as ``usr/bin/sipp``)."""
        if not (self.root / program).is_file():
            raise ConfigError(f"the packages hold no {program}")
        loader = self._loader().relative_to(self.root)
        name = Path(program).name
        script = self.command(name)
        script.parent.mkdir(exist_ok=True)
        script.write_text(
            _WRAPPER.format(program=program, loader=loader, libraries=loader.parent, name=name),
            encoding="utf-8",
        )
        script.chmod(0o755)


def unpack(
    packages: Sequence[Path], into: Path, *, programs: Sequence[str], report: Report
) -> PackageTree:
    """Unpack ``packages`` and offer ``programs``; the tree appears all at once or not at all."""
    unfinished = PackageTree(into.with_name(f".{into.name}.unfinished"))
    shutil.rmtree(unfinished.root, ignore_errors=True)
    unfinished.root.mkdir(parents=True)
    for count, package in enumerate(packages, start=1):
        _unpack_one(package, unfinished.root)
        report(Step(what="unpacking", done=count, total=len(packages), unit="packages"))
    for program in programs:
        unfinished.add_command(program)
    names = "\n".join(package.name for package in packages)
    (unfinished.root / "packages.txt").write_text(names + "\n", encoding="utf-8")
    os.replace(unfinished.root, into)
    return PackageTree(into)


def _unpack_one(package: Path, into: Path) -> None:
    unpacked = subprocess.run(
        ["dpkg-deb", "--extract", package, into],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if unpacked.returncode != 0:
        raise ConfigError(
            f"{package.name} does not unpack: {unpacked.stderr.strip()}",
            remedy="look at the free space there, then run the same command again",
        )
