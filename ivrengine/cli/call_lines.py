"""The lines of a demonstration call on the terminal."""

from rich.console import Console
from rich.text import Text

from ivrengine.demo.narrator import Deed, Line

_VERBS = {Deed.DOES: "", Deed.SAYS: "says ", Deed.HEARS: "hears "}
_STYLES = {Deed.DOES: "bold", Deed.SAYS: "", Deed.HEARS: ""}


class DialogueLines:
    """Prints one line after the other: when, who, and what is done, said or heard."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def tell(self, line: Line) -> None:
        """Print ``line``."""
        self._console.print(
            Text.assemble(
                (f"{line.at_s:7.1f} s  ", "dim"),
                (f"{line.who:<11}", "cyan" if line.who == "caller" else "magenta"),
                (_VERBS[line.deed], "dim"),
                (line.words, _STYLES[line.deed]),
            )
        )
