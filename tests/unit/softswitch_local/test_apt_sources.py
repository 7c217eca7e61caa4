"""Reading where a machine gets its Debian packages, in both formats of sources.list(5)."""

from pathlib import Path

import pytest

from ivrengine.softswitch.local.debian.sources import (
    ArchiveSource,
    archives_of,
    parse_lines,
    parse_stanzas,
)

pytestmark = pytest.mark.unit

STANZAS = """\
Types: deb deb-src
# where this image was made from
URIs: http://mirror.example/debian https://other.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Enabled: no
Types: deb
URIs: http://disabled.example/debian
Suites: bookworm
Components: main

Types: deb-src
URIs: http://sources.example/debian
Suites: bookworm
Components: main
"""

KEY_STANZA = """\
Types: deb
URIs: http://vendor.example/apt
Suites: stable
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
 -----END PGP PUBLIC KEY BLOCK-----
"""

LINES = """\
# deb http://commented.example/debian bookworm main
deb [arch=amd64 signed-by=/etc/apt/keyrings/a.gpg] http://mirror.example/debian bookworm main # x
deb http://plain.example/debian bookworm main contrib
deb-src http://mirror.example/debian bookworm main
  deb   http://flat.example/repo   ./
"""


def test_stanzas_give_one_source_for_each_address_and_suite() -> None:
    found = [(source.address, source.suite) for source in parse_stanzas(STANZAS)]
    assert found == [
        ("http://mirror.example/debian", "bookworm"),
        ("http://mirror.example/debian", "bookworm-updates"),
        ("https://other.example/debian", "bookworm"),
        ("https://other.example/debian", "bookworm-updates"),
    ]


def test_a_key_inside_a_stanza_is_kept_with_its_lines() -> None:
    [source] = parse_stanzas(KEY_STANZA)
    assert source.signed_by.startswith("-----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBF\n")


def test_one_line_entries_give_their_options() -> None:
    signed, plain, flat = parse_lines(LINES)
    assert signed == ArchiveSource(
        address="http://mirror.example/debian",
        suite="bookworm",
        components=("main",),
        signed_by="/etc/apt/keyrings/a.gpg",
    )
    assert plain.components == ("main", "contrib")
    assert plain.signed_by == ""
    assert not flat.can_serve_other_suites()


@pytest.mark.parametrize(
    ("address", "suite", "components"),
    [
        ("http://mirror.example/debian-security", "bookworm-security", ("main",)),
        ("cdrom:[Debian 12]/", "bookworm", ("main",)),
        ("http://vendor.example/node", "nodistro", ("contrib",)),
    ],
)
def test_an_archive_that_cannot_hold_other_suites_is_passed_over(
    address: str, suite: str, components: tuple[str, ...]
) -> None:
    source = ArchiveSource(address=address, suite=suite, components=components)
    assert not source.can_serve_other_suites()


def test_each_archive_is_asked_once_and_debian_first(tmp_path: Path) -> None:
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (parts / "debian.sources").write_text(STANZAS, encoding="utf-8")
    (parts / "a-vendor.list").write_text("deb http://vendor.example/apt stable main\n")
    (tmp_path / "sources.list").write_text(LINES, encoding="utf-8")
    found = [source.address for source in archives_of(tmp_path)]
    assert found == [
        "http://mirror.example/debian",
        "https://other.example/debian",
        "http://plain.example/debian",
        "http://vendor.example/apt",
    ]


def test_a_machine_without_apt_has_no_archives(tmp_path: Path) -> None:
    assert archives_of(tmp_path / "nothing") == ()
