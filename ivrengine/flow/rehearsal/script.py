"""Flow tests: a caller's part written down in YAML, and its performance.

A file holds ``tests``: a table from a test's name to what is ``given`` and its ``steps``. A step is
one word with its value; the words are the members of ``STEPS``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from ivrengine.errors import EngineError
from ivrengine.flow.effects import Value
from ivrengine.flow.inputs import Joined, SeekEnded, Waiting
from ivrengine.flow.rehearsal.rehearsal import Rehearsal, Setting, told
from ivrengine.flow.stepper import Stepper
from ivrengine.flow.waiting import Standing
from ivrengine.values import Language, Secret

PATIENCE_S = 300.0
"""How long a step waits, in virtual seconds, for what it expects."""

KEY_EVERY_S = 0.3
"""Time between two keys of one ``presses``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: its word, its value, and the line where it stands."""

    line: int
    word: str
    text: str
    values: tuple[str, ...]
    named: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTest:
    """One test. ``variables`` are handed to the flow that the call begins with.

    ``caller`` is the number that the call comes from.
    """

    file: str
    name: str
    entry: str
    language: Language
    variables: Mapping[str, Value]
    setting: Setting
    steps: tuple[Step, ...]
    caller: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a test ended. ``fault`` is empty when it passed; ``transcript`` is for people."""

    test: FlowTest
    line: int = 0
    fault: str = ""
    transcript: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether all steps were as expected."""
        return not self.fault


class Unmet(EngineError):
    """A step's expectation was not met."""


def perform(test: FlowTest, stepper: Stepper) -> Verdict:
    """Act out ``test``."""
    actor = _Actor(Rehearsal(stepper, test.setting))
    actor.call.begin(test.entry, test.language, test.variables, caller=test.caller)
    for step in test.steps:
        try:
            STEPS[step.word](actor, step)
        except Unmet as fault:
            lines = tuple(told(actor.call.happenings))
            return Verdict(test=test, line=step.line, fault=str(fault), transcript=lines)
    return Verdict(test=test, transcript=tuple(told(actor.call.happenings)))


