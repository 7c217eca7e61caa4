"""The instance's doors that are not telephones: the engine's HTTP API and metrics, Asterisk's ARI.

Blocking by nature; `asked` runs a question beside the event loop, so that telephones keep talking.
"""

import asyncio
import json
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from prometheus_client.parser import text_string_to_metric_families

T = TypeVar("T")


class Refused(Exception):
    """An answer that is no success; `status` is 0 when there was no answer."""

    def __init__(self, url: str, status: int, text: str) -> None:
        super().__init__(f"{url}: {status} {text[:300]}")
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One line of /metrics."""

    name: str
    labels: frozenset[tuple[str, str]]
    value: float

    def __str__(self) -> str:
        labels = ",".join(f"{key}={value}" for key, value in sorted(self.labels))
        return f"{self.name}{{{labels}}} {self.value:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebApi:
    """One HTTP server, and how it is convinced."""

    base: str
    authorization: Callable[[], str | None] = field(default=lambda: None)
    timeout_s: float = 5.0

    def get(self, path: str) -> Any:
        """The JSON at a path.

        Raises:
            Refused: no success, or no answer.
        """
        return json.loads(self.text("GET", path) or "null")

    def post(self, path: str, body: object = None) -> Any:
        """Posts JSON; what came back.

        Raises:
            Refused: no success, or no answer.
        """
        return json.loads(self.text("POST", path, body) or "null")

    def text(self, method: str, path: str, body: object = None) -> str:
        """The answer as text."""
        return self.octets(method, path, body).decode()

    def octets(self, method: str, path: str, body: object = None) -> bytes:
        """The answer as it came."""
        request = urllib.request.Request(f"{self.base}{path}", method=method)
        authorization = self.authorization()
        if authorization is not None:
            request.add_header("Authorization", authorization)
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, timeout=self.timeout_s) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise Refused(request.full_url, refusal.code, refusal.read().decode()) from None
        except OSError as failure:
            raise Refused(request.full_url, 0, str(failure)) from None

    def value(self, name: str, **labels: str) -> float:
        """One sample of /metrics, the sum of them where labels are left out; 0 when absent."""
        wanted = labels.items()
        return sum(
            sample.value
            for sample in self.metrics()
            if sample.name == name and wanted <= dict(sample.labels).items()
        )

    def metrics(self) -> list[Sample]:
        """Every sample of /metrics."""
        families = text_string_to_metric_families(self.text("GET", "/metrics"))
        return [
            Sample(name=sample.name, labels=frozenset(sample.labels.items()), value=sample.value)
            for family in families
            for sample in family.samples
        ]


def bearer(token_file: Path) -> Callable[[], str | None]:
    """The administrator's token, read each time: a restart may have written another."""
    return lambda: f"Bearer {token_file.read_text().strip()}" if token_file.exists() else None


def basic(user: str, password_file: Path) -> Callable[[], str | None]:
    """User and password as HTTP's basic scheme puts them."""

    def header() -> str | None:
        if not password_file.exists():
            return None
        pair = f"{user}:{password_file.read_text().strip()}"
        return f"Basic {b64encode(pair.encode()).decode()}"

    return header


async def asked(question: Callable[[], T]) -> T:
    """Runs a blocking question in a thread."""
    return await asyncio.to_thread(question)
