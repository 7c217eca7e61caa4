"""The operators' page lists every key of their files, with its default and what it means."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from ivrengine.agents.calendar_settings import CalendarSettings, HolidaySettings
from ivrengine.agents.limits.settings import OverlongSettings, SignOutSettings
from ivrengine.agents.queue_settings import (
    AgeingSettings,
    CallbackSettings,
    HomeFirstSettings,
    LastAgentSettings,
    LineSettings,
    Members,
    OverflowBySize,
    OverflowByState,
    OverflowByTime,
    QueueSettings,
    ServiceLevelSettings,
    StatisticsSettings,
    StepSettings,
    WrapUpCode,
)
from ivrengine.agents.settings import AgentSettings, LicenceSettings, OfferSettings
from ivrengine.agents.waiting_settings import (
    AnnouncementSettings,
    MusicSettings,
    SpokenFigure,
    WaitingSettings,
)

pytestmark = pytest.mark.unit

PAGE = Path(__file__).parents[3] / "docs" / "operators.md"
MODELS: list[type[BaseModel]] = [
    AgentSettings,
    LicenceSettings,
    SignOutSettings,
    OverlongSettings,
    QueueSettings,
    LineSettings,
    Members,
    StepSettings,
    AgeingSettings,
    OverflowBySize,
    OverflowByTime,
    OverflowByState,
    CallbackSettings,
    LastAgentSettings,
    HomeFirstSettings,
    WrapUpCode,
    ServiceLevelSettings,
    OfferSettings,
    WaitingSettings,
    MusicSettings,
    AnnouncementSettings,
    SpokenFigure,
    StatisticsSettings,
    CalendarSettings,
    HolidaySettings,
]


def rows(model: type[BaseModel]) -> Iterator[str]:
    """Give the rows of a table of all fields."""
    for name, field in model.model_fields.items():
        meaning = (field.description or "").replace("|", "\\|")
        yield f"| `{name}` | {_default(field.default)} | {meaning} |"


def _default(value: object) -> str:
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case int() | float():
            return f"{value:g}"
        case str() if value:
            return f"`{value}`"
        case _ if value is PydanticUndefined:
            return ""
        case _:
            return ""


@pytest.mark.parametrize("model", MODELS)
def test_every_key_stands_on_the_page_with_its_default_and_meaning(model: type[BaseModel]) -> None:
    page = set(PAGE.read_text("utf-8").splitlines())
    missing = [row for row in rows(model) if row not in page]
    assert not missing, "\n".join(["add these rows:", *missing])
