from enum import StrEnum
from pathlib import Path

import pytest

from acd.explanations import WhyNot
from acd.model import Disposition, OverflowCause, Pick

pytestmark = pytest.mark.unit

PAGE = (Path(__file__).parents[3] / "docs/routing.md").read_text(encoding="utf-8")
OF_OVERFLOW = (
    Disposition.CLOSED,
    Disposition.NOBODY,
    Disposition.FULL,
    Disposition.OVERFLOWED,
)


@pytest.mark.parametrize("word", [*Pick, *OverflowCause, *WhyNot, *OF_OVERFLOW])
def test_the_page_on_routing_says_what_every_word_means(word: StrEnum) -> None:
    assert f"`{word}`" in PAGE
