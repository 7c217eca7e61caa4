"""A call through a stepper in virtual time, with stand-ins for all that is outside the flow.

It plays nothing and waits for nothing: prompts last as long as it is told, services answer what
they are told, people come when the test says so. Flow tests, the simulator in the terminal and the
property tests all drive calls through it.
"""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from ivrengine.flow.effects import (
    Act,
    AskStanding,
    CallBack,
    ChangeMusic,
    Effect,
    HangUp,
    Item,
    NoteAnnounced,
    NoteCheckpoint,
    NoteEntry,
    NoteFault,
    Play,
    Prompt,
    Record,
    Replay,
    Say,
    Seek,
    Silence,
    SpeakLanguage,
    StartTimer,
    StopRecording,
    StopTimer,
    Value,
    Withdraw,
)
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
from ivrengine.flow.stepper import FlowState, Stepper
from ivrengine.flow.waiting import Standing
from ivrengine.values import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """What a service answers, and after how many seconds."""

    outcome: str = "ok"
    values: Mapping[str, Value] = field(default_factory=dict)
    after_s: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is around the call. Answers of an action are given in turn; the last one stays."""

    answers: Mapping[str, Sequence[StandIn]] = field(default_factory=dict)
    prompt_s: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened in the call, as a word for its kind and words for people.

    ``items`` are what was said, for whoever shows the texts themselves.
    """

    at: float
    kind: str
    text: str
    items: tuple[Item, ...] = ()


def spoken(item: Item) -> str:
    """Return how an item is written in tests and transcripts."""
    match item:
        case Prompt(id=prompt, language=None):
            return prompt
        case Prompt(id=prompt, language=language):
            return f"{prompt} ({language})"
        case Say(value=value, reading=reading):
            return f"{reading} {value}"
        case Replay(recording=recording):
            return f"replay {recording}"
        case _:
            assert_never(item)


