"""Answering a digest challenge (RFC 7616, RFC 3261 section 22)."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

_PARAMETER: Final = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^,\s]+))')
_HASHES: Final = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who a telephone says it is."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What a WWW-Authenticate or Proxy-Authenticate header asks for."""

    realm: str
    nonce: str
    algorithm: str = "MD5"
    opaque: str | None = None
    qop: str | None = None


def read_challenge(header: str) -> Challenge:
    """Reads a challenge; unknown parameters are passed over."""
    found = {key.lower(): quoted or bare for key, quoted, bare in _PARAMETER.findall(header)}
    offered = [word.strip() for word in found.get("qop", "").split(",")]
    return Challenge(
        realm=found.get("realm", ""),
        nonce=found.get("nonce", ""),
        algorithm=found.get("algorithm", "MD5"),
        opaque=found.get("opaque"),
        qop="auth" if "auth" in offered else None,
    )


def answer(
    challenge: Challenge,
    credentials: Credentials,
    *,
    method: str,
    uri: str,
    client_nonce: str | None = None,
) -> str:
    """The value of the Authorization header for one request."""
    client_nonce = client_nonce or secrets.token_hex(8)
    parameters = {
        "username": credentials.user,
        "realm": challenge.realm,
        "nonce": challenge.nonce,
        "uri": uri,
        "response": _response(challenge, credentials, f"{method}:{uri}", client_nonce),
    }
    quoted = [f'{key}="{value}"' for key, value in parameters.items()]
    if challenge.opaque is not None:
        quoted.append(f'opaque="{challenge.opaque}"')
    if challenge.qop:
        quoted.append(f'qop={challenge.qop}, nc=00000001, cnonce="{client_nonce}"')
    return f"Digest {', '.join(quoted)}, algorithm={challenge.algorithm}"


def _response(
    challenge: Challenge, credentials: Credentials, request: str, client_nonce: str
) -> str:
    digest = _HASHES[challenge.algorithm.upper()]

    def hexed(text: str) -> str:
        return digest(text.encode()).hexdigest()

    secret = hexed(f"{credentials.user}:{challenge.realm}:{credentials.password}")
    if challenge.qop:
        middle = f"{challenge.nonce}:00000001:{client_nonce}:{challenge.qop}"
    else:
        middle = challenge.nonce
    return hexed(f"{secret}:{middle}:{hexed(request)}")
