"""``ivrengine queues``: who waits, how long, for whom, and how well today went."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.table import Table
from rich.text import Text

from ivrengine.cli.api import Api, connect
from ivrengine.cli.watching import show
from ivrengine.console.schemas import QueueShape

app = typer.Typer()

_COLUMNS = (
    "waiting",
    "longest wait",
    "expected wait",
    "ready",
    "talking",
    "wrap-up",
    "logged in",
    "calls today",
    "service level",
    "abandoned",
)
_LIST = TypeAdapter(list[QueueShape])


@app.command()
def queues(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Keep it up to date.")] = False,
) -> None:
    """Show every queue as it stands."""
    if as_json and watch:
        raise typer.BadParameter("--json prints once; leave out --watch")
    api = connect()
    if as_json:
        typer.echo(_LIST.dump_json(_asked(api), indent=2))
    else:
        show(lambda: _table(_asked(api)), watch=watch)


def _asked(api: Api) -> list[QueueShape]:
    return api.get("queues", list[QueueShape])


def _table(queues: Sequence[QueueShape]) -> Table:
    table = Table(title="Queues", title_justify="left")
    table.add_column("queue")
    table.add_column("title")
    for column in _COLUMNS:
        table.add_column(column, justify="right")
    for queue in queues:
        table.add_row(
            queue.name,
            f"{queue.title_zh} {queue.title_en}",
            Text(str(queue.waiting), style="bold yellow" if queue.waiting else ""),
            _seconds(queue.longest_wait_s if queue.waiting else None),
            _seconds(queue.expected_wait_s),
            Text(str(queue.ready), style="green" if queue.ready else ""),
            str(queue.talking),
            str(queue.wrapping_up),
            f"{queue.logged_in} of {queue.members}",
            str(queue.entered_today),
            _percent(queue.service_level_today),
            _percent(queue.abandon_rate_today),
        )
    return table


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else str(timedelta(seconds=round(seconds))).removeprefix("0:")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f} %"
