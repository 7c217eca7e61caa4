"""Reads from apt's own configuration where this machine gets its Debian packages.

Both formats of sources.list(5) are read: deb822 stanzas (``*.sources``) and one-line entries
(``*.list``). Nothing is asked of the network, and apt's files are never written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

APT_FOLDER = Path("/etc/apt")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSource:
    """One archive and suite that apt is told to use.

    ``signed_by`` is a keyring's path, a fingerprint, or a key itself with the continuation lines
    of a deb822 field; empty means every key that apt trusts.
    """

    address: str
    suite: str
    components: tuple[str, ...]
    signed_by: str = ""

    def can_serve_other_suites(self) -> bool:
        """Tell whether the archive may also hold suites that apt does not use here."""
        return (
            "main" in self.components
            and not self.suite.endswith("/")
            and "security" not in f"{self.address} {self.suite}"
            and not self.address.startswith("cdrom:")
        )

    def looks_like_debian(self) -> bool:
        """Tell whether its names speak of Debian rather than of some other vendor."""
        return "debian" in f"{self.address} {self.signed_by}".lower()


def archives_of(folder: Path = APT_FOLDER) -> tuple[ArchiveSource, ...]:
    """Return one source for each archive worth asking for a suite, Debian's own first."""
    fit = [source for source in _read_folder(folder) if source.can_serve_other_suites()]
    by_address: dict[str, ArchiveSource] = {}
    for source in fit:
        by_address.setdefault(source.address.rstrip("/"), source)
    return tuple(sorted(by_address.values(), key=lambda source: not source.looks_like_debian()))


def _read_folder(folder: Path) -> Iterator[ArchiveSource]:
    parts = folder / "sources.list.d"
    for path in sorted(parts.glob("*.sources")):
        yield from parse_stanzas(path.read_text(encoding="utf-8", errors="replace"))
    for path in (folder / "sources.list", *sorted(parts.glob("*.list"))):
        if path.is_file():
            yield from parse_lines(path.read_text(encoding="utf-8", errors="replace"))


def parse_stanzas(text: str) -> Iterator[ArchiveSource]:
    """Read deb822 stanzas; disabled ones and those for source packages only give nothing."""
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for stanza in re.split(r"\n\s*\n", kept):
        fields = dict(_fields(stanza))
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "") == "no":
            continue
        for address in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield ArchiveSource(
                    address=address,
                    suite=suite,
                    components=tuple(fields.get("components", "").split()),
                    signed_by=fields.get("signed-by", ""),
                )


def _fields(stanza: str) -> Iterator[tuple[str, str]]:
    for field in re.split(r"\n(?=\S)", stanza.strip("\n")):
        name, colon, value = field.partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


_LINE = re.compile(r"^\s*deb\s+(?:\[(?P<options>[^]]*)\]\s+)?(?P<address>\S+)\s+(?P<suite>\S+)")


def parse_lines(text: str) -> Iterator[ArchiveSource]:
    """Read one-line entries; comments and source packages give nothing."""
    for raw in text.splitlines():
        line = raw.partition("#")[0]
        entry = _LINE.match(line)
        if entry is None:
            continue
        options = dict(
            option.split("=", 1) for option in (entry["options"] or "").split() if "=" in option
        )
        yield ArchiveSource(
            address=entry["address"],
            suite=entry["suite"],
            components=tuple(line[entry.end() :].split()),
            signed_by=options.get("signed-by", ""),
        )
