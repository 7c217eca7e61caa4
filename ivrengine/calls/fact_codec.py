"""Facts as lines of JSON and back: the one form in which they are filed, stored and shown.

The word in ``kind`` is part of what is stored for years, so it is written down here and does not
follow the name of a class. Reading is strict: a field that is missing, of another type or unknown
makes a fact unreadable, because a half-understood record is worse than a counted loss.
"""

import dataclasses
import json
from collections.abc import Mapping
from typing import get_args

from pydantic import JsonValue, TypeAdapter, ValidationError
from pydantic_core import from_json

from ivrengine.calls import facts, talk_facts
from ivrengine.calls.facts import AnyFact
from ivrengine.errors import Bug, StorageError

KINDS: Mapping[type[AnyFact], str] = {
    facts.CallAdmitted: "call-admitted",
    facts.CallRefused: "call-refused",
    facts.CallerIdentified: "caller-identified",
    facts.CallAnswered: "call-answered",
    facts.LanguageChosen: "language-chosen",
    facts.NodeReached: "node-reached",
    facts.PromptHeard: "prompt-heard",
    facts.EntryMade: "entry-made",
    facts.ServiceAsked: "service-asked",
    facts.PersonSought: "person-sought",
    facts.PersonMoved: "person-moved",
    facts.WaitAnnounced: "wait-announced",
    facts.CallbackPromised: "callback-promised",
    facts.PersonOffered: "person-offered",
    facts.OfferFailed: "offer-failed",
    facts.PersonJoined: "person-joined",
    facts.PersonLeft: "person-left",
    talk_facts.TalkTurned: "talk-turned",
    talk_facts.RecordingOrdered: "recording-ordered",
    talk_facts.PersonTransferred: "person-transferred",
    talk_facts.TransferRefused: "transfer-refused",
    talk_facts.OutsideJoined: "outside-joined",
    talk_facts.OutsideLeft: "outside-left",
    talk_facts.CalledOut: "called-out",
    talk_facts.ObservationBegan: "observation-began",
    talk_facts.ObservationEnded: "observation-ended",
    talk_facts.WrapUpNoted: "wrap-up-noted",
    facts.SeekGivenUp: "seek-given-up",
    facts.RecordingKept: "recording-kept",
    facts.CallResumed: "call-resumed",
    facts.CallEnded: "call-ended",
}
"""The word for each kind of fact; a test holds it to be complete and without doubles."""

FACT_TYPES: tuple[type[AnyFact], ...] = get_args(AnyFact)
"""Every kind of fact there is."""

_CLASSES = {word: fact_type for fact_type, word in KINDS.items()}
_NAMES = {
    fact_type: tuple(field.name for field in dataclasses.fields(fact_type)) for fact_type in KINDS
}
_READERS: Mapping[type[AnyFact], TypeAdapter[AnyFact]] = {
    fact_type: TypeAdapter(fact_type) for fact_type in KINDS
}

_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
"""Made once; ``json.dumps`` would make one for every line."""


def kind_of(fact: AnyFact) -> str:
    """Return the word under which facts of this kind are stored."""
    return KINDS[type(fact)]


def as_json(fact: AnyFact) -> dict[str, JsonValue]:
    """Return the fact as a JSON object, its kind first."""
    fields = {name: getattr(fact, name) for name in _NAMES[type(fact)]}
    return {"kind": kind_of(fact), **fields}


def encode(fact: AnyFact) -> str:
    """Return the fact as one line of JSON without its line end; equal facts give equal lines.

    Raises:
        Bug: the fact holds what JSON cannot: its maker broke the promise of plain values.
    """
    try:
        line = _WRITER.encode(as_json(fact))
        line.encode()
    except (TypeError, ValueError) as fault:
        raise Bug(f"a {kind_of(fact)} fact does not fit JSON: {fault}") from fault
    return line


def decode(line: str | bytes) -> AnyFact:
    """Read what :func:`encode` wrote.

    Raises:
        StorageError: the line is torn, or was written by a program that knows other facts.
    """
    fact_type = _type_in(line)
    try:
        return _READERS[fact_type].validate_json(line, strict=True)
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise StorageError(f"unreadable {KINDS[fact_type]} fact: {place}: {first['msg']}") from None


def _type_in(line: str | bytes) -> type[AnyFact]:
    try:
        fields = from_json(line)
    except ValueError as fault:
        raise StorageError(f"not a line of JSON: {fault}") from None
    if not isinstance(fields, dict):
        raise StorageError("a fact is a JSON object")
    fact_type = _CLASSES.get(str(fields.pop("kind", "")))
    if fact_type is None:
        raise StorageError("a fact of an unknown kind")
    unknown = fields.keys() - set(_NAMES[fact_type])
    if unknown:
        raise StorageError(f"a {KINDS[fact_type]} fact has unknown fields: {sorted(unknown)}")
    return fact_type
