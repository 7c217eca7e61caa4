"""``ivrengine records``: what happened in calls, as a list and one by one as a dialogue."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ivrengine.calls.fact_codec import KINDS, decode
from ivrengine.calls.facts import AnyFact, NodeReached
from ivrengine.cli.api import connect, segment
from ivrengine.cli.dialogue import Line, dialogue
from ivrengine.clock import MARKET_ZONE, SteadyClock, iso_time
from ivrengine.config import load_settings
from ivrengine.console.schemas import CallRecordShape, FactShape, TimelineShape
from ivrengine.errors import ConfigError
from ivrengine.speech.catalogue import load
from ivrengine.values import Language

app = typer.Typer(help="Show what happened in calls.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

_LIST = TypeAdapter(list[CallRecordShape])
_AGE = re.compile(r"(\d+)([smhd])")
_UNIT_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@app.callback(invoke_without_command=True)
def records(
    context: typer.Context,
    *,
    since: Annotated[
        str, typer.Option(help="An age such as 30m, 2h or 1d, or a time with its zone.")
    ] = "",
    number: Annotated[str, typer.Option(help="Only this caller, dialled number or agent.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Rows at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List calls, newest first, unless a command is given."""
    if context.invoked_subcommand:
        return
    rows = connect().get(
        "call-records", list[CallRecordShape], since=_begin(since), number=number, limit=limit
    )
    if as_json:
        typer.echo(_LIST.dump_json(rows, indent=2))
    else:
        Console().print(_table(rows))


@app.command("show")
def show(
    call: Annotated[str, typer.Argument(help="The call's id, as the list shows it.")],
    as_json: AsJson = False,
) -> None:
    """Tell one call from its admission on."""
    timeline = connect().get(f"call-records/{segment(call)}", TimelineShape)
    if as_json:
        typer.echo(timeline.model_dump_json(indent=2))
        return
    console = Console(highlight=False)
    console.print(Text(f"{timeline.call.id}  {_local(timeline.call.started_at)}", style="bold"))
    for line in dialogue(_facts(timeline), _texts()):
        console.print(_rendered(line))


def _begin(since: str) -> str:
    if not since:
        return ""
    age = _AGE.fullmatch(since)
    if age:
        return iso_time(SteadyClock().now() - int(age[1]) * _UNIT_S[age[2]])
    try:
        begin = datetime.fromisoformat(since)
    except ValueError:
        raise typer.BadParameter(f"--since {since}: neither an age like 30m nor a time") from None
    return (begin if begin.tzinfo else begin.replace(tzinfo=MARKET_ZONE)).isoformat()


def _table(rows: Sequence[CallRecordShape]) -> Table:
    table = Table(title="Calls", title_justify="left")
    columns = (
        "call",
        "began",
        "way",
        "caller",
        "dialled",
        "language",
        "agent",
        "seconds",
        "outcome",
    )
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(
            row.id,
            _local(row.started_at),
            row.direction,
            row.caller,
            row.dialled,
            row.language,
            row.agent,
            "" if row.duration_s is None else f"{row.duration_s:.0f}",
            row.outcome or "up",
        )
    return table


def _facts(timeline: TimelineShape) -> Sequence[AnyFact]:
    return [_fact(shape, timeline.call.id) for shape in timeline.facts]


def _fact(shape: FactShape, call: str) -> AnyFact:
    fields = shape.model_dump()
    fields |= {"call": call, "at": datetime.fromisoformat(shape.at).timestamp()}
    if shape.kind == KINDS[NodeReached]:
        fields["checkpoint"] = {}
    return decode(json.dumps(fields))


def _texts() -> Callable[[str, str], str]:
    """Return what prompts say, as far as their texts are on this machine."""
    try:
        catalogue = load(load_settings().prompts / "texts")
    except ConfigError:
        return lambda prompt, _: prompt
    return lambda prompt, language: (
        catalogue.text(prompt, Language(language))
        if language in list(Language) and catalogue.has(prompt, Language(language))
        else prompt
    )


def _rendered(line: Line) -> Text:
    colour = {"caller": "cyan", "engine": "green"}.get(line.who, "magenta")
    return Text.assemble(
        (f"{line.after_s:8.2f} s  ", "dim"), (f"{line.who:<11}", colour), line.words
    )


def _local(at: str) -> str:
    return datetime.fromisoformat(at).astimezone(MARKET_ZONE).strftime("%Y-%m-%d %H:%M:%S")
