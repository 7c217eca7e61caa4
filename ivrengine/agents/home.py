"""Callers come to their own branch or dialect first: what that means for one caller. Pure."""

from acd.requirements import ANYBODY, AnyOf, AtLeast, Requirement, SkillName
from ivrengine.agents.queue_settings import HomeFirstSettings
from ivrengine.agents.settings import BRANCH_SKILL

DIALECT_SKILL = "dialect."
"""Begins the skill of an agent who speaks a dialect, such as ``dialect.wu``."""


def home_first(settings: HomeFirstSettings | None, *, branch: str, dialect: str) -> Requirement:
    """Return which agents are preferred for a caller of ``branch`` who speaks ``dialect``.

    ``ANYBODY`` stands for no preference, also where nothing is known of the caller.
    """
    if settings is None:
        return ANYBODY
    skills = []
    if settings.branch and branch:
        skills.append(f"{BRANCH_SKILL}{branch}")
    if settings.dialect and dialect:
        skills.append(f"{DIALECT_SKILL}{dialect}")
    parts = tuple(AtLeast(SkillName(skill)) for skill in skills)
    return AnyOf(parts) if parts else ANYBODY
