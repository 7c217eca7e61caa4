"""Lines of the trunk groups: who may seize one, and that each is given back once.

Pure bookkeeping: a call seizes a line under its own key before it is answered and releases it when
its leg is gone. Releasing twice, or what was never seized, changes nothing.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LineUse:
    """Lines of one trunk group at a moment; ``by_class`` counts those in use by caller class."""

    trunk: str
    lines: int
    in_use: int
    refused: int
    by_class: Mapping[str, int]


class Lines:
    """Every trunk group's lines, and who holds them.

    Args:
        capacity: lines of each trunk group, by its name.
    """

    def __init__(self, capacity: Mapping[str, int]) -> None:
        self._capacity = dict(capacity)
        self._held: dict[str, tuple[str, str]] = {}
        self._in_use: Counter[tuple[str, str]] = Counter()
        self._refused: Counter[str] = Counter()

    def seize(self, call: str, trunk: str, caller_class: str) -> bool:
        """Give a line of ``trunk`` to ``call``; False when none is free or the group is unknown.

        A call that already holds a line keeps it.
        """
        if call in self._held:
            return True
        if self._busy(trunk) >= self._capacity.get(trunk, 0):
            self._refused[trunk] += 1
            return False
        self._held[call] = (trunk, caller_class)
        self._in_use[trunk, caller_class] += 1
        return True

    def release(self, call: str) -> None:
        """Take back the line of ``call``."""
        held = self._held.pop(call, None)
        if held is not None:
            self._in_use[held] -= 1

    def usage(self) -> tuple[LineUse, ...]:
        """Return the use of every trunk group, in the order of the settings."""
        return tuple(
            LineUse(
                trunk=trunk,
                lines=lines,
                in_use=self._busy(trunk),
                refused=self._refused[trunk],
                by_class={cls: n for (group, cls), n in self._in_use.items() if group == trunk},
            )
            for trunk, lines in self._capacity.items()
        )

    def _busy(self, trunk: str) -> int:
        return sum(count for (group, _), count in self._in_use.items() if group == trunk)
