"""A queue may send callers to their own branch or dialect first."""

import pytest

from acd.requirements import ANYBODY, Requirement, SkillName, parse_requirement
from ivrengine.agents.home import home_first
from ivrengine.agents.queue_settings import HomeFirstSettings

pytestmark = pytest.mark.unit

BOTH = HomeFirstSettings(branch=True, dialect=True)


@pytest.mark.parametrize(
    ("settings", "branch", "dialect", "needs"),
    [
        (BOTH, "suzhou", "wu", parse_requirement("branch.suzhou or dialect.wu")),
        (BOTH, "suzhou", "", parse_requirement("branch.suzhou")),
        (BOTH, "", "wu", parse_requirement("dialect.wu")),
        (BOTH, "", "", ANYBODY),
        (HomeFirstSettings(branch=True), "suzhou", "wu", parse_requirement("branch.suzhou")),
        (HomeFirstSettings(dialect=True), "suzhou", "wu", parse_requirement("dialect.wu")),
        (HomeFirstSettings(), "suzhou", "wu", ANYBODY),
        (None, "suzhou", "wu", ANYBODY),
    ],
)
def test_the_own_branch_and_dialect_are_preferred_as_far_as_they_are_known(
    settings: HomeFirstSettings | None, branch: str, dialect: str, needs: Requirement
) -> None:
    found = home_first(settings, branch=branch, dialect=dialect)
    for skill in ("branch.suzhou", "branch.beijing", "dialect.wu", "trading"):
        agent = {SkillName(skill): 1}
        assert found.met_by(agent) == needs.met_by(agent)
    assert (found == ANYBODY) is (needs == ANYBODY)
