"""What a reading of operators' files would change, told before and after it is put in force."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

Key = TypeVar("Key", bound=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference. ``subject`` is whose, such as ``queue trading``; ``field`` is dotted.

    ``before`` is empty for what is added, ``after`` for what is removed.
    """

    subject: str
    field: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        if not self.field:
            return f"{self.subject}: {'added' if self.after else 'removed'}"
        return f"{self.subject}: {self.field}: {self.before or '-'} → {self.after or '-'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Files that were read and found right. ``put_in_force`` neither waits nor fails."""

    changes: Sequence[Change]
    put_in_force: Callable[[], None]


class Book(Protocol):
    """Files of one kind, of which one reading is in force."""

    def prepare(self) -> Prepared:
        """Read the files and change nothing; may be run in a thread of its own.

        Raises:
            ConfigError: with every fault found; what is in force stays.
        """
        ...


def differences(
    kind: str, before: Mapping[Key, BaseModel], after: Mapping[Key, BaseModel]
) -> Iterator[Change]:
    """Give what differs between two sets of ``kind``, by their names."""
    for name in before.keys() - after.keys():
        yield Change(subject=f"{kind} {name}", before=name)
    for name in after.keys() - before.keys():
        yield Change(subject=f"{kind} {name}", after=name)
    for name in before.keys() & after.keys():
        if before[name] != after[name]:
            yield from field_differences(f"{kind} {name}", before[name], after[name])


def field_differences(subject: str, before: BaseModel, after: BaseModel) -> Iterator[Change]:
    """Give the fields in which two of a kind differ."""
    old = dict(_leaves(before.model_dump(mode="json")))
    new = dict(_leaves(after.model_dump(mode="json")))
    for field in sorted(old.keys() | new.keys()):
        if old.get(field) != new.get(field):
            yield Change(
                subject=subject, field=field, before=old.get(field, ""), after=new.get(field, "")
            )


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case dict() if value:
            for key, inner in value.items():
                yield from _leaves(inner, f"{path}.{key}" if path else key)
        case list() if value and all(isinstance(each, dict) for each in value):
            for place, inner in enumerate(value):
                yield from _leaves(inner, f"{path}.{place}")
        case list():
            yield path, ", ".join(map(str, value))
        case None | {}:
            yield path, ""
        case bool():
            yield path, "yes" if value else "no"
        case _:
            yield path, str(value)
