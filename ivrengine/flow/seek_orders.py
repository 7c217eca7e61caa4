"""From a node that looks for a person to the order that says whom, variables worked out."""

from collections.abc import Mapping

from acd.requirements import AllOf, Requirement, RequirementError, parse_requirement
from ivrengine.flow.effects import Preference, Seek, Value
from ivrengine.flow.expressions import ExpressionError, decide
from ivrengine.flow.nodes import Need, Prefers, SeekNode, VariableName
from ivrengine.flow.utterances import items_of

PENDING = "callback-pending"
"""How a search ends that asks first what becomes of a callback."""


def seek_order(node: SeekNode, variables: Mapping[str, Value], *, generation: int) -> Seek:
    """Return what ``node`` orders.

    Raises:
        FlowError: a variable names nobody or holds no requirement.
    """
    return Seek(
        generation=generation,
        queue=_named(node.queue, variables),
        agent=_named(node.agent, variables),
        announcement=items_of(node.announcement, variables),
        recorded=node.recorded,
        music_class=node.music_class,
        needs=_needs(node.needs, variables),
        prefers=None if node.prefers is None else _preference(node.prefers, variables),
        band=node.band,
        takes_callback=decide(node.takes_callback, variables),
    )


def _preference(prefers: Prefers, variables: Mapping[str, Value]) -> Preference:
    return Preference(
        agent="" if prefers.agent is None else _held(prefers.agent, variables),
        last_agent=prefers.last_agent,
        needs=_needs(prefers.needs, variables),
        for_s=prefers.for_s,
    )


def _needs(needs: tuple[Need, ...], variables: Mapping[str, Value]) -> Requirement:
    parts = tuple(
        _requirement(each.requirement, variables)
        for each in needs
        if each.when is None or decide(each.when, variables)
    )
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _requirement(
    written: Requirement | VariableName, variables: Mapping[str, Value]
) -> Requirement:
    if not isinstance(written, VariableName):
        return written
    try:
        return parse_requirement(_held(written, variables))
    except RequirementError as fault:
        # The fault's own text holds the variable's value, which no message may show.
        message = f"the variable {written.variable} holds no requirement: {fault.message}"
        raise ExpressionError(message) from None


def _named(word: str | VariableName | None, variables: Mapping[str, Value]) -> str:
    held = "" if word is None else _held(word, variables)
    if isinstance(word, VariableName) and not held:
        raise ExpressionError(f"the variable {word.variable} names nobody")
    return held


def _held(word: str | VariableName, variables: Mapping[str, Value]) -> str:
    if not isinstance(word, VariableName):
        return word
    held = variables.get(word.variable)
    return held if isinstance(held, str) else ""