class Rehearsal:
    """One call. Everything happens at once, in the order of virtual time.

    ``service`` answers instead of the setting's stand-ins.

    Attributes:
        standing: where a caller who waits is told to stand; ``waited_s`` counts from the search.
        calls_back: whether a callback is promised to whom asks for one.
        called_back: the numbers at which one was promised.
    """

    def __init__(
        self,
        stepper: Stepper,
        setting: Setting | None = None,
        service: Callable[[Act], StandIn] | None = None,
    ) -> None:
        self.stepper = stepper
        self.setting = setting or Setting()
        self._service = service or self._stand_in
        self.now = 0.0
        self.playing: Play | None = None
        self.seeking: Seek | None = None
        self.standing = Standing()
        self.calls_back = True
        self.called_back: list[str] = []
        self.recording: Record | None = None
        self.ended = False
        self.acted: list[Act] = []
        self.heard: list[str] = []
        self.effects: list[Effect] = []
        self.happenings: list[Happening] = []
        self._state: FlowState | None = None
        self._agenda: list[tuple[float, int, Input]] = []
        self._number = 0
        self._recorded_since = 0.0
        self._recordings = 0
        self._sought_at = 0.0

    @property
    def state(self) -> FlowState:
        """Where the call stands in its flows."""
        if self._state is None:
            raise ValueError("the call has not begun")
        return self._state

    def begin(
        self,
        entry: str,
        language: Language,
        variables: Mapping[str, Value] | None = None,
        *,
        caller: str = "",
    ) -> None:
        """Begin the call at a flow."""
        self._state, effects = self.stepper.begin(entry, language, variables, caller=caller)
        self._perform(effects)

    def press(self, key: str) -> None:
        """Let the caller press one key, now."""
        self._happen("press", key)
        self.give(KeyPressed(key=key))

    def give(self, given: Input) -> None:
        """Give the flow one input, now."""
        if isinstance(given, Waiting):
            self.standing = replace(self.standing, position=given.position)
        self._state, effects = self.stepper.step(self.state, given)
        self._perform(effects)

    def hang_up(self) -> None:
        """Let the caller hang up, now: a recording ends with it, and services may be asked."""
        orders = self.stepper.hang_up(self.state, self._close_recording())
        self._stop_playing()
        self.ended = True
        self._happen("hang-up", "by the caller")
        for order in orders:
            self._act(order)
        self._agenda.clear()

    def next_at(self) -> float | None:
        """Return when the next thing happens by itself, None when nothing will."""
        return self._agenda[0][0] if self._agenda else None

    def happen_next(self) -> bool:
        """Let the next thing happen; False when there is none."""
        if not self._agenda:
            return False
        at, _, given = heapq.heappop(self._agenda)
        self.now = max(self.now, at)
        if isinstance(given, Played):
            self.playing = None
        self.give(given)
        return True

    def wait(self, seconds: float) -> None:
        """Let time pass, with all that happens in it."""
        until = self.now + seconds
        while (at := self.next_at()) is not None and at <= until:
            self.happen_next()
        self.now = until

    def seek_answer(self, answer: Waiting | Joined | SeekEnded) -> None:
        """Tell the call what comes of its search for a person."""
        self._happen("person", type(answer).__name__)
        if isinstance(answer, SeekEnded):
            self.seeking = None
        self.give(answer)

    def stop_speaking(self) -> None:
        """Let the caller who is being recorded fall silent."""
        if self.recording is not None:
            self._end_recording()
            self.happen_next()

    def _perform(self, effects: Sequence[Effect]) -> None:
        self.effects.extend(effects)
        for effect in effects:
            self._carry_out(effect)

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Play():
                self._play(effect)
            case Silence():
                self._happen("silence", "")
                self._stop_playing()
            case StartTimer(generation=generation, after_s=after_s):
                self._plan(after_s, TimerExpired(generation=generation))
            case StopTimer(generation=generation):
                self._cancel(TimerExpired(generation=generation))
            case Act():
                self._act(effect)
            case Seek() | Withdraw() | AskStanding() | NoteAnnounced() | ChangeMusic() | CallBack():
                self._look_for_a_person(effect)
            case Record():
                self.recording, self._recorded_since = effect, self.now
                self._happen("record", "")
            case StopRecording():
                self._end_recording()
            case _:
                self._note(effect)

    def _look_for_a_person(
        self, effect: Seek | Withdraw | AskStanding | NoteAnnounced | ChangeMusic | CallBack
    ) -> None:
        match effect:
            case Seek():
                self.seeking, self._sought_at = effect, self.now
                self._happen("seek", effect.queue or f"agent {effect.agent}")
            case Withdraw(cause=cause):
                self.seeking = None
                self._happen("withdraw", cause)
            case AskStanding(generation=generation):
                waited_s = self.standing.waited_s + self.now - self._sought_at
                standing = replace(self.standing, waited_s=waited_s)
                self._plan(0.0, Stands(generation=generation, standing=standing))
            case NoteAnnounced(expected_wait_s=expected_wait_s):
                self._happen("announce", f"{expected_wait_s} s")
            case ChangeMusic(music_class=music_class):
                self._happen("music", music_class)
            case CallBack():
                self._call_back(effect)
            case _:
                assert_never(effect)

    def _call_back(self, order: CallBack) -> None:
        self._happen("call-back", order.number)
        if self.calls_back:
            self.seeking = None
            self.called_back.append(order.number)
            self._plan(0.0, SeekEnded(generation=order.generation, outcome="callback"))
        else:
            self._plan(0.0, NotCalledBack(generation=order.generation))

    def _note(
        self, effect: HangUp | SpeakLanguage | NoteEntry | NoteCheckpoint | NoteFault
    ) -> None:
        match effect:
            case HangUp():
                self.ended = True
                self._stop_playing()
                self._agenda.clear()
                self._happen("hang-up", "")
            case SpeakLanguage(language=language):
                self._happen("language", language)
            case NoteEntry(node=node, keys=keys, outcome=outcome):
                self._happen("entry", f"{node} {keys} {outcome}")
            case NoteFault(node=node, reason=reason):
                self._happen("fault", f"{node}: {reason}")
            case NoteCheckpoint():
                pass
            case _:
                assert_never(effect)

    def _play(self, play: Play) -> None:
        self._stop_playing()
        self.playing = play
        names = [spoken(item) for item in play.items]
        self.heard += names
        heard = Happening(at=self.now, kind="hear", text=", ".join(names), items=play.items)
        self.happenings.append(heard)
        self._plan(self.setting.prompt_s * len(names), Played(generation=play.generation))

    def _stop_playing(self) -> None:
        if self.playing is not None:
            self._cancel(Played(generation=self.playing.generation))
            self.playing = None

    def _act(self, act: Act) -> None:
        self.acted.append(act)
        self._happen("ask", act.action)
        answer = self._service(act)
        if answer.after_s > act.deadline_s:
            self._plan(act.deadline_s, ActionDone(generation=act.generation, outcome="timeout"))
            return
        given = ActionDone(generation=act.generation, outcome=answer.outcome, values=answer.values)
        self._plan(answer.after_s, given)

    def _stand_in(self, act: Act) -> StandIn:
        asked = sum(1 for other in self.acted if other.action == act.action)
        answers = self.setting.answers.get(act.action, (StandIn(outcome="error"),))
        return answers[min(asked, len(answers)) - 1]

    def _end_recording(self) -> None:
        recorded = self._close_recording()
        if recorded is not None:
            self._plan(0.0, recorded)

    def _close_recording(self) -> Recorded | None:
        if self.recording is None:
            return None
        generation, self.recording = self.recording.generation, None
        self._recordings += 1
        return Recorded(
            generation=generation,
            recording=f"recording-{self._recordings}",
            duration_s=self.now - self._recorded_since,
        )

    def _plan(self, after_s: float, given: Input) -> None:
        self._number += 1
        heapq.heappush(self._agenda, (self.now + after_s, self._number, given))

    def _cancel(self, given: Input) -> None:
        self._agenda = [entry for entry in self._agenda if entry[2] != given]
        heapq.heapify(self._agenda)

    def _happen(self, kind: str, text: str) -> None:
        self.happenings.append(Happening(at=self.now, kind=kind, text=text))


def told(happenings: Sequence[Happening]) -> Iterator[str]:
    """Yield one line for people for each happening."""
    for happening in happenings:
        yield f"{happening.at:7.1f} s  {happening.kind:<9} {happening.text}".rstrip()
