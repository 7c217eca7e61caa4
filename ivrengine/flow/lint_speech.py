"""Can everything be said: does each prompt exist in each language, and is no secret read out?"""

from collections.abc import Iterator, Mapping

from ivrengine.flow.anatomy import speeches
from ivrengine.flow.expression_kinds import Kind, kind_of
from ivrengine.flow.expressions import ExpressionError
from ivrengine.flow.findings import Finding
from ivrengine.flow.model import Flow, FlowSet
from ivrengine.flow.nodes import MenuNode, Node, SeekNode
from ivrengine.flow.speech_lines import (
    AgentLine,
    PromptLine,
    ReplayLine,
    Speech,
    SpeechLine,
    ValueLine,
    VariablePromptLine,
)
from ivrengine.flow.surroundings import Surroundings
from ivrengine.flow.variables import VarType
from ivrengine.speech.readings import Reading
from ivrengine.values import Language

_OF_TIME: Mapping[Reading, frozenset[Kind]] = {
    Reading.DATE: frozenset({Kind.DATE, Kind.MOMENT, Kind.TEXT}),
    Reading.TIME: frozenset({Kind.TIME, Kind.MOMENT, Kind.TEXT}),
    Reading.DATE_TIME: frozenset({Kind.MOMENT, Kind.TEXT}),
}
_OF_NUMBERS = frozenset({Kind.NUMBER, Kind.TEXT})


def _readable(reading: Reading) -> frozenset[Kind]:
    """Return what can be read so; of a text only the call can tell."""
    if reading is Reading.PROMPT:
        return frozenset({Kind.TEXT})
    return _OF_TIME.get(reading, _OF_NUMBERS)


def lint_speech(flows: FlowSet, surroundings: Surroundings | None) -> Iterator[Finding]:
    """Yield what is wrong with what is said."""
    for flow in flows.flows.values():
        for node in flow.nodes.values():
            for speech in speeches(node):
                for line in speech:
                    yield from _line(flow, node, line)
                    yield from _prompt(flows, flow, line, surroundings)
            if isinstance(node, SeekNode):
                yield from _announcement(flows, flow, node.announcement, surroundings)
            if isinstance(node, MenuNode) and not node.speech and node.silence is None:
                message = f"the menu {node.name} says nothing"
                yield Finding(file=flow.file, line=node.line, message=message)


def _line(flow: Flow, node: Node, line: SpeechLine) -> Iterator[Finding]:
    if line.when is not None:
        yield from _condition(flow, line)
    match line:
        case ValueLine():
            yield from _value(flow, line)
        case VariablePromptLine(variable=variable):
            yield from _variable(flow, line, variable, VarType.PROMPT)
        case ReplayLine(variable=variable):
            yield from _variable(flow, line, variable, VarType.RECORDING)
        case AgentLine():
            message = f"{node.name}: the agent's number is only known in an announcement"
            yield Finding(file=flow.file, line=line.line, message=message)
        case PromptLine():
            pass


def _announcement(
    flows: FlowSet, flow: Flow, speech: Speech, surroundings: Surroundings | None
) -> Iterator[Finding]:
    for line in speech:
        if isinstance(line, PromptLine):
            yield from _prompt(flows, flow, line, surroundings)
        elif not isinstance(line, AgentLine):
            message = "an announcement holds prompts and the agent's number only"
            yield Finding(file=flow.file, line=line.line, message=message)


def _prompt(
    flows: FlowSet, flow: Flow, line: SpeechLine, surroundings: Surroundings | None
) -> Iterator[Finding]:
    if surroundings is None or not isinstance(line, PromptLine):
        return
    for language in _languages(flows, line):
        if not surroundings.has_prompt(line.prompt, language):
            message = f"there is no prompt {line.prompt} in {language}"
            yield Finding(file=flow.file, line=line.line, message=message)


def _languages(flows: FlowSet, line: SpeechLine) -> tuple[Language, ...]:
    return flows.dialplan.languages if line.language is None else (line.language,)


def _condition(flow: Flow, line: SpeechLine) -> Iterator[Finding]:
    try:
        kind = Kind.FLAG if line.when is None else kind_of(line.when, flow.types)
    except ExpressionError as fault:
        yield Finding(file=flow.file, line=line.line, message=str(fault))
        return
    if kind is not Kind.FLAG:
        message = f"when yields a {kind} and has to yield a flag"
        yield Finding(file=flow.file, line=line.line, message=message)


def _value(flow: Flow, line: ValueLine) -> Iterator[Finding]:
    try:
        kind = kind_of(line.value, flow.types)
    except ExpressionError as fault:
        yield Finding(file=flow.file, line=line.line, message=str(fault))
        return
    message = ""
    if kind is Kind.SECRET:
        message = "a secret must not be read out"
    elif kind is Kind.FLAG:
        message = "a flag cannot be read out"
    elif kind not in _readable(line.reading):
        message = f"a {kind} cannot be read as {line.reading}"
    if message:
        yield Finding(file=flow.file, line=line.line, message=message)


def _variable(flow: Flow, line: SpeechLine, variable: str, wanted: VarType) -> Iterator[Finding]:
    if flow.types.get(variable) is not wanted:
        message = f"{variable} has to be a variable of type {wanted}"
        yield Finding(file=flow.file, line=line.line, message=message)
