"""The heart of the flow engine: a call's state and one input in, its next state and effects out.

The stepper knows the order of things within one input: late answers are sorted out by their
generation, the behaviour of the node takes the rest, and nodes are left and entered until the call
waits for something again. It is pure, so one stepper serves any number of calls; a call keeps the
stepper, and with it the version of the flows, that it began with.
"""

from collections.abc import Callable, Mapping
from typing import assert_never

from ivrengine.errors import FlowError
from ivrengine.flow.behaviours.acting import Acting
from ivrengine.flow.behaviours.behaviour import Behaviour
from ivrengine.flow.behaviours.calling_back import CallingBack
from ivrengine.flow.behaviours.choosing import Choosing
from ivrengine.flow.behaviours.deciding import Calling, Returning, Setting, Switching
from ivrengine.flow.behaviours.entering import Entering
from ivrengine.flow.behaviours.recording import Recording
from ivrengine.flow.behaviours.seeking import Seeking, note_position
from ivrengine.flow.behaviours.speaking import Parting, Playing, Speaking
from ivrengine.flow.effects import Act, Checkpoint, Effect, Value
from ivrengine.flow.inputs import (
    ActionDone,
    Input,
    Joined,
    KeyPressed,
    NotCalledBack,
    Played,
    Recorded,
    SeekEnded,
    Stands,
    TimerExpired,
    Waiting,
)
from ivrengine.flow.model import Flow, FlowSet
from ivrengine.flow.nodes import (
    ActNode,
    CallBackNode,
    CallNode,
    CollectNode,
    HangUpNode,
    LanguageNode,
    MenuNode,
    Node,
    PlayNode,
    RecordNode,
    ReturnNode,
    SeekNode,
    SetNode,
    SwitchNode,
)
from ivrengine.flow.routing import route
from ivrengine.flow.searches import come_back, is_behind
from ivrengine.flow.state import FlowState, Frame, TimerName
from ivrengine.flow.targets import GoTo, Take, Way
from ivrengine.flow.turn import Destination, Turn
from ivrengine.flow.variables import fitted
from ivrengine.values import Language

__all__ = ["FlowState", "Stepper"]

KEYS = frozenset("0123456789*#")


Watch = Callable[[str, str, Destination], None]
"""Is told the flow and the node that a call leaves, and where to; for coverage."""


class Stepper:
    """Steps calls through one set of flows."""

    def __init__(self, flows: FlowSet, watch: Watch | None = None) -> None:
        self.flows = flows
        self._watch = watch

    def begin(
        self,
        entry: str,
        language: Language,
        variables: Mapping[str, Value] | None = None,
        *,
        caller: str = "",
    ) -> tuple[FlowState, tuple[Effect, ...]]:
        """Begin a call at the flow ``entry``; an empty name is the dialplan's own entry.

        Of ``variables`` those are taken that the flow declares as arguments. ``caller`` is the
        number at the far end.

        Raises:
            FlowError: there is no such flow, or a value does not fit its argument.
        """
        name = entry or self.flows.dialplan.entry
        flow = self.flows.flows.get(name)
        if flow is None:
            raise FlowError(f"there is no flow {name}")
        given = {
            argument: fitted((variables or {}).get(argument), wanted)
            for argument, wanted in flow.arguments.items()
        }
        frame = Frame(flow=name, node=flow.start, variables=given)
        turn = Turn(self.flows, FlowState(frames=(frame,), language=language, caller=caller))
        _enter(turn)
        return self._settled(turn)

    def resume(
        self, checkpoint: Checkpoint, *, seeking: bool = False, caller: str = ""
    ) -> tuple[FlowState, tuple[Effect, ...]]:
        """Go on from a checkpoint; at the main menu when the flows are not the same any more.

        ``seeking`` tells that the search for a person had begun there and goes on.
        """
        frames = tuple(
            _resumed_frame(self.flows, checkpoint, place) for place in range(len(checkpoint.frames))
        )
        known = tuple(frame for frame in frames if frame is not None)
        if known and known == frames:
            state = FlowState(frames=known, language=checkpoint.language, caller=caller)
            turn = Turn(self.flows, state)
            turn.resumed = seeking
            _enter(turn)
            turn.resumed = False
            return self._settled(turn)
        return self.at_main_menu(checkpoint.language, caller=caller)

    def offers_choice(self, checkpoint: Checkpoint) -> bool:
        """Tell whether a key at a checkpoint, also an early one, is a choice and nothing else.

        So it is at a menu of single keys, and where something is said before such a menu.
        """
        place = len(checkpoint.frames) - 1
        frame = _resumed_frame(self.flows, checkpoint, place)
        if frame is None:
            return False
        node = _behind_what_is_said(self.flows.flows[frame.flow], frame.node)
        return (
            isinstance(node, MenuNode)
            and not node.flush
            and all(len(keys) == 1 for keys in node.choices)
        )

    def at_main_menu(
        self, language: Language, *, caller: str = ""
    ) -> tuple[FlowState, tuple[Effect, ...]]:
        """Begin a call at the main menu."""
        start = Frame(flow=self.flows.dialplan.entry, node=self.flows.dialplan.main)
        turn = Turn(self.flows, FlowState(frames=(start,), language=language, caller=caller))
        turn.go(Take(line=0, way=Way.MAIN))
        return self._settled(turn)

    def step(self, state: FlowState, given: Input) -> tuple[FlowState, tuple[Effect, ...]]:
        """Take one input; one that is late changes nothing but its count."""
        turn = Turn(self.flows, state)
        if state.ended:
            turn.count("late_inputs")
        else:
            _take(turn, given)
        return self._settled(turn)

    def hang_up(self, state: FlowState, recorded: Recorded | None = None) -> tuple[Act, ...]:
        """Return what services are asked for when the caller hangs up at ``state``.

        ``recorded`` is the recording that the hang-up ended. The call is over: answers are late.
        """
        turn = Turn(self.flows, state)
        target = None if state.ended else _behaviour(turn).hung_up(recorded)
        if target is None:
            return ()
        if self._watch is not None:
            self._watch(turn.frame.flow, turn.frame.node, target)
        route(turn, target)
        _enter(turn)
        _, effects = turn.frozen()
        return tuple(effect for effect in effects if isinstance(effect, Act))

    def _settled(self, turn: Turn) -> tuple[FlowState, tuple[Effect, ...]]:
        """Leave and enter nodes until the call waits for something."""
        while not turn.state.ended:
            if turn.destination is not None:
                self._leave(turn, turn.destination)
            elif turn.quiet:
                turn.quiet = False
                _behaviour(turn).quiet()
            else:
                break
        return turn.frozen()

    def _leave(self, turn: Turn, destination: Destination) -> None:
        if self._watch is not None:
            self._watch(turn.frame.flow, turn.frame.node, destination)
        turn.destination = None
        route(turn, destination)
        if turn.destination is None and not turn.state.ended:
            _enter(turn)


