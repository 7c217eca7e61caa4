"""Facts for tests: a plausible call, and hypothesis strategies over every kind of fact."""

import dataclasses
import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from ivrengine.calls import facts
from ivrengine.calls.fact_codec import FACT_TYPES
from ivrengine.calls.facts import AnyFact
from ivrengine.values import CallId

_WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | _NUMBERS | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=6,
)


def any_fact(
    calls: st.SearchStrategy[str] = _WORDS, times: st.SearchStrategy[float] = _NUMBERS
) -> st.SearchStrategy[AnyFact]:
    """Facts of every kind with every field drawn by its type."""
    return st.one_of([_fact(kind, calls, times) for kind in FACT_TYPES])


def _fact(
    kind: type[AnyFact], calls: st.SearchStrategy[str], times: st.SearchStrategy[float]
) -> st.SearchStrategy[AnyFact]:
    hints = get_type_hints(kind)
    fields = {field.name: _of(hints[field.name]) for field in dataclasses.fields(kind)}
    fields |= {"call": calls, "at": times}
    return st.builds(kind, **fields)


def _of(hint: Any) -> st.SearchStrategy[Any]:
    origin = get_origin(hint)
    if origin is Literal:
        return st.sampled_from(get_args(hint))
    if origin in (Union, types.UnionType):
        return st.one_of([_of(part) for part in get_args(hint)])
    if origin is tuple:
        return st.lists(_of(get_args(hint)[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(_WORDS, _PLAIN, max_size=3)
    plain: dict[Any, st.SearchStrategy[Any]] = {
        str: _WORDS,
        float: _NUMBERS,
        int: st.integers(-(2**40), 2**40),
        bool: st.booleans(),
        type(None): st.none(),
        CallId: _WORDS,
    }
    return plain[hint]


def served_call(
    call: str = "c-1", *, at: float = 1000.0, caller: str = "13812345678", agent: str = "8001"
) -> tuple[AnyFact, ...]:
    """A call of 60 s that was answered, chose English, heard a menu and spoke with an agent."""
    call_id, contact, reservation = CallId(call), f"{call}-ct", f"{call}-rv"
    return (
        facts.CallAdmitted(
            call=call_id,
            at=at,
            leg=f"{call}-leg",
            caller=caller,
            dialled="952588",
            trunk="main",
            caller_class="ordinary",
        ),
        facts.CallAnswered(call=call_id, at=at + 0.1, setup_s=0.1),
        facts.LanguageChosen(call=call_id, at=at + 2, language="en"),
        facts.PromptHeard(
            call=call_id, at=at + 5, prompts=("menu.main",), language="en", heard_s=2.5, cut=True
        ),
        facts.EntryMade(call=call_id, at=at + 5, node="main", keys="0", outcome="matched"),
        facts.PersonSought(
            call=call_id, at=at + 6, contact=contact, queue="general", agent="", since=at + 6
        ),
        facts.PersonOffered(
            call=call_id, at=at + 7, contact=contact, agent=agent, reservation=reservation
        ),
        facts.PersonJoined(
            call=call_id,
            at=at + 10,
            contact=contact,
            agent=agent,
            reservation=reservation,
            agent_leg=f"{call}-al",
            bridge=f"{call}-br",
            recording=f"{call}-rec",
            waited_s=4.0,
        ),
        facts.PersonLeft(
            call=call_id, at=at + 55, contact=contact, agent=agent, by="agent", talked_s=45.0
        ),
        facts.RecordingKept(
            call=call_id,
            at=at + 55,
            recording=f"{call}-rec",
            purpose="conversation",
            duration_s=45.0,
        ),
        facts.CallEnded(
            call=call_id, at=at + 60, by="caller", cause="normal", outcome="served", duration_s=60.0
        ),
    )
