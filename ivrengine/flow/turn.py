"""One input's work on a call: the state while it changes, and the effects that come of it.

A turn is made from a frozen state, changed by the behaviour of the node the call is at, and frozen
again. It knows what all nodes share: what is said, timers, early keys, variables, the step budget.
Where a call goes when it leaves a node is ``routing``'s.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ivrengine.errors import FlowError
from ivrengine.flow.effects import (
    Checkpoint,
    Effect,
    EntryOutcome,
    HangUp,
    NoteCheckpoint,
    NoteEntry,
    NoteFault,
    Play,
    Silence,
    StartTimer,
    StopTimer,
    Value,
)
from ivrengine.flow.model import Dialplan, Flow, FlowSet
from ivrengine.flow.nodes import Node
from ivrengine.flow.speech_lines import Speech
from ivrengine.flow.state import KEPT_KEYS, FlowState, Frame, Lost, TimerName, Utterance, Voice
from ivrengine.flow.targets import Target
from ivrengine.flow.utterances import utterances
from ivrengine.flow.variables import fitted
from ivrengine.values import Secret

MASK = "******"
"""Stands for the keys of a secret entry, whatever its length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterFlow:
    """On to the beginning of another flow, above the one that is run."""

    flow: str
    variables: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveFlow:
    """Back to the flow below, with what this one returns."""

    values: Mapping[str, Value]


Destination = Target | EnterFlow | LeaveFlow


