"""What calls leave behind at a system when all of them have ended: nothing, if all is well."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from ivrengine.errors import EngineError
from ivrengine.load.measures.samples import Samples
from ivrengine.load.target import Target

_LOOK_EVERY_S: Final = 1.0
_SPARE_DESCRIPTORS: Final = 8
"""Connections that are kept open for the next order, which come and go."""

_SPARE_TASKS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """What a system has in hand, and what its processes have open, at one moment.

    ``tasks`` are those of the engine's event loop, 0 where there is none.
    """

    in_hand: Mapping[str, int]
    descriptors: Mapping[str, int]
    tasks: int

    @classmethod
    async def of(cls, target: Target, samples: Samples) -> Self:
        """Look now.

        Raises:
            EngineError: the system does not tell.
        """
        moment = samples.latest
        return cls(
            in_hand=await target.in_hand(),
            descriptors={
                name: use.descriptors
                for name, use in moment.processes.items()
                if name in target.processes()
            },
            tasks=moment.engine.tasks if moment.engine else 0,
        )

    def beyond(self, before: "Remains") -> Sequence[str]:
        """Say in words what is there now that was not there before."""
        left = [
            f"{count} {kind}"
            for kind, number in self.in_hand.items()
            if (count := number - before.in_hand.get(kind, 0)) > 0
        ]
        left += [
            f"{more} descriptors of {name}"
            for name, number in self.descriptors.items()
            if (more := number - before.descriptors.get(name, number)) > _SPARE_DESCRIPTORS
        ]
        tasks = self.tasks - before.tasks
        return [*left, *([f"{tasks} tasks"] if tasks > _SPARE_TASKS else [])]


async def left_over(
    target: Target, samples: Samples, before: Remains, *, within_s: float
) -> tuple[str, ...]:
    """Wait until nothing more is there than before; return in words what is left in the end.

    Connections that are kept for a while, and calls that are just ending, have that long to go.
    """
    until = time.monotonic() + within_s
    while True:
        left = await _look(target, samples, before)
        if not left or time.monotonic() > until:
            return tuple(left)
        await asyncio.sleep(_LOOK_EVERY_S)


async def _look(target: Target, samples: Samples, before: Remains) -> Sequence[str]:
    try:
        return (await Remains.of(target, samples)).beyond(before)
    except EngineError as fault:
        return [f"nobody who would tell: {fault}"]
