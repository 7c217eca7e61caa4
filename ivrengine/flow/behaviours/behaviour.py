"""What the stepper asks of every kind of node."""

from dataclasses import dataclass

from ivrengine.flow.inputs import (
    ActionDone,
    Joined,
    NotCalledBack,
    Recorded,
    SeekEnded,
    Stands,
    Waiting,
)
from ivrengine.flow.state import TimerName
from ivrengine.flow.targets import Target
from ivrengine.flow.turn import Turn

Answer = ActionDone | Waiting | Stands | NotCalledBack | Joined | SeekEnded | Recorded
"""Answers to the order of a node, and what comes of the search that it belongs to."""


@dataclass(slots=True)
class Behaviour:
    """The behaviour of the node that the call is at, for one turn.

    A node is left by :meth:`Turn.go`, at the end of whichever method called it. The methods here
    are what a node does that has nothing of its own to do.
    """

    turn: Turn

    def enter(self) -> None:
        """Begin: the call has just come here."""

    def key(self, key: str) -> None:
        """Take a key; one that is of no use now is kept for the nodes that follow."""
        self.turn.keep(key)

    def quiet(self) -> None:
        """Go on: all that was to be said has been said, cut or left out."""

    def timer(self, name: TimerName) -> None:
        """Go on: a timer of this node has run out."""

    def answer(self, answer: Answer) -> None:
        """Take the answer to this node's order; one of another kind is late."""
        self.turn.count("late_inputs")

    def hung_up(self, recorded: Recorded | None) -> Target | None:
        """Return what is still to be done when the caller hangs up here.

        ``recorded`` is the recording that this ended.
        """
        return None
