"""Systems that are not running yet, their prompts laid out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kit.instance import Instance
from tests.kit.laid_out import lay_out

NewSystem = Callable[..., Instance]


@pytest.fixture
def new_system(request: pytest.FixtureRequest, tmp_path: Path) -> NewSystem:
    """Gives a folder and ports to a system: `new_system("first")`, or with other settings."""
    shelf = Path(request.config.cache.mkdir("prompts"))

    def give(name: str = "system", **settings: str) -> Instance:
        lay_out(shelf, tmp_path / name / "prompts")
        return Instance(tmp_path / name, settings=settings)

    return give
