"""The prompts as the softswitch plays them, laid out once for all instances and all runs.

To lay them out takes many seconds; to copy them takes one.  Every instance still compares its copy
with the masters when it starts.
"""

import fcntl
import shutil
from pathlib import Path

from ivrengine.speech.library import install


def lay_out(shelf: Path, target: Path) -> None:
    """Copies the prompts to `target` from `shelf`, which is brought up to date first."""
    shelf.mkdir(parents=True, exist_ok=True)
    with (shelf / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install(shelf / "prompts")
        shutil.copytree(shelf / "prompts", target, dirs_exist_ok=True)
