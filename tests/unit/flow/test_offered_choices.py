"""Where a key that nobody took, because there was no engine, can mean only one thing."""

import pytest

from ivrengine.flow.effects import Checkpoint
from ivrengine.flow.loader import load
from ivrengine.flow.stepper import Stepper
from ivrengine.values import Language
from tests.kit.flows import demo_sources

pytestmark = pytest.mark.unit

FLOWS = load(demo_sources())


@pytest.mark.parametrize(
    ("flow", "node", "offers"),
    [
        ("main", "choose_language", True),
        ("main", "greet", True),
        ("quotes", "notice", True),
        ("quotes", "ask_code", False),
        ("message", "once_more", False),
        ("callback", "sorry", False),
        ("message", "tell_first", False),
    ],
)
def test_a_key_is_a_choice_at_a_menu_and_in_the_words_before_one(
    flow: str, node: str, offers: bool
) -> None:
    version = FLOWS.flows[flow].version
    checkpoint = Checkpoint(frames=((flow, version, node),), language=Language.MANDARIN)
    assert Stepper(FLOWS).offers_choice(checkpoint) is offers


def test_a_key_at_a_node_of_another_version_is_no_choice() -> None:
    checkpoint = Checkpoint(
        frames=(("main", "another", "choose_language"),), language=Language.MANDARIN
    )
    assert not Stepper(FLOWS).offers_choice(checkpoint)
