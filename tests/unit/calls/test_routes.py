import pytest

from ivrengine.calls.routes import NumberSettings, Routes

pytestmark = pytest.mark.unit


def test_a_number_leads_to_its_flow_and_an_unknown_one_nowhere() -> None:
    routes = Routes(
        [
            NumberSettings(number="1", trunk="main", lines=2),
            NumberSettings(number="2", trunk="main", lines=2, flow="other"),
        ]
    )
    assert routes.flow_for("1") == ""
    assert routes.flow_for("2") == "other"
    assert routes.flow_for("3") is None
