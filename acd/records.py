"""Changed copies of records, at about half the price of building them anew.

``dataclasses.replace`` calls the constructor, which sets every field of a frozen record one by one
in Python. The records that most events change have some twenty fields.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from itertools import repeat
from operator import attrgetter, call
from typing import Any, TypeVar

Record = TypeVar("Record")
_Setter = Callable[[object, object], None]


@cache
def _slots(kind: Any) -> tuple[tuple[_Setter, ...], Callable[[object], tuple[object, ...]]]:
    """Return what sets each field of a slotted dataclass, and what reads all of them at once."""
    names = [field.name for field in fields(kind)]
    return tuple(getattr(kind, name).__set__ for name in names), attrgetter(*names)


def changed(record: Record, **changes: Any) -> Record:
    """Return a copy of a slotted dataclass with other values in some fields.

    Like ``dataclasses.replace``, except that the constructor is not run; so it is for classes that
    check nothing in ``__post_init__``, and of two fields or more.

    Raises:
        AttributeError: the record has no such field.
    """
    kind: Any = type(record)
    setters, read = _slots(kind)
    copy: Record = object.__new__(kind)
    deque(map(call, setters, repeat(copy), read(record)), maxlen=0)
    for name, value in changes.items():
        object.__setattr__(copy, name, value)
    return copy
