"""What the process of the probes is told at its start."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from ivrengine.softphone.sip.sdp import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeOrders:
    """Each of ``callers`` calls ``dialled`` at ``server``, again and again.

    ``prompts`` is the folder from which the target plays. A pause of up to ``pause_s`` seconds, as
    ``seed`` draws it, lies between two calls. Where somebody ``kills`` the target, it may be silent
    for a while, and begin again with what was heard last.
    """

    server: Address
    dialled: str
    callers: tuple[str, ...]
    prompts: Path
    seed: int
    pause_s: float = 2.0
    kills: bool = False

    def written(self) -> str:
        """Return the orders as one argument of a command."""
        return _ORDERS.dump_json(self).decode("ascii")

    @classmethod
    def read(cls, argument: str) -> "ProbeOrders":
        """Read what :meth:`written` made."""
        return _ORDERS.validate_json(argument)


_ORDERS: Final = TypeAdapter(ProbeOrders)
