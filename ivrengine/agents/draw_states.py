"""Writes the pages of state diagrams: ``python -m ivrengine.agents.draw_states docs/states``."""

import sys
from pathlib import Path

from acd.diagrams import pages


def write(folder: Path) -> None:
    """Write every page into ``folder``, in place of what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
