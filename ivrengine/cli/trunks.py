"""``ivrengine trunks``: the lines, who holds them, and for whom the last ones are kept."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.table import Table

from ivrengine.cli.api import Api, connect
from ivrengine.cli.watching import show
from ivrengine.console.trunks_api import ClassInTrunkShape, TrunkShape

app = typer.Typer()

_LIST = TypeAdapter(list[TrunkShape])
_COLUMNS = ("in use", "leaves free", "at most", "asked", "refused", "refused %")


@app.command()
def trunks(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Keep it up to date.")] = False,
) -> None:
    """Show the lines of every trunk group, by class of call."""
    if as_json and watch:
        raise typer.BadParameter("--json prints once; leave out --watch")
    api = connect()
    if as_json:
        typer.echo(_LIST.dump_json(_asked(api), indent=2))
    else:
        show(lambda: _table(_asked(api)), watch=watch)


def _asked(api: Api) -> list[TrunkShape]:
    return api.get("trunks", list[TrunkShape])


def _table(trunks: Sequence[TrunkShape]) -> Table:
    table = Table(title="Trunk groups", title_justify="left")
    table.add_column("group")
    table.add_column("class")
    for column in _COLUMNS:
        table.add_column(column, justify="right")
    for trunk in trunks:
        table.add_row(*_whole(trunk), style="bold")
        for name, each in trunk.classes.items():
            table.add_row("", name, *_cells(each))
        table.add_section()
    return table


def _whole(trunk: TrunkShape) -> Iterator[str]:
    yield trunk.name
    yield f"{trunk.lines} lines, {trunk.free} free, most {trunk.peak}"
    yield str(trunk.in_use)
    yield ""
    yield ""
    yield from _counts(trunk.attempts, trunk.refused)


def _cells(each: ClassInTrunkShape) -> Iterator[str]:
    yield str(each.in_use)
    yield str(each.leaves_free)
    yield "" if each.at_most is None else str(each.at_most)
    yield from _counts(each.attempts, each.refused)


def _counts(attempts: int, refused: int) -> Iterator[str]:
    yield str(attempts)
    yield str(refused)
    yield f"{100 * refused / attempts:.2f}" if attempts else ""
