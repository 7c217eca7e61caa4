"""How a load goes, while it goes: a picture in a terminal, else a line every so often."""

import asyncio

from rich.console import Console
from rich.live import Live
from rich.table import Table

from ivrengine.load.glimpse import Glimpse
from ivrengine.load.progress import Progress
from ivrengine.load.run import Show

_DRAW_EVERY_S = 1.0
_LINE_EVERY_S = 10.0


def show_on(console: Console) -> Show:
    """Return what shows a load on this console, as the console is able to."""
    return _live(console) if console.is_terminal else _lines(console)


def _live(console: Console) -> Show:
    async def show(progress: Progress) -> None:
        with Live(console=console, auto_refresh=False, transient=True) as live:
            while True:
                live.update(_table(Glimpse.of(progress)), refresh=True)
                await asyncio.sleep(_DRAW_EVERY_S)

    return show


def _lines(console: Console) -> Show:
    async def show(progress: Progress) -> None:
        while True:
            console.print(Glimpse.of(progress).line(), soft_wrap=True)
            await asyncio.sleep(_LINE_EVERY_S)

    return show


def _table(glimpse: Glimpse) -> Table:
    table = Table(title=glimpse.title, title_justify="left", show_header=False, box=None)
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for name, value in glimpse.facts:
        table.add_row(name, value)
    return table
