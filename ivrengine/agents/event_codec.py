"""Events of distribution as lines of JSON: ``{"at": …, "event": "ContactQueued", …}``."""

import json
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from acd.events import Event
from ivrengine.errors import StorageError


def _adapters() -> dict[str, TypeAdapter[Event]]:
    return {kind.__name__: TypeAdapter(kind) for kind in get_args(Event)}


_ADAPTERS = _adapters()


def encode(event: Event, at: float) -> bytes:
    """Return ``event`` as one line without its end."""
    fields: dict[str, Any] = _ADAPTERS[type(event).__name__].dump_python(event, mode="json")
    entry = {"at": at, "event": type(event).__name__, "fields": fields}
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def decode(line: bytes) -> tuple[Event, float]:
    """Read one line back.

    Raises:
        StorageError: the line is not one of ours.
    """
    try:
        entry = json.loads(line)
        adapter = _ADAPTERS[entry["event"]]
        return adapter.validate_python(entry["fields"]), float(entry["at"])
    except (ValueError, KeyError, TypeError, ValidationError) as fault:
        raise StorageError(f"not an event of distribution: {fault}") from fault
