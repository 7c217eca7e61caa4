"""State machines as tables: every pair of state and trigger is taken, late or impossible.

Taken moves name the next state. Late ones are legal and change nothing: the world and we act at the
same time, so a trigger can meet a state that has already moved on; they are counted. Every other
pair cannot happen while this program is right, and raises.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from acd.errors import ImpossibleMove

State = TypeVar("State", bound=Hashable)
Trigger = TypeVar("Trigger", bound=Hashable)


class Late(Enum):
    """The answer of a machine that has already moved on."""

    LATE = "late"


LATE = Late.LATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine(Generic[State, Trigger]):
    """One table. ``taken`` and ``late`` are disjoint; what is in neither is impossible."""

    name: str
    taken: Mapping[State, Mapping[Trigger, State]]
    late: Mapping[State, frozenset[Trigger]]

    def move(self, state: State, trigger: Trigger) -> State | Late:
        """Return the state after ``trigger``, or ``LATE`` when nothing changes.

        Raises:
            ImpossibleMove: the table rules the pair out.
        """
        following = self.taken.get(state, {}).get(trigger)
        if following is not None:
            return following
        if trigger in self.late.get(state, frozenset()):
            return LATE
        raise ImpossibleMove(f"{self.name}: {trigger} in {state}")
