"""What every fact of a call has, and whose doing something can be."""

from dataclasses import dataclass
from typing import Literal

from ivrengine.values import CallId

Side = Literal["caller", "agent", "outside", "system"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every fact has."""

    call: CallId
    at: float
