"""What an operator sets about agents and about offers to them: agents.yaml, and how it all runs."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from acd.model import Skill
from acd.requirements import SkillName
from ivrengine.agents.limits.settings import SignOutSettings

FROZEN = ConfigDict(frozen=True, extra="forbid")

BRANCH_SKILL = "branch."
"""Begins the skill that an agent of a branch has by sitting there, such as ``branch.suzhou``."""

_SKILL_NAME = re.compile(r"[^\W\d][\w.-]*")
_WORDS_OF_REQUIREMENTS = frozenset({"and", "or", "not", "anybody", "nobody"})


class Name(BaseModel):
    """A name for people, in both languages."""

    model_config = FROZEN

    zh: str = Field(min_length=1, description="in Mandarin")
    en: str = Field(min_length=1, description="in English")


def _levels(written: Any) -> Any:
    """Take a plain list of skills as well: each then at level 1."""
    if isinstance(written, list | tuple) and all(isinstance(name, str) for name in written):
        return dict.fromkeys(written, 1)
    return written


def _nameable(skills: Mapping[str, int]) -> Mapping[str, int]:
    for name in skills:
        if not _SKILL_NAME.fullmatch(name) or name in _WORDS_OF_REQUIREMENTS:
            raise ValueError(
                f"{name!r} cannot be a skill's name: letters, digits, dots and dashes, "
                f"beginning with a letter, and none of {', '.join(sorted(_WORDS_OF_REQUIREMENTS))}"
            )
    return skills


Level = Annotated[int, Field(ge=1, le=100)]


class LicenceSettings(BaseModel):
    """What allows an agent to use a skill, until it expires."""

    model_config = FROZEN

    number: str = Field(min_length=1, description="as it stands on the licence")
    expires: date = Field(description="the last day on which it holds")


class AgentSettings(BaseModel):
    """One agent."""

    model_config = FROZEN

    number: str = Field(pattern=r"^\d{3,6}$", description="what the telephone registers as")
    name: Name = Field(description="the agent's name")
    skills: Annotated[Mapping[str, Level], BeforeValidator(_levels), AfterValidator(_nameable)] = (
        Field(
            default_factory=dict,
            description="skills that queues ask for, each with its level from 1; "
            "a list of names means level 1",
        )
    )
    licences: Mapping[str, LicenceSettings] = Field(
        default_factory=dict,
        description="by skill: the licence without which the agent does not have it",
    )
    branch: str = Field(
        default="",
        pattern=r"^([a-z][a-z0-9_-]*)?$",
        description="where the agent sits, empty for headquarters; gives the skill branch.NAME",
    )
    language: Literal["zh", "en"] = Field(
        default="zh", description="language of the confirmations that the agent hears"
    )
    supervisor: bool = Field(
        default=False, description="whether the agent may observe others and log them out"
    )
    opens_itself: bool = Field(
        default=False,
        description="whether the telephone answers by itself when a supervisor wants a word",
    )

    @model_validator(mode="after")
    def _licences_are_for_skills(self) -> Self:
        for skill in self.licences:
            if skill not in self.skills:
                raise ValueError(f"licences: the agent has no skill {skill}")
        return self

    def levels(self, day: date | None = None) -> Mapping[SkillName, int]:
        """Return every skill with its level, that of the branch included.

        With ``day``, those are left out whose licence has expired by then.
        """
        of_branch = {f"{BRANCH_SKILL}{self.branch}": 1} if self.branch else {}
        held = {name: level for name, level in self.skills.items() if self._holds(name, day)}
        return {SkillName(name): level for name, level in {**of_branch, **held}.items()}

    def _holds(self, skill: str, day: date | None) -> bool:
        licence = self.licences.get(skill)
        return licence is None or day is None or day <= licence.expires

    def as_skills(self, day: date | None = None) -> tuple[Skill, ...]:
        """Return the skills that the agent has on ``day`` as the router is told them."""
        return tuple(Skill(name, level) for name, level in self.levels(day).items())


class AgentsFile(BaseModel):
    """The whole of agents.yaml."""

    model_config = FROZEN

    agents: tuple[AgentSettings, ...] = Field(description="every agent")
    sign_out: SignOutSettings = Field(
        default=SignOutSettings(), description="when absent agents are signed out"
    )


class OfferSettings(BaseModel):
    """How agents are offered a caller, and left alone when nothing came of it."""

    model_config = FROZEN

    reach_timeout_s: float = Field(
        default=5.0, gt=0, description="seconds until a telephone must have begun to ring"
    )
    ring_timeout_s: float = Field(default=15.0, gt=0, description="seconds a telephone rings")
    join_timeout_s: float = Field(
        default=30.0, gt=0, description="seconds from an answer until both hear each other"
    )
    exclusion_s: float = Field(
        default=30.0,
        ge=0,
        description="seconds in which who refused or missed a caller is not offered the same one",
    )
    rejected_cool_off_s: float = Field(
        default=5.0, ge=0, description="seconds of rest after a rejected offer"
    )
    missed_cool_off_s: float = Field(
        default=10.0, ge=0, description="seconds of rest after an unanswered offer"
    )
    busy_cool_off_s: float = Field(
        default=5.0, ge=0, description="seconds of rest after the telephone was busy"
    )
    unreachable_cool_off_s: float = Field(
        default=10.0, ge=0, description="seconds of rest after the telephone could not be reached"
    )
    failed_cool_off_s: float = Field(
        default=3.0, ge=0, description="seconds of rest after an offer failed in another way"
    )
    misses_allowed: int = Field(
        default=3, ge=1, description="unanswered offers in a row until no more are made"
    )


class DispatchSettings(BaseModel):
    """How the agents' side behaves as a program."""

    model_config = FROZEN

    claim_timeout_s: float = Field(
        default=30.0, gt=0, description="seconds after a restart until a caller must be found again"
    )
    position_interval_s: float = Field(
        default=1.0, gt=0, description="seconds between two reports of a caller's position"
    )
    hang_up_attempts: int = Field(
        default=3, ge=1, description="how often hanging up an agent's leg is tried"
    )
    vanish_grace_s: float = Field(
        default=3.0,
        ge=0,
        description="seconds that a telephone may be away before it counts as out of reach",
    )
    confirm_within_s: float = Field(
        default=5.0,
        gt=0,
        description="seconds after the first report in which every reachable telephone is reported",
    )
