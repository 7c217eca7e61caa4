"""Lines without a queue: how many calls are refused (Erlang B), also with lines kept for a class.

All sums grow from one state to the next and are scaled as they grow, so thousands of lines neither
overflow nor lose digits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, fsum, inf, log

_HALVINGS = 200


def blocking(lines: int, offered_erl: float) -> float:
    """Return the share of calls that find every line taken (Erlang B), from 0 to 1."""
    _require(lines >= 0 and offered_erl >= 0, "lines and load cannot be negative")
    if offered_erl == 0:
        return 0.0 if lines else 1.0
    share = 1.0
    for line in range(1, lines + 1):
        share = offered_erl * share / (line + offered_erl * share)
    return share


def lines_for(offered_erl: float, target_blocking: float) -> int:
    """Return the fewest lines on which no greater share than ``target_blocking`` is refused."""
    _require(offered_erl >= 0, "a load cannot be negative")
    _require(0 < target_blocking <= 1, "a share to be refused lies above 0 and up to 1")
    lines, share = 0, 1.0
    while share > target_blocking:
        lines += 1
        share = offered_erl * share / (lines + offered_erl * share)
    return lines


def load_for(lines: int, target_blocking: float) -> float:
    """Return the load in erlangs of which ``lines`` refuse just ``target_blocking``."""
    _require(lines > 0, "without lines everything is refused")
    _require(0 < target_blocking < 1, "a share to be refused lies between 0 and 1")
    low, high = 0.0, float(lines)
    while blocking(lines, high) < target_blocking:
        low, high = high, high * 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if blocking(lines, middle) < target_blocking else (low, middle)
    return low


@dataclass(frozen=True, slots=True, kw_only=True)
class LineClass:
    """A class of calls: its load, and ``kept_free``, the lines it leaves to others.

    A call of the class gets a line only while more than ``kept_free`` lines are free.
    """

    offered_erl: float
    kept_free: int = 0


def blocking_by_class(lines: int, classes: Sequence[LineClass]) -> tuple[float, ...]:
    """Return the share of calls refused of each class, when some leave lines free for others.

    All classes hold a line for the same mean time; where that is far from true, simulate instead.
    """
    _require(lines > 0, "without lines everything is refused")
    _require(all(c.offered_erl >= 0 and c.kept_free >= 0 for c in classes), "nothing is negative")
    weights = _state_weights(lines, classes)
    total = fsum(weights)
    return tuple(
        fsum(weights[max(0, lines - each.kept_free) :]) / total if each.kept_free <= lines else 1.0
        for each in classes
    )


def _state_weights(lines: int, classes: Sequence[LineClass]) -> list[float]:
    """Return how likely each number of lines in use is, the likeliest scaled to 1."""
    steps = (
        _log(sum(each.offered_erl for each in classes if lines - taken > each.kept_free))
        - log(taken + 1)
        for taken in range(lines)
    )
    logs = list(accumulate(steps, initial=0.0))
    highest = max(logs)
    return [exp(one - highest) for one in logs]


def _log(value: float) -> float:
    return log(value) if value > 0 else -inf


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)
