"""Whether the facts of calls make sense: what every journal must show, whatever happened."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ivrengine.calls.facts import (
    AnyFact,
    CallAdmitted,
    CallAnswered,
    CallEnded,
    CallRefused,
    OfferFailed,
    PersonJoined,
    PersonLeft,
    PersonOffered,
    PersonSought,
    SeekGivenUp,
)


def faults_in(facts: Iterable[AnyFact], *, finished: bool) -> list[str]:
    """What is wrong with the facts; ``finished`` when every call must be over."""
    by_call: dict[str, list[AnyFact]] = {}
    for fact in facts:
        by_call.setdefault(fact.call, []).append(fact)
    return [
        f"{call}: {fault}"
        for call, timeline in by_call.items()
        for fault in _faults(timeline, finished=finished)
    ]


def _faults(timeline: Sequence[AnyFact], *, finished: bool) -> Iterator[str]:
    counts = Counter(type(fact) for fact in timeline)
    if counts[CallRefused]:
        if len(timeline) > 1:
            yield "refused and served"
        return
    if counts[CallAdmitted] != 1 or not isinstance(timeline[0], CallAdmitted):
        yield "does not begin with its one admission"
    if counts[CallAnswered] > 1:
        yield "answered twice"
    if counts[CallEnded] > 1 or (finished and counts[CallEnded] != 1):
        yield f"ended {counts[CallEnded]} times"
    if any(fact.at < timeline[0].at for fact in timeline):
        yield "something happened before its beginning"
    yield from _visits(timeline, finished=finished)


def _visits(timeline: Sequence[AnyFact], *, finished: bool) -> Iterator[str]:
    """Every search ends once; a person is joined only while sought, and leaves once."""
    sought = joined = ""
    for fact in timeline:
        match fact:
            case PersonSought(contact=contact):
                if sought:
                    yield f"{contact} is sought while {sought} is"
                sought = contact
            case PersonOffered(contact=contact) | OfferFailed(contact=contact):
                if contact != sought:
                    yield f"an offer for {contact}, which is not sought"
            case PersonJoined(contact=contact):
                if contact != sought or joined:
                    yield f"{contact} is joined, but {sought or 'nobody'} is sought"
                joined = contact
            case PersonLeft(contact=contact):
                if contact != joined:
                    yield f"{contact} leaves without having been joined"
                sought = joined = ""
            case SeekGivenUp(contact=contact):
                if contact != sought or joined:
                    yield f"{contact} is given up, but {sought or 'nobody'} is sought"
                sought = ""
            case CallEnded():
                if sought:
                    yield f"ended while {sought} is sought"
            case _:
                pass
    if finished and sought:
        yield f"{sought} is sought for ever"
