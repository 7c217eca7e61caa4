"""Rosters and callers for tests of what befalls those who wait."""

from typing import Any

from acd.commands import Command
from acd.events import ContactQueued, RosterChanged
from acd.model import Agent, AgentId, ContactId, Queue, QueueName, Skill
from acd.requirements import SkillName, parse_requirement
from tests.unit.acd.floor import Floor


def skilled(*queues: Queue, **agents: str) -> RosterChanged:
    """Return a roster; agents serve all ``queues`` and have skills, written ``trading=3 en=1``."""
    return RosterChanged(
        agents=tuple(
            Agent(
                id=AgentId(name.removeprefix("a")),
                queues=frozenset(queue.name for queue in queues),
                skills=tuple(map(_skill, skills.split())),
            )
            for name, skills in agents.items()
        ),
        queues=queues,
        personal=Queue(name=QueueName("personal")),
    )


def _skill(text: str) -> Skill:
    name, _, level = text.partition("=")
    return Skill(SkillName(name), int(level or 1))


def asks(floor: Floor, contact: str, queue: str = "general", **fields: Any) -> list[Command]:
    """Let a caller ask for ``queue``; texts are read as requirements."""
    for name in ("needs", "prefers_needs"):
        if isinstance(fields.get(name), str):
            fields[name] = parse_requirement(fields[name])
    fields.setdefault("enqueued_at", floor.now)
    return floor.tell(ContactQueued(contact=ContactId(contact), queue=QueueName(queue), **fields))
