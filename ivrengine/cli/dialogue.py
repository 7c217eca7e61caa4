"""A call told as a dialogue between caller, engine and agents. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from ivrengine.calls.facts import (
    AnyFact,
    CallAdmitted,
    CallAnswered,
    CallbackPromised,
    CallEnded,
    CallerIdentified,
    CallRefused,
    CallResumed,
    EntryMade,
    LanguageChosen,
    NodeReached,
    OfferFailed,
    PersonJoined,
    PersonLeft,
    PersonMoved,
    PersonOffered,
    PersonSought,
    PromptHeard,
    RecordingKept,
    SeekGivenUp,
    ServiceAsked,
    WaitAnnounced,
)
from ivrengine.calls.talk_facts import (
    CalledOut,
    ObservationBegan,
    ObservationEnded,
    OutsideJoined,
    OutsideLeft,
    PersonTransferred,
    RecordingOrdered,
    TalkTurned,
    TransferRefused,
    WrapUpNoted,
)

TextOf = Callable[[str, str], str]
"""Returns what a prompt says in a language, or the prompt's own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the dialogue; ``after_s`` counts from the call's beginning.

    ``who`` is ``caller``, ``engine``, ``agent`` or empty for what nobody says.
    """

    after_s: float
    who: str
    words: str


def dialogue(facts: Iterable[AnyFact], text_of: TextOf) -> Iterator[Line]:
    """Tell the facts of one call, in order, line by line; what a reader need not know is left out.

    Facts may still be coming in: each line is given out as soon as its fact is.
    """
    began: float | None = None
    for fact in facts:
        began = fact.at if began is None else began
        who, words = _told(fact, text_of)
        if words:
            yield Line(after_s=fact.at - began, who=who, words=words)


def _told(fact: AnyFact, text_of: TextOf) -> tuple[str, str]:
    match fact:
        case PromptHeard() | EntryMade() | LanguageChosen() | ServiceAsked() | NodeReached():
            return _menus(fact, text_of)
        case PersonSought() | PersonOffered() | OfferFailed() | SeekGivenUp():
            return _search(fact)
        case PersonMoved() | WaitAnnounced() | CallbackPromised():
            return _wait(fact)
        case PersonJoined() | PersonLeft() | RecordingKept():
            return _conversation(fact)
        case (
            TalkTurned()
            | RecordingOrdered()
            | PersonTransferred()
            | TransferRefused()
            | OutsideJoined()
            | OutsideLeft()
        ):
            return _turn(fact)
        case CalledOut() | ObservationBegan() | ObservationEnded() | WrapUpNoted():
            return _house(fact)
        case CallerIdentified():
            return "caller", f"has proved to be {fact.customer} ({fact.caller_class})"
        case CallAdmitted() | CallRefused() | CallAnswered() | CallResumed() | CallEnded():
            return _frame(fact)
        case _:
            assert_never(fact)


def _frame(
    fact: CallAdmitted | CallRefused | CallAnswered | CallResumed | CallEnded,
) -> tuple[str, str]:
    match fact:
        case CallAdmitted():
            caller = fact.caller or "a withheld number"
            return "caller", f"dials {fact.dialled} from {caller} (lines {fact.trunk})"
        case CallRefused():
            return "engine", f"refuses {fact.caller or 'a withheld number'}: {fact.reason}"
        case CallAnswered():
            return "engine", f"answers ({fact.setup_s * 1000:.0f} ms)"
        case CallResumed():
            return "engine", f"was restarted and takes the call up again ({fact.stage})"
        case CallEnded():
            return fact.by.replace("system", "engine"), (
                f"hangs up after {fact.duration_s:.1f} s: {fact.outcome} ({fact.cause})"
            )
        case _:
            assert_never(fact)


def _said(prompt: str, language: str, text_of: TextOf) -> str:
    name, _, own = prompt.partition("@")
    return text_of(name, own or language)


def _menus(
    fact: PromptHeard | EntryMade | LanguageChosen | ServiceAsked | NodeReached, text_of: TextOf
) -> tuple[str, str]:
    match fact:
        case PromptHeard():
            said = " ".join(_said(prompt, fact.language, text_of) for prompt in fact.prompts)
            cut = ", cut short" if fact.cut else ""
            return "engine", f"says “{said}” ({fact.heard_s:.1f} s{cut})"
        case EntryMade():
            keyed = f"presses {fact.keys}" if fact.keys else "presses nothing"
            return "caller", f"{keyed} at {fact.node} ({fact.outcome})"
        case LanguageChosen():
            return "engine", f"speaks {fact.language} from here on"
        case ServiceAsked():
            return "engine", f"asks {fact.action}: {fact.outcome} ({fact.took_s * 1000:.0f} ms)"
        case NodeReached():
            return "", ""
        case _:
            assert_never(fact)


def _search(
    fact: PersonSought | PersonOffered | OfferFailed | SeekGivenUp,
) -> tuple[str, str]:
    match fact:
        case PersonSought():
            wanted = f"agent {fact.agent}" if fact.agent else f"anybody of queue {fact.queue}"
            return "caller", f"asks for {wanted}"
        case PersonOffered():
            why = f" ({fact.pick}: {fact.rank})" if fact.rank else ""
            return "engine", f"rings agent {fact.agent}{why}"
        case OfferFailed():
            return "engine", f"gets no agent {fact.agent}: {fact.cause}"
        case SeekGivenUp():
            return "engine", f"ends the search after {fact.waited_s:.1f} s: {fact.outcome}"
        case _:
            assert_never(fact)


def _wait(fact: PersonMoved | WaitAnnounced | CallbackPromised) -> tuple[str, str]:
    match fact:
        case PersonMoved():
            step = f", step {fact.step}" if fact.step else ""
            return "engine", f"lets the caller wait in queue {fact.queue}{step}"
        case WaitAnnounced():
            minutes = fact.expected_s / 60
            return "engine", f"promises an agent within {minutes:.0f} min (place {fact.position})"
        case CallbackPromised():
            return "caller", f"wants to be called back at {fact.number} (queue {fact.queue})"
        case _:
            assert_never(fact)


def _conversation(fact: PersonJoined | PersonLeft | RecordingKept) -> tuple[str, str]:
    match fact:
        case PersonJoined():
            recorded = ", recorded" if fact.recording else ""
            return f"agent {fact.agent}", (
                f"talks with the caller after a wait of {fact.waited_s:.1f} s{recorded}"
            )
        case PersonLeft():
            left = {"agent": f"agent {fact.agent}", "system": "engine"}.get(fact.by, fact.by)
            return left, f"ends the conversation after {fact.talked_s:.1f} s"
        case RecordingKept():
            return "engine", f"keeps {fact.duration_s:.1f} s of {fact.purpose}: {fact.recording}"
        case _:
            assert_never(fact)


def _turn(
    fact: TalkTurned
    | RecordingOrdered
    | PersonTransferred
    | TransferRefused
    | OutsideJoined
    | OutsideLeft,
) -> tuple[str, str]:
    match fact:
        case TalkTurned():
            third = f" with {fact.third}" if fact.third else ""
            paused = ", recording paused" if fact.recording_paused else ""
            return f"agent {fact.agent}", f"is {fact.phase}{third}{paused}"
        case RecordingOrdered():
            when = "from here on" if fact.begins else "no longer"
            said = f"has the conversation of agent {fact.agent} recorded {when}"
            return fact.by or "engine", said
        case PersonTransferred():
            how = "after speaking with them" if fact.attended else "at once"
            return f"agent {fact.agent}", f"hands the caller over to {fact.target} {how}"
        case TransferRefused():
            return "engine", f"refuses agent {fact.agent} {fact.target}: {fact.reason}"
        case OutsideJoined():
            return "engine", f"joins the caller with {fact.number}"
        case OutsideLeft():
            by = fact.by.replace("system", "engine")
            return by, f"ends the conversation with {fact.number} after {fact.talked_s:.1f} s"
        case _:
            assert_never(fact)


def _house(
    fact: CalledOut | ObservationBegan | ObservationEnded | WrapUpNoted,
) -> tuple[str, str]:
    match fact:
        case CalledOut():
            return f"agent {fact.agent}", "calls out by hand"
        case ObservationBegan():
            return f"agent {fact.supervisor}", f"observes agent {fact.agent}: {fact.mode}"
        case ObservationEnded():
            return f"agent {fact.supervisor}", (
                f"observes agent {fact.agent} no longer after {fact.observed_s:.1f} s: {fact.mode}"
            )
        case WrapUpNoted():
            note = f" ({fact.note})" if fact.note else ""
            return f"agent {fact.agent}", f"notes {fact.code}{note}"
        case _:
            assert_never(fact)