class _Actor:
    def __init__(self, call: Rehearsal) -> None:
        self.call = call
        self.heard_to = 0

    def until(self, met: Callable[[], bool], wanted: str) -> None:
        """Let things happen until ``met``."""
        deadline = self.call.now + PATIENCE_S
        while not met():
            at = self.call.next_at()
            if at is None or at > deadline:
                raise Unmet(f"{wanted} did not come; the call is at {self.call.state.place}")
            self.call.happen_next()

    def hears(self, step: Step) -> None:
        """Wait until these items are said one after the other."""
        wanted = list(step.values)
        self.until(lambda: self._find(wanted), f"hearing {', '.join(wanted)}")

    def hears_next(self, step: Step) -> None:
        """Expect these items, and nothing said before them."""
        wanted = list(step.values)
        self.until(
            lambda: len(self.call.heard) >= self.heard_to + len(wanted),
            f"hearing {', '.join(wanted)}",
        )
        said = self.call.heard[self.heard_to : self.heard_to + len(wanted)]
        if said != wanted:
            raise Unmet(f"{', '.join(said)} was said and not {', '.join(wanted)}")
        self.heard_to += len(wanted)

    def presses(self, step: Step) -> None:
        """Press keys at a person's pace."""
        for key in step.text:
            self.call.press(key)
            self.call.wait(KEY_EVERY_S)

    def presses_at_once(self, step: Step) -> None:
        """Press keys in one instant."""
        for key in step.text:
            self.call.press(key)

    def waits(self, step: Step) -> None:
        """Let seconds pass."""
        self.call.wait(_number(step))

    def listens(self, step: Step) -> None:
        """Wait until nothing is being said."""
        self.until(lambda: self.call.playing is None, "silence")

    def at(self, step: Step) -> None:
        """Expect the call at a node."""
        self.until(lambda: self.call.state.place == step.text, f"the node {step.text}")

    def speaks(self, step: Step) -> None:
        """Speak for some seconds into a recording, then fall silent."""
        self.until(lambda: self.call.recording is not None, "a recording")
        self.call.wait(_number(step))
        self.call.stop_speaking()

    def asked(self, step: Step) -> None:
        """Expect a service to have been asked, with these arguments."""
        self.until(
            lambda: any(act.action == step.text for act in self.call.acted), f"asking {step.text}"
        )
        act = next(each for each in reversed(self.call.acted) if each.action == step.text)
        given = {name: _shown(value) for name, value in act.arguments.items()}
        for name, wanted in step.named.items():
            if given.get(name) != wanted:
                raise Unmet(f"{step.text} was asked with {name} {given.get(name)}, not {wanted}")

    def seeks(self, step: Step) -> None:
        """Expect a person of this queue, or this agent, to be looked for."""
        self.until(lambda: self.call.seeking is not None, f"looking for {step.text}")
        seek = self.call.seeking
        if seek is not None and step.text not in {seek.queue, seek.agent}:
            raise Unmet(f"{seek.queue or seek.agent} is looked for, not {step.text}")

    def position(self, step: Step) -> None:
        """Tell the caller's place in the queue."""
        position = int(_number(step))
        self.call.seek_answer(Waiting(generation=self._seek(), position=position))

    def stands(self, step: Step) -> None:
        """Say where the caller is told to stand from here on."""
        standing = self.call.standing
        for name, text in step.named.items():
            if name not in _STANDING:
                raise Unmet(f"a caller stands at {', '.join(_STANDING)}, not at {name}")
            standing = _STANDING[name](standing, text)
        self.call.standing = standing

    def refuses_callbacks(self, step: Step) -> None:
        """Promise no callback from here on."""
        self.call.calls_back = False

    def called_back(self, step: Step) -> None:
        """Expect a callback to have been promised at this number."""
        self.until(lambda: step.text in self.call.called_back, f"a callback at {step.text}")

    def music(self, step: Step) -> None:
        """Expect music of this class to have begun."""
        self.until(lambda: self._happened("music", step.text), f"music {step.text}")

    def announced(self, step: Step) -> None:
        """Expect that a wait was promised."""
        self.until(lambda: self._happened("announce", step.text), f"the promise of {step.text}")

    def agent_answers(self, step: Step) -> None:
        """Join the caller with an agent."""
        self.call.seek_answer(Joined(generation=self._seek(), agent=step.text))

    def search_ends(self, step: Step) -> None:
        """End the search, or the conversation, with this outcome."""
        self.call.seek_answer(SeekEnded(generation=self._seek(), outcome=step.text))

    def language(self, step: Step) -> None:
        """Expect the language that is spoken."""
        if self.call.state.language != step.text:
            raise Unmet(f"{self.call.state.language} is spoken, not {step.text}")

    def holds(self, step: Step) -> None:
        """Expect values of the flow's variables."""
        held = self.call.state.frames[-1].variables
        for name, wanted in step.named.items():
            if _shown(held.get(name)) != wanted:
                raise Unmet(f"{name} is {_shown(held.get(name))}, not {wanted}")

    def never_shown(self, step: Step) -> None:
        """Expect these digits nowhere in what the flow has said, noted or ordered."""
        if step.text in repr(self.call.effects) or step.text in repr(self.call.state):
            raise Unmet(f"{step.text} can be seen")

    def hangs_up(self, step: Step) -> None:
        """Let the caller hang up."""
        self.call.hang_up()

    def ends(self, step: Step) -> None:
        """Expect the flow to end the call."""
        self.until(lambda: self.call.ended, "the end of the call")

    def _seek(self) -> int:
        if self.call.seeking is None:
            raise Unmet("nobody is being looked for")
        return self.call.seeking.generation

    def _happened(self, kind: str, text: str) -> bool:
        return any((each.kind, each.text) == (kind, text) for each in self.call.happenings)

    def _find(self, wanted: list[str]) -> bool:
        heard = self.call.heard
        for place in range(self.heard_to, len(heard) - len(wanted) + 1):
            if heard[place : place + len(wanted)] == wanted:
                self.heard_to = place + len(wanted)
                return True
        return False


_STANDING: Mapping[str, Callable[[Standing, str], Standing]] = {
    "position": lambda standing, text: replace(standing, position=int(text)),
    "waited": lambda standing, text: replace(standing, waited_s=float(text)),
    "expected_wait": lambda standing, text: replace(standing, expected_wait_s=int(text)),
    "takes_longer": lambda standing, text: replace(standing, takes_longer=text == "true"),
    "callback_offered": lambda standing, text: replace(standing, callback_offered=text == "true"),
}
"""What ``stands`` may say, by the names that flows know."""


def _number(step: Step) -> float:
    try:
        return float(step.text)
    except ValueError as fault:
        raise Unmet(f"{step.word} needs a number") from fault


def _shown(value: Value) -> str:
    return value.reveal() if isinstance(value, Secret) else str(value)


STEPS: Mapping[str, Callable[[_Actor, Step], None]] = {
    "hears": _Actor.hears,
    "hears_next": _Actor.hears_next,
    "presses": _Actor.presses,
    "presses_at_once": _Actor.presses_at_once,
    "waits": _Actor.waits,
    "listens": _Actor.listens,
    "at": _Actor.at,
    "speaks": _Actor.speaks,
    "asked": _Actor.asked,
    "seeks": _Actor.seeks,
    "position": _Actor.position,
    "stands": _Actor.stands,
    "refuses_callbacks": _Actor.refuses_callbacks,
    "called_back": _Actor.called_back,
    "music": _Actor.music,
    "announced": _Actor.announced,
    "agent_answers": _Actor.agent_answers,
    "search_ends": _Actor.search_ends,
    "language": _Actor.language,
    "holds": _Actor.holds,
    "never_shown": _Actor.never_shown,
    "hangs_up": _Actor.hangs_up,
    "ends": _Actor.ends,
}
"""The words of steps."""
