"""Prints a table once, or again and again until Ctrl-C."""

import time
from collections.abc import Callable

from rich.console import Console, RenderableType
from rich.live import Live

EVERY_S = 1.0


def show(render: Callable[[], RenderableType], *, watch: bool) -> None:
    """Print what ``render`` returns; with ``watch``, keep it up to date until Ctrl-C."""
    if not watch:
        Console().print(render())
        return
    try:
        with Live(render(), console=Console(), auto_refresh=False, screen=False) as live:
            while True:
                time.sleep(EVERY_S)
                live.update(render(), refresh=True)
    except KeyboardInterrupt:
        # Ctrl-C is how watching ends.
        return
