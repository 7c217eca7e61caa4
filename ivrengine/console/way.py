"""The way a call took to a person, in words, from the facts of its record."""

from collections.abc import Iterable, Iterator

from ivrengine.calls.facts import (
    AnyFact,
    CallAdmitted,
    CallbackPromised,
    CallEnded,
    CallerIdentified,
    CallRefused,
    CallResumed,
    OfferFailed,
    PersonJoined,
    PersonLeft,
    PersonMoved,
    PersonOffered,
    PersonSought,
    SeekGivenUp,
    WaitAnnounced,
)

_CAUSES = {
    "rejected": "refused",
    "timeout": "did not answer in time",
    "busy": "was busy",
    "unreachable": "could not be reached",
    "caller-gone": "was let go, for the caller had gone",
    "withdrawn": "was let go: the caller was served elsewhere, or moved",
    "failed": "could not be rung or joined",
}
_OVERFLOWS = {
    "size": "too many waited",
    "wait": "it had waited too long",
    "expected-wait": "it would have had to wait too long",
    "unstaffed": "nobody was logged in",
    "closed": "the queue was closed",
}

_ENDS = {"removed": "the queue or agent was taken out of the files"}


def way(facts: Iterable[AnyFact]) -> Iterator[tuple[float, str]]:
    """Give what brought a call where it went, each with its time, in the order of the facts."""
    for fact in facts:
        words = _words(fact)
        if words:
            yield fact.at, words


def _words(fact: AnyFact) -> str:
    match fact:
        case CallAdmitted():
            return (
                f"was given a line of {fact.trunk}, for the number {fact.dialled}, "
                f"as a caller of the class {fact.caller_class}"
            )
        case CallRefused():
            return f"was refused by {fact.trunk}, class {fact.caller_class}: {fact.reason}"
        case CallerIdentified():
            return f"was known as a customer; its class is {fact.caller_class} since"
        case CallResumed():
            return f"was taken up again by a restarted engine, at {fact.stage}"
        case CallEnded():
            return f"ended: {fact.outcome}, by the {fact.by}"
        case _:
            return _search(fact) or _offer(fact)


def _search(fact: AnyFact) -> str:
    match fact:
        case PersonSought(queue="", agent=agent):
            return f"asked for agent {agent}"
        case PersonSought(queue=queue):
            return f"asked for anybody of the queue {queue}"
        case PersonMoved():
            return _moved(fact)
        case WaitAnnounced():
            return f"was told to be number {fact.position}, and to wait {fact.expected_s:.0f} s"
        case CallbackPromised():
            return f"chose to be called back, in its place of the queue {fact.queue}"
        case SeekGivenUp():
            why = _ENDS.get(fact.outcome, fact.outcome.replace("-", " "))
            return f"found nobody in {fact.waited_s:.0f} s: {why}"
        case _:
            return ""


def _moved(fact: PersonMoved) -> str:
    where = f"waited on in the queue {fact.queue}"
    if fact.by:
        return f"{where}, moved by {fact.by}"
    if fact.cause:
        return f"{where}, for {_OVERFLOWS.get(fact.cause, fact.cause)} where it was"
    return f"{where} at step {fact.step + 1}, where more agents will do"


def _reason(fact: PersonOffered) -> str:
    """Return why this agent, in words that follow the agent; empty when it is not known."""
    if not fact.pick:
        return ""
    if fact.pick == "by-number":
        return ", who was asked for by number"
    wanted = [f"of those who meet {fact.needs}"] if fact.needs else []
    if fact.preference:
        wanted.append(f"preferred for {fact.preference}")
    return f": {', '.join([*wanted, f'{fact.pick} ({fact.rank})'])}"


def _offer(fact: AnyFact) -> str:
    match fact:
        case PersonOffered():
            return f"{fact.agent} was rung{_reason(fact)}"
        case OfferFailed():
            return f"{fact.agent} {_CAUSES.get(fact.cause, fact.cause)}"
        case PersonJoined():
            return f"{fact.agent} took it, after a wait of {fact.waited_s:.0f} s"
        case PersonLeft():
            return f"the conversation with {fact.agent} ended after {fact.talked_s:.0f} s"
        case _:
            return ""
