"""From lines of speech to what is played: values worked out, lines grouped by barge-in."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import assert_never

from ivrengine.flow.effects import AGENT, Item, Prompt, Replay, Say, Value
from ivrengine.flow.expressions import ExpressionError, decide, evaluate
from ivrengine.flow.speech_lines import (
    AgentLine,
    PromptLine,
    ReplayLine,
    Speech,
    SpeechLine,
    ValueLine,
    VariablePromptLine,
)
from ivrengine.flow.state import Utterance
from ivrengine.flow.variables import VarType, fitted
from ivrengine.values import PromptId, Secret


def utterances(
    speech: Speech, variables: Mapping[str, Value], *, to_the_end: bool = False
) -> tuple[Utterance, ...]:
    """Return what ``speech`` says now; with ``to_the_end`` no key cuts it.

    Raises:
        FlowError: a value of it cannot be worked out.
    """
    lines = [(line.barge_in and not to_the_end, line) for line in speech if is_due(line, variables)]
    return tuple(
        Utterance(items=tuple(_item(line, variables) for _, line in group), barge_in=barge_in)
        for barge_in, group in groupby(lines, key=lambda pair: pair[0])
    )


def run_together(said: tuple[Utterance, ...]) -> tuple[Utterance, ...]:
    """Join neighbours that a key may cut alike, so that there is no pause between them."""
    return tuple(
        Utterance(items=tuple(item for each in group for item in each.items), barge_in=barge_in)
        for barge_in, group in groupby(said, key=lambda each: each.barge_in)
    )


def items_of(speech: Speech, variables: Mapping[str, Value]) -> tuple[Item, ...]:
    """Return what ``speech`` says now as one list.

    Raises:
        FlowError: a value of it cannot be worked out.
    """
    return tuple(_items(speech, variables))


def _items(speech: Speech, variables: Mapping[str, Value]) -> Iterator[Item]:
    for line in speech:
        if is_due(line, variables):
            yield _item(line, variables)


def is_due(line: SpeechLine, variables: Mapping[str, Value]) -> bool:
    """Tell whether ``line`` is said now.

    Raises:
        FlowError: its condition cannot be worked out.
    """
    return line.when is None or decide(line.when, variables)


def _item(line: SpeechLine, variables: Mapping[str, Value]) -> Item:
    match line:
        case PromptLine(prompt=prompt, language=language):
            return Prompt(id=prompt, language=language)
        case VariablePromptLine(variable=variable, language=language):
            named = fitted(variables.get(variable), VarType.PROMPT)
            return Prompt(id=PromptId(str(named)), language=language)
        case ValueLine(value=expression, reading=reading, language=language):
            value = evaluate(expression, variables)
            if isinstance(value, Secret):
                raise ExpressionError("a secret must not be read out")
            return Say(value=value, reading=reading, language=language)
        case ReplayLine(variable=variable):
            return Replay(recording=str(fitted(variables.get(variable), VarType.RECORDING)))
        case AgentLine(reading=reading, language=language):
            return Say(value=AGENT, reading=reading, language=language)
        case _:
            assert_never(line)
