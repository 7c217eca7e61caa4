"""What is said to a waiting caller, and when: the node's own news and the queue's plan together.

Each saying has a time of its own, counted in seconds of waiting. Those that are due in the same
instant are said one after the other, so nothing of them is lost or cut.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ivrengine.flow.effects import Value
from ivrengine.flow.expressions import Binary, Literal, Name, names_in
from ivrengine.flow.nodes import News
from ivrengine.flow.speech_lines import PromptLine, Speech, SpeechLine, ValueLine
from ivrengine.flow.utterances import is_due
from ivrengine.flow.waiting import PlannedFigure, PlannedWords, Standing, WaitingPlan
from ivrengine.speech.readings import Reading
from ivrengine.values import Language, PromptId

POSITION, EXPECTED = "position", "expected_wait"

LONGEST_SAID_S = 1800
"""A wait that is expected to be longer is not put into figures."""

SLACK_S = 0.05
"""What is due so soon is said with what is due now."""


def _prompt(name: str) -> PromptLine:
    return PromptLine(line=0, prompt=PromptId(name))


def _when(name: str, sign: str, limit: int) -> Binary:
    return Binary(sign=sign, left=Name(name=name), right=Literal(value=Decimal(limit)))


POSITION_WORDS: Speech = (
    _prompt("queue.position_lead"),
    ValueLine(line=0, value=Name(name=POSITION), reading=Reading.CARDINAL),
    _prompt("queue.position_tail"),
)
EXPECTED_WORDS: Speech = (
    PromptLine(line=0, prompt=PromptId("queue.takes_longer"), when=Name(name="takes_longer")),
    PromptLine(
        line=0,
        prompt=PromptId("queue.expected_lead"),
        when=_when(EXPECTED, "<=", LONGEST_SAID_S),
    ),
    ValueLine(
        line=0,
        value=Name(name=EXPECTED),
        reading=Reading.DURATION,
        when=_when(EXPECTED, "<=", LONGEST_SAID_S),
    ),
    PromptLine(
        line=0,
        prompt=PromptId("queue.expected_tail"),
        when=_when(EXPECTED, "<=", LONGEST_SAID_S),
    ),
    PromptLine(
        line=0,
        prompt=PromptId("queue.expected_long"),
        when=_when(EXPECTED, ">", LONGEST_SAID_S),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """Something said first after ``first_s`` of waiting, then every ``every_s``, till ``until_s``.

    ``hides`` are the figures that it does not say, because the plan says them at other times.
    """

    name: str
    first_s: float
    every_s: float
    until_s: float
    speech: Speech
    hides: frozenset[str] = frozenset()


def sayings(
    news: tuple[News, ...], standing: Standing, *, began_s: float, language: Language
) -> Iterator[Saying]:
    """Yield all that a caller hears whose search began after ``began_s`` of waiting."""
    plan = standing.plan
    planned = ((POSITION, plan.position), (EXPECTED, plan.expected_wait))
    hides = frozenset(name for name, figure in planned if figure is not None)
    yield from _of_node(news, began_s, hides)
    yield from _of_figures(plan, standing, began_s)
    for number, words in enumerate(plan.words):
        if language in words.prompts:
            yield _of_words(f"words {number}", words, words.prompts[language], began_s)


def music_at(news: tuple[News, ...], standing: Standing, default: str) -> str:
    """Return the class of music for a caller who stands so."""
    waited_s = standing.waited_s
    of_node = (each.music for each in reversed(news) if each.music and each.from_s <= waited_s)
    return standing.plan.music_at(waited_s) or next(of_node, default)


def music_changes(news: tuple[News, ...], plan: WaitingPlan) -> Iterator[float]:
    """Yield after which waits the music may change."""
    yield from (each.from_s for each in news if each.music)
    yield from (each.after_s for each in plan.music)


def says(speech: Speech, figure: str, variables: Mapping[str, Value]) -> bool:
    """Tell whether ``speech`` reads out ``figure`` now, and not only asks for it.

    Raises:
        FlowError: it cannot be worked out what is said.
    """
    return any(
        isinstance(line, ValueLine) and figure in names_in(line.value) and is_due(line, variables)
        for line in speech
    )


def _of_node(news: tuple[News, ...], began_s: float, hides: frozenset[str]) -> Iterator[Saying]:
    for number, each in enumerate(news):
        until_s = news[number + 1].from_s if number + 1 < len(news) else math.inf
        if each.speech and until_s > began_s:
            yield Saying(
                name=f"news {number}",
                first_s=max(each.from_s, began_s) + each.first_after_s,
                every_s=each.every_s,
                until_s=until_s,
                speech=each.speech,
                hides=hides,
            )


def _of_figures(plan: WaitingPlan, standing: Standing, began_s: float) -> Iterator[Saying]:
    if plan.position is not None:
        said = plan.position.may_be_said(standing.position)
        yield _of_figure(POSITION, plan.position, POSITION_WORDS if said else (), began_s)
    if plan.expected_wait is not None:
        said = plan.expected_wait.may_be_said(standing.expected_wait_s)
        yield _of_figure(EXPECTED, plan.expected_wait, EXPECTED_WORDS if said else (), began_s)


def _of_figure(name: str, figure: PlannedFigure, speech: Speech, began_s: float) -> Saying:
    return Saying(
        name=name,
        first_s=max(figure.after_s, began_s),
        every_s=figure.every_s,
        until_s=math.inf,
        speech=speech,
    )


def _of_words(name: str, words: PlannedWords, prompt: PromptId, began_s: float) -> Saying:
    # Who comes back to the queue has heard before what is said once, and is in the midst of a round
    # of what is said again and again.
    first_s, every_s = words.after_s, words.every_s or math.inf
    if first_s < began_s:
        missed = math.ceil((began_s - first_s) / every_s) if words.every_s else 0
        first_s = first_s + missed * every_s if words.every_s else math.inf
    line: SpeechLine = PromptLine(line=0, prompt=prompt, barge_in=words.barge_in)
    return Saying(name=name, first_s=first_s, every_s=every_s, until_s=math.inf, speech=(line,))
