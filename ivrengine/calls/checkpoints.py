"""Checkpoints of a flow as plain JSON, for the journal, and back."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from ivrengine.errors import Bug
from ivrengine.flow.effects import Checkpoint, Value
from ivrengine.values import Language, Secret


def checkpoint_to_json(checkpoint: Checkpoint) -> dict[str, Any]:
    """Return ``checkpoint`` in JSON values; each variable is tagged with its type."""
    return {
        "frames": [list(frame) for frame in checkpoint.frames],
        "language": checkpoint.language.value,
        "variables": {name: _tagged(value) for name, value in checkpoint.variables.items()},
    }


def checkpoint_from_json(noted: dict[str, Any]) -> Checkpoint:
    """Return the checkpoint that :func:`checkpoint_to_json` wrote.

    Raises:
        ValueError: it was not written by this version of the engine.
    """
    try:
        frames = tuple((flow, version, node) for flow, version, node in noted["frames"])
        variables = {name: _untagged(*pair) for name, pair in noted["variables"].items()}
        return Checkpoint(frames=frames, language=Language(noted["language"]), variables=variables)
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError(f"not a checkpoint: {fault}") from fault


def _tagged(value: Value) -> list[Any]:
    match value:
        case None | bool() | int() | str():
            return ["plain", value]
        case Decimal():
            return ["decimal", str(value)]
        case datetime():
            return ["datetime", value.isoformat()]
        case date():
            return ["date", value.isoformat()]
        case time():
            return ["time", value.isoformat()]
        case Secret():
            raise Bug("a checkpoint may hold no secret")


def _untagged(tag: str, value: Any) -> Value:
    match tag:
        case "plain" if value is None or isinstance(value, bool | int | str):
            return value
        case "decimal":
            return Decimal(value)
        case "datetime":
            return datetime.fromisoformat(value)
        case "date":
            return date.fromisoformat(value)
        case "time":
            return time.fromisoformat(value)
        case _:
            raise ValueError(f"unknown kind of value: {tag}")
