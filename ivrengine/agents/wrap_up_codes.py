"""What agents may note of a conversation that they had, and the answers."""

import re
from dataclasses import dataclass

from ivrengine.agents.orders import NotPossible, UnknownAgent
from ivrengine.values import AgentNumber

_CODE = re.compile(r"\*14(\d{1,4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOrder:
    """``agent`` notes ``code`` for the newest conversation; ``note`` is in the agent's words."""

    agent: AgentNumber
    code: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """It stands in the record of ``call``, whose conversation came of ``queue``."""

    call: str
    queue: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchCode:
    """The code is none of those of the conversation's queue, which are ``known``."""

    known: tuple[str, ...]


NoteAnswer = Noted | NoSuchCode | UnknownAgent | NotPossible


def parse_wrap_up_code(dialled: str) -> str | None:
    """Return the code behind the feature code, such as 2 in ``*142``; None when it is another."""
    found = _CODE.fullmatch(dialled)
    return found[1] if found else None
