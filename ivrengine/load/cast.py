"""Everybody who takes part in a load, apart from the system: agents, callers, those who listen."""

import os
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

from acd.trunk_groups import LineClass
from ivrengine.load.agents.crew import Crew
from ivrengine.load.callers.callers import Callers
from ivrengine.load.callers.tally import Tally
from ivrengine.load.customers import telephone
from ivrengine.load.measures.probes.crew import Probes
from ivrengine.load.measures.probes.orders import ProbeOrders
from ivrengine.load.mix.reading import load_mix
from ivrengine.load.plan import LoadPlan
from ivrengine.load.target import LineGroup, Target

_FIRST_AGENT: Final = 8001
_MOST_AGENTS: Final = 110
_AGENTS_A_CALL: Final = 0.17
"""A tenth less than callers want, so that always some wait: with 0.2 it was just enough of them."""

_PROBE: Final = "probe"
_PROBES_FROM: Final = 900_000
"""Their places among ordinary callers, where nobody else's are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Agents are logged in and ready; callers and probes have not called yet."""

    crew: Crew
    callers: Callers
    probes: Probes

    @classmethod
    @asynccontextmanager
    async def at(
        cls, target: Target, plan: LoadPlan, *, folder: Path, kills: bool = False
    ) -> AsyncIterator[Self]:
        """Have everybody there until the end of the block; ``folder`` takes what they write.

        With ``kills`` they bear with a target that somebody kills now and then.

        Raises:
            EngineError: agents cannot log in, or the description of the callers is wrong.
            ExceptionGroup: of EngineError, others could not begin, or have ended by themselves.
        """
        mix, seed = load_mix(plan.mix), plan.seed
        probing = replace(_probing(target, plan), kills=kills)
        groups = _left_by(len(probing.callers), target.groups)
        agents, agent_log = agents_for(plan.calls), folder / "agents.log"
        async with (
            Crew.at(target.sip, agents, seed=seed, log=agent_log) as crew,
            Callers.at(target.sip, groups, mix, folder=folder / "callers", seed=seed) as callers,
            Probes.at(probing, log=folder / "probes.log") as probes,
        ):
            await target.log_in(agents)
            yield cls(crew=crew, callers=callers, probes=probes)

    def tallies(self) -> Mapping[str, Tally]:
        """Return how calls went so far, by kind of caller."""
        return {**self.callers.tallies(), _PROBE: self.probes.tally()}

    def census(self, target: Target) -> Mapping[str, Collection[int]]:
        """Return every process that takes part, those of the system included."""
        return {
            **{name: (pid,) for name, pid in target.processes().items()},
            **self.callers.processes(),
            "agents": (self.crew.pid,),
            "probes": (self.probes.pid,),
            "measuring": (os.getpid(),),
        }


def agents_for(calls: int) -> tuple[str, ...]:
    """Return the agents who serve so many calls: fewer than are wanted at a time."""
    count = min(_MOST_AGENTS, max(2, round(calls * _AGENTS_A_CALL)))
    return tuple(str(_FIRST_AGENT + place) for place in range(count))


def _probing(target: Target, plan: LoadPlan) -> ProbeOrders:
    """Return who of the callers are telephones that listen; they call the first number."""
    numbers = (telephone(LineClass.ORDINARY, _PROBES_FROM + n) for n in range(plan.probes))
    return ProbeOrders(
        server=target.sip,
        dialled=target.groups[0].dialled,
        callers=tuple(numbers),
        prompts=target.prompts,
        seed=plan.seed,
    )


def _left_by(probes: int, groups: tuple[LineGroup, ...]) -> tuple[LineGroup, ...]:
    """Return the lines that probes leave to the other callers, who are spread over them."""
    first, *others = groups
    return (replace(first, lines=max(1, first.lines - probes)), *others)