class Turn:
    """The work of one input. ``destination`` is set when the node is to be left."""

    def __init__(self, flows: FlowSet, state: FlowState) -> None:
        self.flows = flows
        self.state = state
        self.destination: Destination | None = None
        self.quiet = False
        self.rejection: Speech | None = None
        self.resumed = False
        self._effects: list[Effect] = []

    @property
    def dialplan(self) -> Dialplan:
        """What the flows share."""
        return self.flows.dialplan

    @property
    def frame(self) -> Frame:
        """The flow that is being run."""
        return self.state.frames[-1]

    @property
    def flow(self) -> Flow:
        """The file of the flow that is being run."""
        return self.flows.flows[self.frame.flow]

    @property
    def node(self) -> Node:
        """The node that the call is at."""
        return self.flow.nodes[self.frame.node]

    @property
    def variables(self) -> Mapping[str, Value]:
        """All variables that this flow may read."""
        state, standing = self.state, self.state.standing
        return {
            **self.frame.variables,
            "language": state.language.value,
            "caller": state.caller,
            "agent": state.agent,
            "position": standing.position,
            "waited": int(standing.waited_s),
            "expected_wait": standing.expected_wait_s,
            "takes_longer": standing.takes_longer,
            "callback_offered": standing.callback_offered,
        }

    def frozen(self) -> tuple[FlowState, tuple[Effect, ...]]:
        """Return the state after this turn and its effects, in order."""
        return self.state, _without_idle_silence(self._effects)

    def change(self, **fields: object) -> None:
        """Put new values into the state."""
        self.state = replace(self.state, **fields)  # type: ignore[arg-type]

    def count(self, what: str) -> None:
        """Add one to a count of what was lost, late or wrong."""
        counts = self.state.counts
        self.change(counts=replace(counts, **{what: getattr(counts, what) + 1}))

    def emit(self, effect: Effect) -> None:
        """Order something; nothing follows the end of a call."""
        if not self.state.ended:
            self._effects.append(effect)

    def next_generation(self) -> int:
        """Return a generation for something that is answered."""
        self.change(generation=self.state.generation + 1)
        return self.state.generation

    def order(self, make: Callable[[int], Effect]) -> None:
        """Order something that this node waits for."""
        generation = self.next_generation()
        self.change(order=generation)
        self.emit(make(generation))

    def go(self, destination: Destination) -> None:
        """Leave the node for ``destination`` when its behaviour has done its work."""
        self.destination = destination

    def fail(self, reason: str) -> None:
        """Leave the node because it cannot do its work."""
        if any(frame.flow == self.dialplan.trouble for frame in self.state.frames):
            self.give_up(reason)
        else:
            self.note_fault(reason)
            self.go(EnterFlow(flow=self.dialplan.trouble, variables={}))

    def give_up(self, reason: str) -> None:
        """End the call because not even the way out of trouble can be taken."""
        self.note_fault(reason)
        self.hang_up()

    def note_fault(self, reason: str) -> None:
        """Tell the log that this node could not do its work; ``reason`` holds no value."""
        self.count("faults")
        self.emit(NoteFault(node=self.state.place, reason=reason))

    def hang_up(self) -> None:
        """End the call."""
        self.leave()
        self.stop_timer(TimerName.TERMINATOR)
        self.destination = None
        self.emit(HangUp())
        self.change(ended=True, keys="")

    def spend(self) -> None:
        """Take one step of the call's budget; without any left the call is led to its end."""
        state, dialplan = self.state, self.dialplan
        self.change(steps=state.steps + 1)
        if state.steps < dialplan.max_steps:
            return
        if not state.spent:
            self.change(spent=True)
            self.emit(NoteFault(node=state.place, reason="the step budget is spent"))
            self.go(EnterFlow(flow=dialplan.spent, variables={}))
        elif state.steps >= dialplan.max_steps + dialplan.last_steps:
            self.hang_up()

    def leave(self) -> None:
        """Drop what belongs to the node: speech, timers, an order under way, a part of an entry."""
        self.silence()
        for name in self.state.timers:
            if name is not TimerName.TERMINATOR:
                self.stop_timer(name)
        self.change(entry="", order=None, joined=False)
        self.quiet = False

    def start_timer(self, name: TimerName, after_s: float) -> None:
        """Start a timer anew."""
        self.stop_timer(name)
        if self.state.ended:
            return
        generation = self.next_generation()
        self.change(timers={**self.state.timers, name: generation})
        self.emit(StartTimer(generation=generation, after_s=after_s))

    def stop_timer(self, name: TimerName) -> None:
        """Stop a timer; one that does not run is no matter."""
        generation = self.state.timers.get(name)
        if generation is not None:
            self.forget_timer(name)
            self.emit(StopTimer(generation=generation))

    def forget_timer(self, name: TimerName) -> None:
        """Take note that a timer has run out."""
        timers = {other: number for other, number in self.state.timers.items() if other != name}
        self.change(timers=timers)

    def speak(self, speech: Speech, *, to_the_end: bool = False, aside: bool = False) -> None:
        """Say something instead of what is being said; ``quiet`` follows when it is over.

        Lines that a key may cut are left out while keys are waiting. An ``aside`` is always said,
        and nothing follows from its end; one that cannot be said is left out, because what the
        node is busy with goes on.
        """
        try:
            said = utterances(speech, self.variables, to_the_end=to_the_end)
        except FlowError as fault:
            if aside:
                self.note_fault(str(fault))
            else:
                self.fail(str(fault))
            return
        self._say_next(said, aside=aside)

    def say_aside(self, said: tuple[Utterance, ...]) -> None:
        """Say something that is worked out already, as an aside."""
        self._say_next(said, aside=True)

    def voice_ended(self) -> None:
        """Go on after a playback that has ended."""
        voice = self.state.voice
        if voice is not None:
            self.forget_voice()
            self._say_next(voice.rest, aside=voice.aside)

    def voice_overdue(self) -> None:
        """Go on after a playback that should have ended long ago."""
        voice = self.state.voice
        if voice is not None:
            self.silence()
            self._say_next(voice.rest, aside=voice.aside)

    def forget_voice(self) -> None:
        """Take note that nothing is being said any more."""
        self.change(voice=None)
        self.stop_timer(TimerName.SPEECH)

    def silence(self) -> None:
        """Stop what is being said and forget the rest of it."""
        if self.state.voice is not None:
            self.forget_voice()
            self.emit(Silence())

    def keep(self, key: str) -> None:
        """Keep a key for whatever can take it."""
        if len(self.state.keys) < KEPT_KEYS:
            self.change(keys=self.state.keys + key)
        else:
            self.count("dropped_keys")

    def cut(self) -> None:
        """Let a kept key cut what is being said as far as that may be; ``quiet`` follows."""
        voice = self.state.voice
        if voice is None:
            self.quiet = True
        elif voice.barge_in:
            self.silence()
            self._say_next(voice.rest, aside=voice.aside)

    def take_key(self) -> str:
        """Take the first of the kept keys."""
        key, rest = self.state.keys[0], self.state.keys[1:]
        self.change(keys=rest)
        return key

    def fill(self, variable: str, value: Value) -> None:
        """Put ``value`` into a variable of the flow.

        Raises:
            FlowError: it does not fit the variable.
        """
        fits = fitted(value, self.flow.types[variable])
        self.change_frame(variables={**self.frame.variables, variable: fits})

    def change_frame(self, **fields: object) -> None:
        """Put new values into the frame of the flow that is being run."""
        changed = replace(self.frame, **fields)  # type: ignore[arg-type]
        self.change(frames=(*self.state.frames[:-1], changed))

    def note_entry(self, keys: str, outcome: EntryOutcome, *, secret: bool = False) -> None:
        """Tell the timeline what was keyed."""
        shown = MASK if secret and keys else keys
        self.emit(NoteEntry(node=self.state.place, keys=shown, outcome=outcome))

    def note_checkpoint(self) -> None:
        """Tell the journal that the call can be resumed here, unless a secret is held.

        While a search for a person goes on behind this flow, the call is resumed at the search.
        """
        frames, search = self.state.frames, self.state.search
        if search is not None and len(frames) > search.depth:
            return
        held = {
            f"{place}.{name}": value
            for place, frame in enumerate(frames)
            for name, value in frame.variables.items()
        }
        if any(isinstance(value, Secret) for value in held.values()):
            return
        names = tuple(
            (each.flow, self.flows.flows[each.flow].version, each.node) for each in frames
        )
        checkpoint = Checkpoint(frames=names, language=self.state.language, variables=held)
        self.emit(NoteCheckpoint(checkpoint=checkpoint))

    def lost(self) -> Lost:
        """Return the lost rounds of the node."""
        return self.frame.lost.get(self.frame.node, Lost())

    def set_lost(self, lost: Lost) -> None:
        """Keep the lost rounds of the node."""
        self.change_frame(lost={**self.frame.lost, self.frame.node: lost})

    def _say_next(self, said: tuple[Utterance, ...], *, aside: bool) -> None:
        skipping = bool(self.state.keys) and not aside
        while said and skipping and said[0].barge_in:
            said = said[1:]
        if not said:
            if self.state.voice is not None:
                self.silence()
            self.quiet = not aside
            return
        if self.state.ended:
            return
        generation = self.next_generation()
        self.change(
            voice=Voice(
                generation=generation, barge_in=said[0].barge_in, rest=said[1:], aside=aside
            )
        )
        self.emit(Play(generation=generation, items=said[0].items))
        self.start_timer(TimerName.SPEECH, self.dialplan.timing.speech_limit_s)


def _without_idle_silence(effects: list[Effect]) -> tuple[Effect, ...]:
    """Leave out each silence that a playback follows: it replaces what plays in one order."""
    kept: list[Effect] = []
    play_follows = False
    for effect in reversed(effects):
        match effect:
            case Play():
                play_follows = True
            case Silence() if play_follows:
                continue
            case StartTimer() | StopTimer() | NoteEntry() | NoteCheckpoint() | NoteFault():
                pass
            case _:
                play_follows = False
        kept.append(effect)
    return tuple(reversed(kept))
