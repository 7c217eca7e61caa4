"""The engine's HTTP API as the command line asks it, with answers in the API's own shapes."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import quote, urlencode

from pydantic import TypeAdapter, ValidationError

from ivrengine.config import Settings, load_settings
from ivrengine.console.problems import Problem
from ivrengine.console.token import read_token
from ivrengine.errors import ConfigError, EngineError

T = TypeVar("T")

DEADLINE_S = 10.0


class EngineAway(EngineError):
    """No engine answers at the configured address."""


class ApiRefused(EngineError):
    """The engine answered with a problem; ``status`` is its HTTP status."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail or problem.title, remedy=problem.remedy)
        self.status = problem.status


class Api:
    """Asks the engine of these settings.

    Every method raises :class:`EngineAway` when nobody answers and :class:`ApiRefused` when the
    engine declines.
    """

    def __init__(self, settings: Settings) -> None:
        address = settings.http_address
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
        self._base = f"http://{f'[{host}]' if ':' in host else host}:{settings.http_port}/api"
        self._token = read_token(settings.state_dir)
        # A proxy of the machine's environment must not see the token, nor stand in the way.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def get(self, path: str, shape: type[T], **query: str | int) -> T:
        """Return what stands at ``path``, which begins after ``/api/``."""
        words = urlencode({key: value for key, value in query.items() if value != ""})
        return self._ask("GET", f"{path}?{words}" if words else path, shape)

    def post(self, path: str, shape: type[T], body: Mapping[str, str]) -> T:
        """Send ``body`` to ``path`` and return the answer."""
        return self._ask("POST", path, shape, body=json.dumps(body).encode())

    def _ask(self, method: str, path: str, shape: type[T], *, body: bytes | None = None) -> T:
        request = urllib.request.Request(f"{self._base}/{path}", data=body, method=method)
        request.add_header("Authorization", f"Bearer {self._token.reveal()}")
        request.add_header("Content-Type", "application/json")
        try:
            with self._opener.open(request, timeout=DEADLINE_S) as answer:
                return TypeAdapter(shape).validate_json(answer.read())
        except urllib.error.HTTPError as refusal:
            raise ApiRefused(_problem(refusal)) from None
        except OSError as fault:
            raise EngineAway(
                f"no engine answers at {self._base}: {getattr(fault, 'reason', fault)}",
                remedy="start it with `ivrengine run`; if it runs, http_address, http_port and "
                "state_dir must be the same here as there",
            ) from None
        except ValidationError:
            raise EngineAway(
                f"what answers at {self._base} is not this version of the engine",
                remedy="restart the engine, or see `ivrengine config` for the port",
            ) from None


def connect() -> Api:
    """Return the API of the engine that the settings here describe.

    Raises:
        ConfigError: the settings are wrong, or there is no token to ask with.
    """
    return Api(load_settings())


def segment(word: str) -> str:
    """Return ``word`` as one part of a path.

    Raises:
        ConfigError: it is empty.
    """
    if not word:
        raise ConfigError("an empty id names nothing")
    return quote(word, safe="")


def _problem(refusal: urllib.error.HTTPError) -> Problem:
    with refusal:
        try:
            return Problem.model_validate_json(refusal.read())
        except (ValidationError, OSError):
            return Problem(title=f"HTTP {refusal.code} {refusal.reason}", status=refusal.code)
