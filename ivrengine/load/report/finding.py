"""What a run shows of one bar."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``within`` tells whether it keeps to the limit; None when that was not measured.

    ``figure`` is for people, ``value`` the same for machines, in ``unit``. ``samples`` is the
    number of measurements behind it.
    """

    within: bool | None
    figure: str = ""
    value: float | None = None
    unit: str = ""
    samples: int = 0
    note: str = ""


def not_measured(note: str) -> Finding:
    """Say why there is no figure."""
    return Finding(within=None, note=note)
