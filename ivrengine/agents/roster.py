"""The agents and queues as configured: read from YAML, checked as a whole, told to the router."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from acd.events import RosterChanged
from acd.model import Agent, AgentId, OfferRules, Queue, QueueName
from ivrengine.agents.settings import (
    AgentSettings,
    AgentsFile,
    LineSettings,
    QueueSettings,
    QueuesFile,
)
from ivrengine.errors import ConfigError
from ivrengine.values import AgentNumber

AGENTS_FILE = "agents.yaml"
QUEUES_FILE = "queues.yaml"

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Every agent and queue that is configured."""

    agents: Mapping[AgentNumber, AgentSettings]
    queues: Mapping[str, QueueSettings]
    by_number: LineSettings

    def queues_of(self, agent: AgentNumber) -> frozenset[QueueName]:
        """Return the queues that ``agent`` serves."""
        settings = self.agents[agent]
        return frozenset(
            QueueName(queue.name)
            for queue in self.queues.values()
            if queue.members.skill in settings.skills or agent in queue.members.agents
        )

    def as_event(self) -> RosterChanged:
        """Return the roster as the router is told it."""
        return RosterChanged(
            agents=tuple(
                Agent(id=AgentId(number), queues=self.queues_of(number)) for number in self.agents
            ),
            queues=tuple(_rules(queue.name, queue) for queue in self.queues.values()),
            personal=_rules("by-number", self.by_number),
        )


def _rules(name: str, line: LineSettings) -> Queue:
    return Queue(
        name=QueueName(name),
        band=line.band,
        wrap_up_s=line.wrap_up_s,
        waits_unstaffed=line.waits_unstaffed,
        offer=OfferRules(**line.offer.model_dump()),
    )


def load_roster(folder: Path) -> Roster:
    """Read ``agents.yaml`` and ``queues.yaml`` of ``folder``.

    Raises:
        ConfigError: with every fault found, one a line as ``file:line: what is wrong``.
    """
    faults: list[str] = []
    agents = _read(folder / AGENTS_FILE, AgentsFile, faults)
    queues = _read(folder / QUEUES_FILE, QueuesFile, faults)
    if agents is not None and queues is not None:
        faults += _contradictions(agents.agents, queues.queues)
    if faults or agents is None or queues is None:
        raise ConfigError("\n".join(faults), remedy=f"correct the files in {folder}")
    return Roster(
        agents={AgentNumber(agent.number): agent for agent in agents.agents},
        queues={queue.name: queue for queue in queues.queues},
        by_number=queues.by_number,
    )


def _contradictions(agents: Sequence[AgentSettings], queues: Sequence[QueueSettings]) -> list[str]:
    numbers = [agent.number for agent in agents]
    names = [queue.name for queue in queues]
    skills = {skill for agent in agents for skill in agent.skills}
    faults = [f"{AGENTS_FILE}: agent {number} stands twice" for number in _twice(numbers)]
    faults += [f"{QUEUES_FILE}: queue {name} stands twice" for name in _twice(names)]
    for queue in queues:
        faults += [
            f"{QUEUES_FILE}: queue {queue.name} lists agent {number}, who is not in {AGENTS_FILE}"
            for number in queue.members.agents
            if number not in numbers
        ]
        skill = queue.members.skill
        if skill is not None and skill not in skills:
            faults.append(
                f"{QUEUES_FILE}: queue {queue.name} asks for skill {skill}, which no agent has"
            )
    return faults


def _twice(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _read(path: Path, model: type[M], faults: list[str]) -> M | None:
    try:
        tree = YAML(typ="rt").load(path)
    except OSError as fault:
        faults.append(f"{path.name}: {fault.strerror}")
        return None
    except MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        faults.append(f"{path.name}:{line}: {fault.problem}")
        return None
    try:
        return model.model_validate(tree)
    except ValidationError as refusal:
        faults += [
            f"{path.name}:{_line(tree, error['loc'])}: {_where(error['loc'])}: {error['msg']}"
            for error in refusal.errors()
        ]
        return None


def _line(tree: Any, location: Sequence[int | str]) -> int:
    """Return the line of the innermost part of ``location`` that is there."""
    line = 1
    for step in location:
        try:
            position = tree.lc.key(step) if isinstance(step, str) else tree.lc.item(step)
            tree = tree[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            return line
        line = position[0] + 1
    return line


def _where(location: Sequence[int | str]) -> str:
    return ".".join(str(step) for step in location)
