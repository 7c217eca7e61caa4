"""What one event makes the router say: its commands in order, moves of machines among them."""

from collections.abc import Hashable
from typing import TypeVar

from acd.commands import Command, CountLate, NoteMove
from acd.machines import LATE, Late, Machine

S = TypeVar("S", bound=Hashable)
T = TypeVar("T", bound=Hashable)


class Outbox:
    """Collects commands until they are drained."""

    def __init__(self) -> None:
        self._commands: list[Command] = []

    def emit(self, command: Command) -> None:
        """Add a command after those already there."""
        self._commands.append(command)

    def move(self, machine: Machine[S, T], subject: str, state: S, trigger: T) -> S | Late:
        """Move ``machine`` for ``subject`` and note it; ``LATE`` is counted and changes nothing.

        Raises:
            ImpossibleMove: the machine's table rules the pair out.
        """
        after = machine.move(state, trigger)
        if isinstance(after, Late):
            self.late(machine.name, subject, str(state), str(trigger))
            return LATE
        if after != state:
            self.emit(
                NoteMove(
                    machine=machine.name,
                    subject=subject,
                    before=str(state),
                    trigger=str(trigger),
                    after=str(after),
                )
            )
        return after

    def late(self, machine: str, subject: str, state: str, trigger: str) -> None:
        """Count something that came when it no longer mattered."""
        self.emit(CountLate(machine=machine, subject=subject, state=state, trigger=trigger))

    def drain(self) -> list[Command]:
        """Return all commands and begin anew."""
        commands, self._commands = self._commands, []
        return commands
