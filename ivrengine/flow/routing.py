"""Where a call goes when it leaves a node: targets, levels of menus, flows within flows."""

from typing import assert_never

from ivrengine.errors import FlowError
from ivrengine.flow.nodes import CallNode
from ivrengine.flow.searches import end_search_if_left
from ivrengine.flow.state import Frame, Level
from ivrengine.flow.targets import Ask, GoTo, Reject, Take, Way
from ivrengine.flow.turn import Destination, EnterFlow, LeaveFlow, Turn

MAX_FRAMES = 16
"""Flows inside one another; the linter refuses flows that call themselves."""


def route(turn: Turn, destination: Destination) -> None:
    """Put the call at the node that ``destination`` means; entering it is the stepper's."""
    turn.leave()
    match destination:
        case GoTo(node=node):
            turn.change_frame(node=node)
        case Reject(node=node, speech=speech):
            turn.rejection = speech
            turn.change_frame(node=node)
        case Take(way=way):
            _take(turn, way)
        case Ask(flow=flow):
            _enter(turn, EnterFlow(flow=flow, variables={}), flow)
        case EnterFlow(flow=flow):
            _enter(turn, destination, flow)
        case LeaveFlow():
            _return(turn, destination)
        case _:
            assert_never(destination)
    end_search_if_left(turn)


def note_level(turn: Turn) -> None:
    """Take note that the call is at a menu that ``*`` may lead back to."""
    level = Level(depth=len(turn.state.frames), node=turn.frame.node)
    before = [other for other in turn.state.levels if other.depth <= level.depth]
    if level in before:
        before = before[: before.index(level)]
    turn.change(levels=(*before, level))


def _take(turn: Turn, way: Way) -> None:
    match way:
        case Way.REPEAT | Way.STAY:
            pass
        case Way.BACK:
            _back(turn)
        case Way.MAIN:
            _main(turn)
        case Way.PERSON:
            _enter(turn, EnterFlow(flow=turn.dialplan.person, variables={}), turn.dialplan.person)
        case Way.OFFER:
            _enter(turn, EnterFlow(flow=turn.dialplan.offer, variables={}), turn.dialplan.offer)
        case Way.HANG_UP:
            turn.hang_up()
        case _:
            assert_never(way)


def _back(turn: Turn) -> None:
    depth = len(turn.state.frames)
    levels = [level for level in turn.state.levels if level.depth <= depth]
    if levels and levels[-1] == Level(depth=depth, node=turn.frame.node):
        levels.pop()
    if not levels:
        _main(turn)
        return
    to = levels[-1]
    turn.change(frames=turn.state.frames[: to.depth], levels=tuple(levels))
    turn.change_frame(node=to.node)


def _main(turn: Turn) -> None:
    dialplan, outermost = turn.dialplan, turn.state.frames[0]
    kept = outermost if outermost.flow == dialplan.entry else Frame(flow=dialplan.entry, node="")
    turn.change(frames=(kept,), levels=())
    turn.change_frame(node=dialplan.main)


def _enter(turn: Turn, entry: EnterFlow, flow: str) -> None:
    """Begin a flow above the others; one that is being run already is begun anew in its place."""
    frames = turn.state.frames
    running = [place for place, frame in enumerate(frames) if frame.flow == flow]
    if running:
        frames = frames[: running[0]]
    if len(frames) >= MAX_FRAMES:
        turn.give_up("too many flows inside one another")
        return
    start = turn.flows.flows[flow].start
    frame = Frame(flow=flow, node=start, variables=entry.variables)
    levels = tuple(level for level in turn.state.levels if level.depth <= len(frames))
    turn.change(frames=(*frames, frame), levels=levels)


def _return(turn: Turn, returned: LeaveFlow) -> None:
    frames = turn.state.frames[:-1]
    if not frames:
        turn.hang_up()
        return
    levels = tuple(level for level in turn.state.levels if level.depth <= len(frames))
    turn.change(frames=frames, levels=levels)
    node = turn.node
    if not isinstance(node, CallNode):
        return
    try:
        for variable, name in node.into.items():
            turn.fill(variable, returned.values[name])
    except (FlowError, KeyError) as fault:
        turn.fail(f"what {node.flow} returned cannot be taken: {type(fault).__name__}")
        return
    turn.go(node.next)
