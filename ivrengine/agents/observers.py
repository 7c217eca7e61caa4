"""Who else wants to know what distribution does: metrics and wallboards, told as it happens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from acd.commands import Command, CountLate, EndVisit, NoteMove
from acd.events import Event
from acd.model import ContactId


def _ignore(*_: object) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observers:
    """What to call for each kind of news; all must neither wait nor raise.

    ``moved`` is told of every move of a state machine, ``late`` of every event that came when it no
    longer mattered, ``ended`` of every visit's end with its times. ``offer_delay`` is told, in
    seconds, how long after the event that made an offer possible the agent's telephone rang.
    ``applied`` is told every event with the commands that it led to and its time, in the order in
    which the router took them: whatever is a fold over distribution is fed by it. At a start it is
    told the past first, from the beginning of the log, which ``resumed`` has told the time of (None
    when there is no past). ``log_begun`` is told whenever a snapshot took the place of the past:
    what is kept of that moment fits the log from there on.
    ``announced`` is told which waits callers were promised: the contact, the seconds, and when.
    """

    moved: Callable[[NoteMove], None] = _ignore
    late: Callable[[CountLate], None] = _ignore
    ended: Callable[[EndVisit], None] = _ignore
    offer_delay: Callable[[float], None] = _ignore
    applied: Callable[[Event, Sequence[Command], float], None] = _ignore
    resumed: Callable[[float | None], None] = _ignore
    log_begun: Callable[[float], None] = _ignore
    announced: Callable[[ContactId, float, float], None] = _ignore
