"""SIP messages as values: read from a datagram, written to one (RFC 3261, sections 7 and 25).

Only as much grammar as a telephone needs.  Bytes outside ASCII survive a round trip (latin-1), so a
test may send a deliberately broken header.
"""

import re
from dataclasses import dataclass, replace
from typing import Final, Self

Header = tuple[str, str]

_COMPACT: Final = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "m": "contact",
    "l": "content-length",
    "c": "content-type",
    "e": "content-encoding",
    "s": "subject",
    "k": "supported",
}
_IN_BRACKETS: Final = re.compile(r"<([^>]*)>")
_TAG: Final = re.compile(r";\s*tag=([^;\s>]+)", re.IGNORECASE)
_BRANCH: Final = re.compile(r";\s*branch=([^;\s]+)", re.IGNORECASE)


class MalformedMessage(Exception):
    """A datagram that is no SIP message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    headers: tuple[Header, ...]
    body: bytes = b""

    def find(self, name: str) -> str | None:
        """The first header of that name, or None."""
        return next(iter(self.all(name)), None)

    def header(self, name: str) -> str:
        """The first header of that name.

        Raises:
            MalformedMessage: there is none.
        """
        value = self.find(name)
        if value is None:
            raise MalformedMessage(f"no {name} header")
        return value

    def all(self, name: str) -> tuple[str, ...]:
        """Every header of that name, in order."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if _long_name(key) == wanted)

    def replacing(self, name: str, value: str) -> Self:
        """The same message with one header's value put in the place of its first one."""
        kept = [pair for pair in self.headers if _long_name(pair[0]) != name.lower()]
        at = next(
            (i for i, pair in enumerate(self.headers) if _long_name(pair[0]) == name.lower()),
            len(kept),
        )
        kept.insert(at, (name, value))
        return replace(self, headers=tuple(kept))

    @property
    def branch(self) -> str:
        """The branch of the topmost Via: it names the transaction."""
        found = _BRANCH.search(self.header("Via"))
        return found.group(1) if found else ""

    @property
    def cseq(self) -> tuple[int, str]:
        """Sequence number and method."""
        number, _, method = self.header("CSeq").partition(" ")
        return int(number), method.strip()

    def _render(self, start_line: str) -> bytes:
        lines = [start_line, *(f"{name}: {value}" for name, value in self.headers)]
        lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class SipRequest(_Message):
    """A request on its way out or in."""

    method: str
    uri: str

    def render(self) -> bytes:
        """The datagram."""
        return self._render(f"{self.method} {self.uri} SIP/2.0")


@dataclass(frozen=True, slots=True, kw_only=True)
class SipResponse(_Message):
    """A response on its way out or in."""

    status: int
    reason: str

    def render(self) -> bytes:
        """The datagram."""
        return self._render(f"SIP/2.0 {self.status} {self.reason}")

    @property
    def is_final(self) -> bool:
        """Whether no other answer to the request may follow."""
        return self.status >= 200


def parse(datagram: bytes) -> SipRequest | SipResponse:
    """Reads one datagram.

    Raises:
        MalformedMessage: it is not SIP.
    """
    head, _, body = datagram.partition(b"\r\n\r\n")
    start_line, *lines = head.decode("latin-1").split("\r\n")
    headers = tuple(_parse_header(line) for line in _unfold(lines))
    kept = tuple(pair for pair in headers if _long_name(pair[0]) != "content-length")
    words = start_line.split(" ", 2)
    if len(words) != 3:
        raise MalformedMessage(f"no SIP start line: {start_line[:80]!r}")
    if words[0] == "SIP/2.0":
        return SipResponse(status=int(words[1]), reason=words[2], headers=kept, body=body)
    return SipRequest(method=words[0], uri=words[1], headers=kept, body=body)


def uri_of(name_addr: str) -> str:
    """The URI inside a From, To, Contact or Route value."""
    bracketed = _IN_BRACKETS.search(name_addr)
    return bracketed.group(1) if bracketed else name_addr.partition(";")[0].strip()


def user_of(name_addr: str) -> str:
    """The part before the @ of the URI inside such a value."""
    return uri_of(name_addr).partition(":")[2].partition("@")[0]


def tag_of(name_addr: str) -> str | None:
    """The tag parameter of a From or To value."""
    found = _TAG.search(name_addr)
    return found.group(1) if found else None


def _long_name(name: str) -> str:
    lowered = name.lower()
    return _COMPACT.get(lowered, lowered)


def _unfold(lines: list[str]) -> list[str]:
    unfolded: list[str] = []
    for line in lines:
        if line[:1] in (" ", "\t") and unfolded:
            unfolded[-1] += " " + line.strip()
        elif line:
            unfolded.append(line)
    return unfolded


def _parse_header(line: str) -> Header:
    name, colon, value = line.partition(":")
    if not colon:
        raise MalformedMessage(f"no header: {line[:80]!r}")
    return name.strip(), value.strip()
