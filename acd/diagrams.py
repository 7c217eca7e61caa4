"""Pictures of the state tables, in Mermaid, so that the documents never differ from the code."""

from collections.abc import Hashable
from typing import TypeVar

from acd.agent_states import DEVICE, PRESENCE, WORK
from acd.contact_states import CONTACT
from acd.machines import Machine

State = TypeVar("State", bound=Hashable)
Trigger = TypeVar("Trigger", bound=Hashable)


def mermaid(machine: Machine[State, Trigger]) -> str:
    """Return ``machine`` as a Mermaid state diagram: one arrow for each move that is taken."""
    lines = ["stateDiagram-v2"]
    first = next(iter(machine.taken))
    lines.append(f"    [*] --> {_name(first)}")
    for state, moves in machine.taken.items():
        for trigger, following in moves.items():
            lines.append(f"    {_name(state)} --> {_name(following)}: {trigger}")
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """Return the text of each page by its file name."""
    return {
        f"{machine_name}.md": f"# States of {title}\n\n```mermaid\n{picture}\n```\n"
        for machine_name, title, picture in (
            ("presence", "an agent's presence", mermaid(PRESENCE)),
            ("work", "an agent's work", mermaid(WORK)),
            ("device", "an agent's telephone", mermaid(DEVICE)),
            ("contact", "a contact", mermaid(CONTACT)),
        )
    }


def _name(state: Hashable) -> str:
    return str(state).replace("-", "_")
