"""``ivrengine queues``: who waits, how long, and for whom."""

from collections.abc import Sequence
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.table import Table

from ivrengine.cli.api import Api, connect
from ivrengine.cli.watching import show
from ivrengine.console.schemas import QueueShape

app = typer.Typer()

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
    for column in ("waiting", "longest wait (s)", "ready", "talking", "logged in", "members"):
        table.add_column(column, justify="right")
    for queue in queues:
        table.add_row(
            queue.name,
            f"{queue.title_zh} {queue.title_en}",
            str(queue.waiting),
            f"{queue.longest_wait_s:.0f}" if queue.waiting else "",
            str(queue.ready),
            str(queue.talking),
            str(queue.logged_in),
            str(queue.members),
        )
    return table
