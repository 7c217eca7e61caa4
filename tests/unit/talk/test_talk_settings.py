"""Settings of conversations: what agents key for whom."""

import pytest
from pydantic import ValidationError

from ivrengine.calls.talk.orders import Target, TargetKind, parse_target
from ivrengine.calls.talk.settings import TalkSettings

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "codes", [{"a": "queue:x"}, {"1": "agent:8002"}, {"1": "nonsense"}, {"": "queue:x"}]
)
def test_a_code_that_leads_to_no_queue_or_menu_is_refused(codes: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        TalkSettings(codes=codes)


def test_codes_come_before_numbers_and_the_prefix_before_agents() -> None:
    settings = TalkSettings(codes={"8002": "queue:vip"}, outside_prefix="9")
    assert settings.target_of("8002") == Target(kind=TargetKind.QUEUE, name="vip")
    assert settings.target_of("9138") == Target(kind=TargetKind.OUTSIDE, name="138")
    assert settings.target_of("8003") == Target(kind=TargetKind.AGENT, name="8003")


@pytest.mark.parametrize("text", ["", "8002", "agent", "agent:80 02", "robot:1", "agent:8002;x"])
def test_what_is_no_target_is_read_as_none(text: str) -> None:
    assert parse_target(text) is None


@pytest.mark.parametrize("text", ["agent:8002", "queue:trading", "menu:", "outside:+8613800000000"])
def test_a_target_is_written_as_it_is_read(text: str) -> None:
    assert str(parse_target(text)) == text
