"""The form of a prompt's id, and where its audio lies below a folder of one language."""

import re
from pathlib import PurePosixPath

PROMPT_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
"""Lower-case words with at least one dot between them, so that an id is always a path too."""


def audio_path(prompt_id: str, suffix: str) -> PurePosixPath:
    """Return ``menu/main.ulaw`` for ``menu.main``; ``suffix`` comes with its dot."""
    return PurePosixPath(*prompt_id.split(".")).with_name(prompt_id.rpartition(".")[2] + suffix)
