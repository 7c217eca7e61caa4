"""How a long step tells that it is under way."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One piece of news: what is being done, and how far it is, ``done`` of ``total`` units."""

    what: str
    done: int = 0
    total: int = 0
    unit: str = ""


Report = Callable[[Step], None]
"""Shows one piece of news; called often, so it must be quick and must not raise."""


def silent(_step: Step) -> None:
    """Show nothing."""


class PrintedLines:
    """Prints a line for every new step and for every tenth of it."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._last = ("", -1)

    def __call__(self, step: Step) -> None:
        """Print ``step`` unless the last printed line says as much."""
        tenth = 10 * step.done // step.total if step.total else 0
        if (step.what, tenth) == self._last:
            return
        self._last = (step.what, tenth)
        amount = f": {step.done} of {step.total} {step.unit}" if step.total else ""
        self._write(f"{step.what}{amount}")
