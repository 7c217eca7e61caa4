"""A whole load of the engine: the system is started for it, and gone when it returns."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ivrengine.config import Settings
from ivrengine.errors import EngineError
from ivrengine.load.engine_target import OWN_FILES, running_target
from ivrengine.load.interruptions import Interruptions
from ivrengine.load.report.result import Kind, LoadResult
from ivrengine.load.run import Offer, Show, offer_load
from ivrengine.load.target import Target

_LINES_FOR_ANYBODY: Final = OWN_FILES / "lines-for-anybody.yaml"
_KEPT_LINES: Final = OWN_FILES / "lines.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSystem:
    """The system that a load starts for itself: below ``root``, on ports from ``first_port`` on.

    Without ``lines`` all are for anybody in a load that is to take all of them, and some are kept
    for a class of callers in the others.
    """

    root: Path
    first_port: int
    lines: Path | None = None

    def lines_for(self, kind: Kind) -> Path:
        """Return the file of lines for a load of this kind."""
        return self.lines or (_LINES_FOR_ANYBODY if kind is Kind.FULL else _KEPT_LINES)


async def load_engine(
    settings: Settings, system: OwnSystem, offer: Offer, *, show: Show
) -> LoadResult:
    """Start a system, offer it a load, stop it, and return what was measured.

    As :func:`load_at`.
    """
    engine = running_target(
        settings, root=system.root, first_port=system.first_port, lines=system.lines_for(offer.kind)
    )
    return await load_at(engine, offer, show=show)


async def load_at(
    system: AbstractAsyncContextManager[Target], offer: Offer, *, show: Show
) -> LoadResult:
    """Offer a load to what runs as long as ``system`` is entered.

    The signals that end a program end the calls first, and what was measured until then is
    returned. One that comes before there are calls cancels the task.

    Raises:
        EngineError: something could not be started, or ended by itself.
    """
    interruptions = Interruptions()
    try:
        with interruptions.heeded():
            async with system as target:
                return await offer_load(target, offer, show=show, interruptions=interruptions)
    except* EngineError as faults:
        raise _first(faults) from faults


def _first(faults: BaseExceptionGroup[EngineError]) -> EngineError:
    fault: BaseException = faults
    while isinstance(fault, BaseExceptionGroup):
        fault = fault.exceptions[0]
    assert isinstance(fault, EngineError)
    return fault
