"""One row of the list of calls as a fold over the call's facts. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from ivrengine.calls.facts import (
    AnyFact,
    CallAdmitted,
    CallAnswered,
    CallEnded,
    CallerIdentified,
    CallRefused,
    LanguageChosen,
    PersonJoined,
    PersonSought,
    RecordingKept,
)
from ivrengine.calls.ports import CallSummary

SUMMARISED: tuple[type[AnyFact], ...] = (
    CallAdmitted,
    CallRefused,
    CallerIdentified,
    CallAnswered,
    LanguageChosen,
    PersonSought,
    PersonJoined,
    RecordingKept,
    CallEnded,
)
"""The kinds of fact that a summary depends on; all others may be left out of the fold."""


def summarise(facts: Iterable[AnyFact]) -> CallSummary | None:
    """Fold facts of one call, in order, into its row; None when there are none.

    Facts may begin in the middle of a call: what is not known stays empty.
    """
    row: CallSummary | None = None
    for fact in facts:
        row = _step(row or _blank(fact), fact)
    return row


def _blank(fact: AnyFact) -> CallSummary:
    return CallSummary(
        call=fact.call,
        started_at=fact.at,
        answered_at=0.0,
        ended_at=0.0,
        caller="",
        dialled="",
        trunk="",
        caller_class="",
        language="",
        queue="",
        agent="",
        outcome="",
        ended_by="",
    )


def _step(row: CallSummary, fact: AnyFact) -> CallSummary:
    match fact:
        case CallAdmitted():
            return replace(_began(row, fact), outgoing=fact.outgoing)
        case CallRefused():
            began = _began(row, fact)
            return replace(began, ended_at=fact.at, outcome=fact.reason, ended_by="system")
        case CallerIdentified():
            return replace(row, caller_class=fact.caller_class)
        case CallAnswered():
            return replace(row, answered_at=fact.at)
        case LanguageChosen():
            return replace(row, language=fact.language)
        case PersonSought():
            return replace(row, queue=fact.queue or row.queue)
        case PersonJoined():
            return replace(row, agent=fact.agent)
        case RecordingKept():
            return _with_recording(row, fact.recording)
        case CallEnded():
            return replace(row, ended_at=fact.at, outcome=fact.outcome, ended_by=fact.by)
        case _:
            return row


def _began(row: CallSummary, fact: CallAdmitted | CallRefused) -> CallSummary:
    return replace(
        row,
        started_at=fact.at,
        caller=fact.caller,
        dialled=fact.dialled,
        trunk=fact.trunk,
        caller_class=fact.caller_class,
    )


def _with_recording(row: CallSummary, recording: str) -> CallSummary:
    if recording in row.recordings:
        return row
    return replace(row, recordings=(*row.recordings, recording))
