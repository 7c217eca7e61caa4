"""``ivrengine agents``: who works and how they stand, and orders for them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.table import Table
from rich.text import Text

from ivrengine.agents.orders import AgentVerb
from ivrengine.cli.api import Api, connect, segment
from ivrengine.cli.watching import show
from ivrengine.clock import MARKET_ZONE, SteadyClock, local_time
from ivrengine.console.schemas import AgentShape

app = typer.Typer(help="Show agents and change their state.")

Number = Annotated[str, typer.Argument(help="The agent's number, such as 8001.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

_COLOURS = {"ready": "green", "talking": "cyan", "ringing": "yellow", "logged_out": "dim"}
_LIST = TypeAdapter(list[AgentShape])


@app.callback(invoke_without_command=True)
def agents(
    context: typer.Context,
    as_json: AsJson = False,
    watch: Annotated[bool, typer.Option("--watch", help="Keep it up to date.")] = False,
) -> None:
    """List every agent, unless a command is given."""
    if context.invoked_subcommand:
        return
    if as_json and watch:
        raise typer.BadParameter("--json prints once; leave out --watch")
    api = connect()
    if as_json:
        typer.echo(_LIST.dump_json(_asked(api), indent=2))
    else:
        show(lambda: _table(_asked(api)), watch=watch)


@app.command("login")
def login(number: Number, as_json: AsJson = False) -> None:
    """Log an agent in."""
    _order(number, AgentVerb.LOG_IN, as_json=as_json)


@app.command("ready")
def ready(number: Number, as_json: AsJson = False) -> None:
    """Make an agent ready for callers."""
    _order(number, AgentVerb.READY, as_json=as_json)


@app.command("not-ready")
def not_ready(
    number: Number,
    reason: Annotated[str, typer.Option(help="Why, such as meal.")] = "other",
    as_json: AsJson = False,
) -> None:
    """Keep callers from an agent for a while."""
    _order(number, AgentVerb.NOT_READY, {"reason": reason}, as_json=as_json)


@app.command("logout")
def logout(number: Number, as_json: AsJson = False) -> None:
    """Log an agent out."""
    _order(number, AgentVerb.LOG_OUT, as_json=as_json)


@app.command("end-wrap-up")
def end_wrap_up(number: Number, as_json: AsJson = False) -> None:
    """End an agent's wrap-up early."""
    _order(number, AgentVerb.END_WRAP_UP, as_json=as_json)


def _asked(api: Api) -> list[AgentShape]:
    return api.get("agents", list[AgentShape])


def _order(
    number: str, verb: AgentVerb, body: Mapping[str, str] | None = None, *, as_json: bool
) -> None:
    agent = connect().post(f"agents/{segment(number)}/{verb}", AgentShape, body or {})
    if as_json:
        typer.echo(agent.model_dump_json(indent=2))
    else:
        typer.echo(f"{agent.number} {agent.name_en}: {_state(agent)}")


def _table(agents: Sequence[AgentShape]) -> Table:
    table = Table(title="Agents", title_justify="left")
    for column in ("number", "name", "state", "for", "telephone"):
        table.add_column(column)
    for column in ("calls", "occupancy"):
        table.add_column(column, justify="right")
    for column in ("queues", "serves"):
        table.add_column(column)
    now = local_time(SteadyClock().now())
    for agent in agents:
        table.add_row(
            agent.number,
            f"{agent.name_zh} {agent.name_en}",
            Text(_state(agent), style=_style(agent)),
            _age(now, agent.since),
            agent.device,
            str(agent.handled_today),
            "" if agent.occupancy_today is None else f"{100 * agent.occupancy_today:.0f} %",
            " ".join(agent.queues),
            agent.contact,
        )
    return table


def _style(agent: AgentShape) -> str:
    return "bold red" if agent.overlong else _COLOURS.get(agent.state, "")


def _state(agent: AgentShape) -> str:
    words = [agent.state.replace("_", " ")]
    if agent.reason:
        words.append(f"({agent.reason})")
    if agent.pending:
        words.append(f"then {agent.pending}")
    if agent.forced_by:
        words.append(f"by {agent.forced_by}")
    if agent.overlong:
        words.append(f"too long: {', '.join(agent.overlong).replace('_', ' ')}")
    return " ".join(words)


def _age(now: datetime, since: str) -> str:
    begun = datetime.fromisoformat(since).astimezone(MARKET_ZONE)
    age = max(now - begun, timedelta())
    return "" if begun.year == 1970 else str(timedelta(seconds=int(age.total_seconds())))
