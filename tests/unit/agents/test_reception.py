"""What a call says of its caller reaches distribution."""

import pytest

from acd.events import ContactQueued, LiveEvent
from acd.model import ContactId
from acd.requirements import ANYBODY, SkillName
from ivrengine.agents.ports import PersonWanted, VisitEvent
from ivrengine.agents.queue_settings import HomeFirstSettings
from ivrengine.agents.reception import Reception
from ivrengine.values import Language, PhoneNumber
from tests.kit.bench.world import demo_roster

pytestmark = pytest.mark.unit


def _ignore(event: VisitEvent) -> None:
    """Takes news of the visit."""


def _asked(queue: str, *, band: int | None = None, branch: str = "") -> ContactQueued:
    filed: list[LiveEvent] = []
    wanted = PersonWanted(
        contact=ContactId("c"),
        queue=queue,
        agent=None,
        caller=PhoneNumber("13800100001"),
        language=Language.MANDARIN,
        since=7.0,
        band=band,
        branch=branch,
    )
    Reception(filed.append, demo_roster).ask(wanted, _ignore)
    (event,) = filed
    assert isinstance(event, ContactQueued)
    return event


def test_the_band_and_the_number_of_a_caller_are_told() -> None:
    event = _asked("general", band=0)
    assert (event.band, event.number, event.enqueued_at) == (0, "13800100001", 7.0)
    assert event.prefers_needs == ANYBODY


def test_a_queue_that_prefers_the_own_branch_is_told_which_it_is() -> None:
    settings = demo_roster().queues["technical"].home_first
    assert isinstance(settings, HomeFirstSettings)
    event = _asked("technical", branch="suzhou")
    assert event.prefers_needs.met_by({SkillName("branch.suzhou"): 1})
    assert not event.prefers_needs.met_by({SkillName("technical"): 1})
    assert event.prefers_for_s == settings.for_s
