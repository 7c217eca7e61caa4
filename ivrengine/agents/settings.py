"""What an operator sets about agents and queues: the shape of agents.yaml and queues.yaml."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_FROZEN = ConfigDict(frozen=True, extra="forbid")


class Name(BaseModel):
    """A name for people, in both languages."""

    model_config = _FROZEN

    zh: str = Field(min_length=1, description="in Mandarin")
    en: str = Field(min_length=1, description="in English")


class AgentSettings(BaseModel):
    """One agent."""

    model_config = _FROZEN

    number: str = Field(pattern=r"^\d{3,6}$", description="what the telephone registers as")
    name: Name = Field(description="the agent's name")
    skills: tuple[str, ...] = Field(default=(), description="skills that queues ask for")
    language: Literal["zh", "en"] = Field(
        default="zh", description="language of the confirmations that the agent hears"
    )


class OfferSettings(BaseModel):
    """How agents are offered a caller, and left alone when nothing came of it."""

    model_config = _FROZEN

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


class LineSettings(BaseModel):
    """The rules of one line of callers."""

    model_config = _FROZEN

    wrap_up_s: float = Field(
        default=10.0, ge=0, description="seconds for after-call work; 0 for none"
    )
    waits_unstaffed: bool = Field(
        default=False, description="whether callers wait while no agent is logged in"
    )
    band: int = Field(default=1, ge=0, description="lines of a smaller band are served first")
    offer: OfferSettings = Field(default=OfferSettings(), description="how offers are made")


class Members(BaseModel):
    """Who serves a queue: the agents with a skill, or those listed, or both."""

    model_config = _FROZEN

    skill: str | None = Field(default=None, description="every agent with this skill")
    agents: tuple[str, ...] = Field(default=(), description="these agents, by number")

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if self.skill is None and not self.agents:
            raise ValueError("name a skill, or list agents")
        return self


class QueueSettings(LineSettings):
    """One queue."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$", description="what flows call it")
    title: Name = Field(description="the queue's name for people")
    members: Members = Field(description="who serves it")


class AgentsFile(BaseModel):
    """The whole of agents.yaml."""

    model_config = _FROZEN

    agents: tuple[AgentSettings, ...] = Field(description="every agent")


class QueuesFile(BaseModel):
    """The whole of queues.yaml."""

    model_config = _FROZEN

    queues: tuple[QueueSettings, ...] = Field(description="every queue")
    by_number: LineSettings = Field(
        default=LineSettings(), description="rules for callers who ask for an agent by number"
    )


class DispatchSettings(BaseModel):
    """How the agents' side behaves as a program."""

    model_config = _FROZEN

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
