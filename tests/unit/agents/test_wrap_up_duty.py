"""A queue that insists on a code has codes, and keeps its agents in wrap-up long enough."""

import pytest
from pydantic import ValidationError

from ivrengine.agents.queue_settings import Members, QueueSettings, WrapUpCode
from ivrengine.agents.settings import Name

pytestmark = pytest.mark.unit

NAME = Name(zh="投诉", en="Complaints")
SETTLED = WrapUpCode(code="1", name=NAME)


def queue(
    wrap_up_s: float = 10, within_s: float | None = None, codes: tuple[WrapUpCode, ...] = (SETTLED,)
) -> QueueSettings:
    return QueueSettings(
        name="complaints",
        title=NAME,
        members=Members(skill="complaints"),
        wrap_up_s=wrap_up_s,
        wrap_up_codes=codes,
        wrap_up_code_within_s=within_s,
    )


def test_a_duty_to_note_a_code_needs_codes() -> None:
    with pytest.raises(ValidationError, match="there are no wrap_up_codes to note"):
        queue(within_s=90, codes=())


@pytest.mark.parametrize(
    ("wrap_up_s", "within_s", "longest_s"), [(10, None, 10), (10, 90, 90), (120, 90, 120)]
)
def test_wrap_up_lasts_as_long_as_a_code_is_waited_for(
    wrap_up_s: float, within_s: float | None, longest_s: float
) -> None:
    assert queue(wrap_up_s, within_s).longest_wrap_up_s() == longest_s
