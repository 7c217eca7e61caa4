"""An operator's settings for waiting callers become what flows say."""

import pytest

from ivrengine.agents.waiting_plans import plan_of
from ivrengine.agents.waiting_settings import WaitingSettings
from ivrengine.flow.waiting import PlannedFigure, PlannedMusic, WaitingPlan
from ivrengine.values import Language

pytestmark = pytest.mark.unit


def test_nothing_set_leaves_all_to_the_flow() -> None:
    assert plan_of(WaitingSettings()) == WaitingPlan()


def test_everything_set_is_planned() -> None:
    plan = plan_of(
        WaitingSettings.model_validate(
            {
                "music": [{"after_s": 0, "music": "default"}, {"after_s": 60, "music": "calm"}],
                "announcements": [
                    {"after_s": 20, "say": "queue.keys"},
                    {"after_s": 90, "every_s": 60, "say": {"en": "a.b"}, "barge_in": False},
                ],
                "position": {"after_s": 5, "every_s": 30, "at_most": 10},
                "expected_wait": {"after_s": 10, "every_s": 60},
            }
        )
    )
    assert plan.music[1] == PlannedMusic(after_s=60, music_class="calm")
    assert [plan.music_at(at) for at in (0, 59, 60, 1000)] == [
        "default",
        "default",
        "calm",
        "calm",
    ]
    once, often = plan.words
    assert dict(once.prompts) == {each: "queue.keys" for each in Language}
    assert (once.every_s, once.barge_in) == (None, True)
    assert dict(often.prompts) == {Language.ENGLISH: "a.b"}
    assert (often.every_s, often.barge_in) == (60, False)
    assert plan.position == PlannedFigure(after_s=5, every_s=30, at_most=10)
    assert plan.expected_wait == PlannedFigure(after_s=10, every_s=60)


@pytest.mark.parametrize(("figure", "said"), [(0, False), (10, True), (11, False)])
def test_a_figure_is_said_up_to_its_limit(figure: int, said: bool) -> None:
    assert PlannedFigure(after_s=0, every_s=30, at_most=10).may_be_said(figure) is said
