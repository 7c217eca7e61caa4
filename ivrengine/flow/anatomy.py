"""What every kind of node is made of, seen alike: where it leads, what it says, what it fills.

The linter and the graph look at nodes through this module alone, so a new kind of node is made
known to both in one place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

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
from ivrengine.flow.speech_lines import Speech
from ivrengine.flow.targets import GoTo, Reject, Target

HANG_UP = "hang-up"
"""Label of the way that is taken when the caller hangs up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A way out of a node. ``label`` says what takes it; ``fills`` are variables it has filled."""

    label: str
    target: Target
    fills: frozenset[str] = frozenset()


def edges(node: Node) -> tuple[Edge, ...]:
    """Return every way out of ``node`` that stands in its flow, in the order of the file."""
    match node:
        case MenuNode():
            return tuple(_menu_edges(node))
        case CollectNode(variable=variable):
            return (
                Edge(label="", target=node.next, fills=frozenset({variable})),
                Edge(label="exhausted", target=node.exhausted),
                Edge(label="*", target=node.back),
            )
        case SwitchNode(cases=cases, otherwise=otherwise):
            taken = [Edge(label=f"case {n}", target=c.target) for n, c in enumerate(cases, 1)]
            return (*taken, Edge(label="else", target=otherwise))
        case ActNode(into=into, outcomes=outcomes):
            return tuple(_outcome_edges(outcomes, frozenset(into)))
        case SeekNode(keys=keys, outcomes=outcomes):
            pressed = [Edge(label=key, target=pressed.target) for key, pressed in keys.items()]
            return (*pressed, *_outcome_edges(outcomes, frozenset()))
        case CallBackNode(failed=failed):
            return (Edge(label="failed", target=failed),)
        case RecordNode(variable=variable, nothing=nothing):
            filled = frozenset({variable})
            kept = Edge(label="", target=node.next, fills=filled)
            return (kept, Edge(label="nothing", target=nothing), *_last_edge(node, filled))
        case SetNode(assignments=assignments):
            return (Edge(label="", target=node.next, fills=frozenset(assignments)),)
        case CallNode(into=into):
            return (Edge(label="", target=node.next, fills=frozenset(into)),)
        case PlayNode():
            return (Edge(label="", target=node.next), *_last_edge(node))
        case LanguageNode():
            return (Edge(label="", target=node.next),)
        case ReturnNode() | HangUpNode():
            return ()
        case _:
            assert_never(node)


def _menu_edges(node: MenuNode) -> Iterator[Edge]:
    for keys, target in node.choices.items():
        yield Edge(label=keys, target=target)
    if node.silence is not None:
        yield Edge(label="silence", target=node.silence)
    yield Edge(label="exhausted", target=node.exhausted)
    if "*" in node.global_keys:
        yield Edge(label="*", target=node.back)
    yield from _last_edge(node)


def _last_edge(
    node: MenuNode | PlayNode | RecordNode, fills: frozenset[str] = frozenset()
) -> Iterator[Edge]:
    if node.on_hang_up is not None:
        yield Edge(label=HANG_UP, target=node.on_hang_up, fills=fills)


def _outcome_edges(outcomes: Mapping[str, Target], filled: frozenset[str]) -> Iterator[Edge]:
    for outcome, target in outcomes.items():
        yield Edge(label=outcome, target=target, fills=filled if outcome == "ok" else frozenset())


def node_of(target: Target) -> str | None:
    """Return the node of the same flow that ``target`` leads to, None for a way that is found."""
    return target.node if isinstance(target, GoTo | Reject) else None


def speeches(node: Node) -> Iterator[Speech]:
    """Yield everything that ``node`` may say to the caller, announcements aside."""
    match node:
        case MenuNode() | CollectNode():
            yield node.speech
            if node.reprompt != node.speech:
                yield node.reprompt
            yield from node.rounds.no_input
            yield from node.rounds.no_match
        case PlayNode() | HangUpNode() | RecordNode():
            yield node.speech
        case ActNode():
            yield node.filler
        case SeekNode():
            yield node.speech
            for news in node.news:
                yield news.speech
        case SwitchNode() | SetNode() | CallNode() | ReturnNode() | LanguageNode() | CallBackNode():
            pass
        case _:
            assert_never(node)
    for edge in edges(node):
        if isinstance(edge.target, Reject):
            yield edge.target.speech


def kind_word(node: Node) -> str:
    """Return the word that names the kind of ``node`` in flow files."""
    match node:
        case SeekNode(agent=agent):
            return "queue" if agent is None else "agent"
        case HangUpNode():
            return "hang_up"
        case CallBackNode():
            return "call_back"
        case _:
            return type(node).__name__.removesuffix("Node").lower()
