"""The search for a person that a call may have under way, and other flows that run above it."""

from dataclasses import replace

from ivrengine.flow.effects import Withdraw
from ivrengine.flow.state import FlowState, Search
from ivrengine.flow.turn import Turn

KEY = "key"
"""Why a search ends that the caller has left."""


def is_behind(state: FlowState, search: Search) -> bool:
    """Tell whether another flow runs while ``search`` goes on behind it."""
    return len(state.frames) > search.depth


def change_search(turn: Turn, **fields: object) -> None:
    """Put new values into the record of the search that is under way."""
    if turn.state.search is not None:
        turn.change(search=replace(turn.state.search, **fields))  # type: ignore[arg-type]


def end_search(turn: Turn, cause: str) -> None:
    """Give up the search that is under way; none is no matter."""
    search = turn.state.search
    if search is not None:
        turn.change(search=None)
        turn.emit(Withdraw(generation=search.generation, cause=cause))


def end_search_if_left(turn: Turn) -> None:
    """Give up the search when the call has gone on from the node that it belongs to."""
    search, frames = turn.state.search, turn.state.frames
    if search is None:
        return
    here = frames[search.depth - 1] if len(frames) >= search.depth else None
    if here is None or (here.flow, here.node) != (search.flow, search.node):
        end_search(turn, KEY)


def come_back(turn: Turn, search: Search) -> None:
    """Drop what runs above the search's own flow: what came of the search matters more."""
    if is_behind(turn.state, search):
        turn.leave()
        levels = tuple(level for level in turn.state.levels if level.depth <= search.depth)
        turn.change(frames=turn.state.frames[: search.depth], levels=levels, keys="")
