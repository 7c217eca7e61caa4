"""Makes the project's virtual environment on a machine that has only Python and Debian's own tools.

Uses nothing but the standard library and our own package fetcher, because it runs before anything
is installed. Debian may have left out ``ensurepip`` and pip; then pip comes as the wheel in
Debian's ``python3-pip-whl``, unpacked without root.

    python3 -m tools.make_venv .venv '.[dev]'
"""

import os
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path

from ivrengine.errors import ConfigError
from ivrengine.softswitch.local.debian.progress import PrintedLines
from ivrengine.softswitch.local.debian.store import PackageStore, Recipe, cache_folder
from ivrengine.softswitch.local.debian.tree import PackageTree

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
PIP = Recipe(name="pip", packages=("python3-pip-whl", "ca-certificates"))
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
OWN_CERTIFICATES = "certificates.pem"


def main() -> int:
    """Bring the environment up to date; return the exit code."""
    environment, requirement = Path(sys.argv[1]), sys.argv[2]
    if not _has_pip(environment):
        _say(f"making the virtual environment {environment}")
        _make(environment)
    _say(f"installing {requirement} and its libraries: a minute or two the first time")
    ended = _pip(environment, "install", "--constraint", str(LOCK), "--editable", requirement)
    if ended != 0:
        _say("pip could not install everything: its last lines above say why")
    return ended


def _make(environment: Path) -> None:
    has_pip = find_spec("ensurepip") is not None
    venv.create(environment, with_pip=has_pip, clear=True)
    if not has_pip:
        _say("this Python came without pip, so pip is fetched first")
        tree = _fetch_pip()
        wheel = next(tree.root.glob("usr/share/python-wheels/pip-*.whl"))
        if not SYSTEM_CERTIFICATES.exists():
            _collect_certificates(tree, environment / OWN_CERTIFICATES)
        python = environment / "bin/python"
        pip = (str(python), str(wheel / "pip"))
        subprocess.run((*pip, "install", "--quiet", "--no-index", str(wheel)), check=True)


def _fetch_pip() -> PackageTree:
    folder = cache_folder(os.environ, fallback=ROOT / "var/cache")
    return PackageStore(folder).fetch(PIP, PrintedLines(_say))


def _collect_certificates(tree: PackageTree, into: Path) -> None:
    """Join the certificates of the package, as its installation script would have done."""
    found = sorted(tree.root.glob("usr/share/ca-certificates/mozilla/*.crt"))
    into.write_bytes(b"".join(certificate.read_bytes() for certificate in found))


def _has_pip(environment: Path) -> bool:
    python = environment / "bin/python"
    if not python.exists():
        return False
    asked = (str(python), "-m", "pip", "--version")
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def _pip(environment: Path, *arguments: str) -> int:
    settings = {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    own_certificates = environment / OWN_CERTIFICATES
    if own_certificates.exists() and "PIP_CERT" not in os.environ:
        # As a variable and not as an option, so that the pip which pip starts for builds has it.
        settings["PIP_CERT"] = str(own_certificates.absolute())
    command = (str(environment / "bin/python"), "-m", "pip", *arguments)
    return subprocess.run(command, cwd=ROOT, env=os.environ | settings, check=False).returncode


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ConfigError as fault:
        sys.exit(f"{fault}\n{fault.remedy}")
