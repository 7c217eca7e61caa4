"""How calls went, by kind of caller."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Calls of one kind: all that were placed, those up as of now, and how the others ended.

    ``refused`` counts by SIP status, ``failed`` by what differed from what the caller expected.
    Calls that are neither up nor ended are being set up.
    """

    placed: int = 0
    up: int = 0
    completed: int = 0
    refused: Mapping[int, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """What the callers' process tells as of now: the tallies by kind, and what it did badly itself.

    ``skipped_beats`` are 2 ms steps that it was too late for, ``lost_packets`` what the kernel did
    not take: a caller whose keys were among them has no reason to blame the other side.
    """

    tallies: Mapping[str, Tally] = field(default_factory=dict)
    skipped_beats: int = 0
    lost_packets: int = 0


BULLETIN = TypeAdapter(Bulletin)
"""A bulletin as JSON."""


@dataclass(slots=True)
class _Count:
    placed: int = 0
    up: int = 0
    completed: int = 0
    refused: Counter[int] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)


class Book:
    """Keeps the tallies while calls go on."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, _Count] = defaultdict(_Count)

    def place(self, kind: str) -> None:
        """Count a call that begins."""
        self._counts[kind].placed += 1

    def answer(self, kind: str) -> None:
        """Count a call that is up from here on."""
        self._counts[kind].up += 1

    def leave(self, kind: str) -> None:
        """Count a call that is no longer up; how it ended is counted apart."""
        self._counts[kind].up -= 1

    def complete(self, kind: str) -> None:
        """Count a call that went as it should."""
        self._counts[kind].completed += 1

    def refuse(self, kind: str, status: int) -> None:
        """Count a call that was not taken."""
        self._counts[kind].refused[status] += 1

    def fail(self, kind: str, reason: str) -> None:
        """Count a call that went otherwise than the caller expected."""
        self._counts[kind].failed[reason] += 1

    def tallies(self) -> dict[str, Tally]:
        """Return what has been counted so far."""
        return {
            kind: Tally(
                placed=count.placed,
                up=count.up,
                completed=count.completed,
                refused=dict(count.refused),
                failed=dict(count.failed),
            )
            for kind, count in self._counts.items()
        }
