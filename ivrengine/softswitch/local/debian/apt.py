"""An apt of our own: a private configuration under which ``apt-get`` needs no root.

It knows no installed packages, so that whatever a program needs is downloaded with it, down to the
C library. Signatures and checksums are verified by apt as always. How this machine reaches the
network (proxies and the like) is copied from its own apt configuration.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ivrengine.errors import ConfigError
from ivrengine.softswitch.local.debian.progress import Report, Step
from ivrengine.softswitch.local.debian.sources import ArchiveSource

_CONFIGURATION = """\
Dir "{folder}";
Dir::State "{folder}/state";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache";
Dir::Log "{folder}/log";
Dir::Etc "{folder}/etc";
Dir::Etc::trusted "/etc/apt/trusted.gpg";
Dir::Etc::trustedparts "/etc/apt/trusted.gpg.d";
Dir::Etc::netrc "/etc/apt/auth.conf";
Dir::Etc::netrcparts "/etc/apt/auth.conf.d";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
"""

_NETWORK_OPTION = re.compile(r"^Acquire::(https?|ftp|socks|Proxy|ForceIPv|Check-|Send)")
_EXPIRED = re.compile(r"is expired|is not valid (yet|anymore)")
_APT_DEADLINE_S = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run of apt-get ended."""

    succeeded: bool
    output: str

    def complaint(self) -> str:
        """Return apt's own error lines, or the end of what it said."""
        lines = self.output.splitlines()
        errors = [line for line in lines if line.startswith("E:")]
        return "\n".join(errors or lines[-5:])


class PrivateApt:
    """apt-get under ``folder``; one at a time may use a folder."""

    def __init__(self, folder: Path, report: Report) -> None:
        self._folder = folder
        self._report = report

    def use(self, source: ArchiveSource, suite: str) -> None:
        """Take packages from ``suite`` of the archive of ``source``, and fetch its lists.

        A mirror may serve lists past the date until which they count as fresh. Such lists are
        taken when there are no others, and the report says so.

        Raises:
            ConfigError: the archive cannot be reached, or has no such suite.
        """
        self._configure(source, suite)
        outcome = self._update(suite)
        if not outcome.succeeded and _EXPIRED.search(outcome.output):
            self._report(Step(what=f"the archive's lists for {suite} are past their date"))
            outcome = self._update(suite, "-o", "Acquire::Check-Valid-Until=false")
        if not outcome.succeeded:
            raise ConfigError(f"its lists cannot be read: {outcome.complaint()}")

    def download(self, packages: Sequence[str]) -> tuple[Path, ...]:
        """Download ``packages`` and all they depend on; what is there already is kept.

        Raises:
            ConfigError: apt could not find or fetch them.
        """
        # Asked of an empty cache, so that what is downloaded already is listed too.
        empty = f"Dir::Cache::archives={self._folder}/cache/empty"
        listed = self._run("-o", empty, "install", "--print-uris", "--yes", *packages)
        files = re.findall(r"^'[^']*' (\S+) (\d+)", listed.output, re.MULTILINE)
        if not listed.succeeded or not files:
            raise ConfigError(f"apt does not find {' '.join(packages)}: {listed.complaint()}")
        size_mb = sum(int(size) for _, size in files) // 1_000_000
        what = f"downloading {len(files)} packages, {size_mb} MB"
        fetched = self._run("install", "--download-only", "--yes", *packages, shown_as=what)
        if not fetched.succeeded:
            raise ConfigError(
                f"the download failed: {fetched.complaint()}",
                remedy="run the same command again: it goes on where it stopped",
            )
        return tuple(self._folder / "cache/archives" / name for name, _ in files)

    def forget_downloads(self) -> None:
        """Remove the downloaded packages, which nothing needs once they are unpacked."""
        shutil.rmtree(self._folder / "cache", ignore_errors=True)

    def _configure(self, source: ArchiveSource, suite: str) -> None:
        for part in (
            "state/lists/partial",
            "cache/archives/partial",
            "cache/empty/partial",
            "log",
            "etc/sources.list.d",
            "etc/apt.conf.d",
            "etc/preferences.d",
        ):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        (self._folder / "status").touch()
        configuration = _CONFIGURATION.format(folder=self._folder) + _network_options()
        (self._folder / "apt.conf").write_text(configuration, encoding="utf-8")
        signed_by = f"Signed-By: {source.signed_by}\n" if source.signed_by else ""
        (self._folder / "etc/sources.list.d/one.sources").write_text(
            f"Types: deb\nURIs: {source.address}\nSuites: {suite}\nComponents: main\n{signed_by}",
            encoding="utf-8",
        )

    def _update(self, suite: str, *options: str) -> Outcome:
        return self._run(
            *options,
            "-o",
            "APT::Update::Error-Mode=any",
            "update",
            shown_as=f"reading the lists of {suite}",
        )

    def _run(self, *arguments: str, shown_as: str = "") -> Outcome:
        reading, writing = os.pipe()
        command = ["apt-get", "-q", "-o", f"APT::Status-Fd={writing}", *arguments]
        environment = {**os.environ, "APT_CONFIG": str(self._folder / "apt.conf"), "LC_ALL": "C"}
        log = self._folder / "log/apt-get.log"
        with log.open("w+", encoding="utf-8") as said, os.fdopen(reading) as news:
            running = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                env=environment,
                pass_fds=(writing,),
            )
            os.close(writing)
            for line in news:
                self._show(shown_as, line)
            succeeded = running.wait(timeout=_APT_DEADLINE_S) == 0
            said.seek(0)
            return Outcome(succeeded=succeeded, output=said.read())

    def _show(self, what: str, line: str) -> None:
        kind, _, rest = line.partition(":")
        if what and kind == "dlstatus":
            percent = rest.split(":")[1]
            self._report(Step(what=what, done=int(float(percent)), total=100, unit="%"))


def _network_options() -> str:
    dump = subprocess.run(
        ["apt-config", "dump", "--no-empty"],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    lines = [line for line in dump.stdout.splitlines() if _NETWORK_OPTION.match(line)]
    return "\n".join(lines) + "\n"
