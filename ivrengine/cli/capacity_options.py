"""The options of ``ivrengine capacity``: times in seconds, shares in per cent, how they read."""

import re
from collections.abc import Sequence
from typing import Annotated

import typer

from acd.capacity.trunks import Group, Reserved

_PERCENT = r"(\d+(?:\.\d+)?)\s*%?"
_SERVICE_LEVEL = re.compile(rf"{_PERCENT}\s*/\s*(\d+(?:\.\d+)?)\s*s?")
_RESERVED = re.compile(rf"([\w-]+)={_PERCENT}(?::{_PERCENT})?")
_GROUP = re.compile(rf"([\w-]+)={_PERCENT}(?::(\d+))?")
_USUAL_OF_RESERVED = "0.1"

CallsPerHour = Annotated[
    float | None,
    typer.Option(min=0.01, help="Calls of the busy hour; left out: what load is borne."),
]
Talk = Annotated[float, typer.Option(min=1, help="Mean talk with an agent, in s.")]
AfterCall = Annotated[
    float, typer.Option(min=0, help="Mean work after the call, in s; holds no line.")
]
SelfService = Annotated[float, typer.Option(min=0, help="Mean time in menus, in s.")]
SharePerson = Annotated[
    float, typer.Option(min=0, max=100, help="Callers who ask for a person, in %.")
]
Patience = Annotated[
    float, typer.Option(min=1, help="Mean time until a waiting caller hangs up, in s.")
]
ServiceLevel = Annotated[
    str, typer.Option(metavar="SHARE/SECONDS", help="Share of callers served, within how long.")
]
Abandon = Annotated[
    float, typer.Option(min=0.01, max=100, help="Callers who may hang up while waiting, in %.")
]
Blocking = Annotated[
    float, typer.Option(min=0.0001, max=99, help="Calls that may find no line, in %.")
]
Shrinkage = Annotated[
    float, typer.Option(min=0, max=99, help="Paid time in which agents do not serve, in %.")
]
ReservedClasses = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=SHARE%[:BLOCKING%]",
        help="A class for which lines are kept, the best first; its blocking is 0.1 % if left out.",
        show_default=False,
    ),
]
Groups = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=SHARE%[:LINES]",
        help="A number that is called: its share of all calls, and its lines if there are any yet.",
        show_default=False,
    ),
]
Lines = Annotated[int | None, typer.Option(min=1, help="Lines, of a single group.")]
Agents = Annotated[int | None, typer.Option(min=1, help="Agents who serve at the same time.")]
NodesThere = Annotated[int | None, typer.Option(min=1, help="Engine nodes.")]
Pace = Annotated[
    float,
    typer.Option(
        min=0.01,
        help="Speed of the cores: ms that a fixed computation takes there, the pace of the "
        "processors that `ivrengine load` prints.",
    ),
]
CoresPerNode = Annotated[int, typer.Option(min=1, help="Processor cores of a node.")]
Steps = Annotated[str, typer.Option(metavar="PERCENT,…", help="Loads to show beside, in %.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def service_level_in(text: str) -> tuple[float, float]:
    """Read ``80/20``: 80 per cent within 20 seconds, as share and seconds."""
    found = _SERVICE_LEVEL.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"--service-level is like 80/20, not {text!r}")
    return _share(found[1]), float(found[2])


def reserved_in(texts: Sequence[str]) -> tuple[Reserved, ...]:
    """Read ``trading=5%`` or ``trading=5%:0.1%``."""
    return tuple(_reserved(text) for text in texts)


def groups_in(texts: Sequence[str], lines: int | None) -> tuple[Group, ...]:
    """Read ``main=90%`` or ``main=90%:420``; without any, all calls come to one group."""
    if texts and lines is not None:
        raise typer.BadParameter("with --group, say the lines of each: NAME=SHARE%:LINES")
    return tuple(_group(text) for text in texts) or (Group(name="lines", share=1, lines=lines),)


def steps_in(text: str) -> tuple[float, ...]:
    """Read ``50,100,150`` as factors."""
    parts = [part.strip().removesuffix("%") for part in text.split(",")]
    if not all(re.fullmatch(r"\d+(\.\d+)?", part) and float(part) for part in parts):
        raise typer.BadParameter(f"--steps is like 50,100,150, not {text!r}")
    return tuple(_share(part) for part in parts)


def _reserved(text: str) -> Reserved:
    found = _RESERVED.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"--reserved is like trading=5% or trading=5%:0.1%, not {text!r}")
    return Reserved(
        name=found[1],
        share=_share(found[2]),
        blocking=_share(found[3] or _USUAL_OF_RESERVED),
    )


def _group(text: str) -> Group:
    found = _GROUP.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"--group is like main=90% or main=90%:420, not {text!r}")
    lines = int(found[3]) if found[3] else None
    if lines == 0:
        raise typer.BadParameter(f"group {found[1]} has no lines")
    return Group(name=found[1], share=_share(found[2]), lines=lines)


def _share(percent: str) -> float:
    return float(percent) / 100
