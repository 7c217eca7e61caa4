"""Every figure that is reported is explained in the documentation."""

from dataclasses import fields
from pathlib import Path

import pytest

from acd.kpis.agent_report import AuxTime, CallFigures, LoadFigures, TimeFigures
from acd.kpis.offer_figures import OfferFigures
from acd.kpis.queue_report import (
    AnnouncementFigures,
    CallbackFigures,
    HandlingFigures,
    Percentiles,
    QueueReport,
    ServiceLevels,
    VisitFigures,
    WaitFigures,
)
from acd.kpis.trunk_report import ClassReport, TrunkReport

pytestmark = pytest.mark.unit

PAGE = Path(__file__).parents[4] / "docs/kpis.md"
FIGURES = (
    VisitFigures,
    ServiceLevels,
    WaitFigures,
    Percentiles,
    HandlingFigures,
    OfferFigures,
    CallbackFigures,
    AnnouncementFigures,
    TimeFigures,
    AuxTime,
    LoadFigures,
    CallFigures,
    ClassReport,
    TrunkReport,
    QueueReport,
)
KEYS = {"queue", "trunk", "begin_s", "end_s", "classes", "visits", "service", "waits", "handling"}
KEYS |= {"callbacks", "announcements"}


@pytest.mark.parametrize("figures", FIGURES)
def test_every_field_of_a_report_is_on_the_page(figures: type) -> None:
    page = PAGE.read_text(encoding="utf-8")
    names = [field.name for field in fields(figures) if field.name not in KEYS]
    assert [name for name in names if f"`{name}`" not in page] == []