def _enter(turn: Turn) -> None:
    turn.spend()
    if turn.destination is None and not turn.state.ended:
        _behaviour(turn).enter()


def _take(turn: Turn, given: Input) -> None:
    match given:
        case KeyPressed(key=key):
            _take_key(turn, key)
        case Played(generation=generation, failed=failed):
            voice = turn.state.voice
            if voice is None or voice.generation != generation:
                turn.count("late_inputs")
                return
            if failed:
                turn.count("failed_plays")
            turn.voice_ended()
        case TimerExpired(generation=generation):
            _take_timer(turn, generation)
        case ActionDone() | Recorded():
            if given.generation == turn.state.order:
                _behaviour(turn).answer(given)
            else:
                turn.count("late_inputs")
        case Waiting() | Stands() | NotCalledBack() | Joined() | SeekEnded():
            _take_news(turn, given)
        case _:
            assert_never(given)


def _take_news(turn: Turn, news: Waiting | Stands | NotCalledBack | Joined | SeekEnded) -> None:
    """Take what comes of a search; an agent, or the end, ends whatever runs above it."""
    search = turn.state.search
    if search is None or search.generation != news.generation:
        turn.count("late_inputs")
        return
    if isinstance(news, Joined | SeekEnded):
        come_back(turn, search)
    elif isinstance(news, Waiting):
        note_position(turn, news)
    elif isinstance(news, Stands):
        turn.change(standing=news.standing)
    if isinstance(news, NotCalledBack) or not is_behind(turn.state, search):
        _behaviour(turn).answer(news)


def _take_key(turn: Turn, key: str) -> None:
    swallowing = TimerName.TERMINATOR in turn.state.timers
    turn.stop_timer(TimerName.TERMINATOR)
    if key not in KEYS:
        turn.count("dropped_keys")
    elif not (swallowing and key == "#"):
        _behaviour(turn).key(key)


def _take_timer(turn: Turn, generation: int) -> None:
    running = {number: name for name, number in turn.state.timers.items()}
    name = running.get(generation)
    if name is None:
        turn.count("late_inputs")
        return
    turn.forget_timer(name)
    if name is TimerName.SPEECH:
        turn.count("failed_plays")
        turn.voice_overdue()
    elif name is not TimerName.TERMINATOR:
        _behaviour(turn).timer(name)


def _behaviour(turn: Turn) -> Behaviour:
    node = turn.node
    match node:
        case PlayNode():
            return Playing(turn, node)
        case MenuNode():
            return Choosing(turn, node)
        case CollectNode():
            return Entering(turn, node)
        case SwitchNode():
            return Switching(turn, node)
        case SetNode():
            return Setting(turn, node)
        case CallNode():
            return Calling(turn, node)
        case ReturnNode():
            return Returning(turn, node)
        case ActNode():
            return Acting(turn, node)
        case SeekNode():
            return Seeking(turn, node)
        case CallBackNode():
            return CallingBack(turn, node)
        case RecordNode():
            return Recording(turn, node)
        case LanguageNode():
            return Speaking(turn, node)
        case HangUpNode():
            return Parting(turn, node)
        case _:
            assert_never(node)


def _resumed_frame(flows: FlowSet, checkpoint: Checkpoint, place: int) -> Frame | None:
    """Return a frame of a checkpoint, None when its flow is not the same any more."""
    name, version, node = checkpoint.frames[place]
    flow = flows.flows.get(name)
    if flow is None or flow.version != version or node not in flow.nodes:
        return None
    prefix = f"{place}."
    held = {
        key.removeprefix(prefix): value
        for key, value in checkpoint.variables.items()
        if key.startswith(prefix)
    }
    try:
        return Frame(flow=name, node=node, variables=_fitting(flow, held))
    except FlowError:
        return None


def _behind_what_is_said(flow: Flow, name: str) -> Node | None:
    """Return the first node from here on that does more than play; None when none is sure."""
    passed: set[str] = set()
    node = flow.nodes[name]
    while isinstance(node, PlayNode):
        passed.add(name)
        if node.flush or not isinstance(node.next, GoTo) or node.next.node in passed:
            return None
        name = node.next.node
        node = flow.nodes[name]
    return node


def _fitting(flow: Flow, held: Mapping[str, Value]) -> dict[str, Value]:
    types = flow.types
    return {
        name: fitted(value, types[name])
        for name, value in held.items()
        if name in types and value is not None
    }
