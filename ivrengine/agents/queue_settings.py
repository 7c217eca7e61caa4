"""What an operator sets about queues: the shape of queues.yaml."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from acd.model import Ageing, CallbackRules, OverflowCause, OverflowRule, Pick, QueueName, Step
from acd.requirements import ANYBODY, AtLeast, Requirement, SkillName, parse_requirement
from ivrengine.agents.limits.settings import OverlongSettings
from ivrengine.agents.settings import FROZEN, Name, OfferSettings
from ivrengine.agents.waiting_settings import WaitingSettings

QUEUE_NAME = r"^[a-z][a-z0-9_-]*$"


class LineSettings(BaseModel):
    """The rules of one line of callers."""

    model_config = FROZEN

    wrap_up_s: float = Field(
        default=10.0, ge=0, description="seconds for after-call work; 0 for none"
    )
    waits_unstaffed: bool = Field(
        default=False, description="whether callers wait while no agent is logged in"
    )
    band: int = Field(default=1, ge=0, description="lines of a smaller band are served first")
    offer: OfferSettings = Field(default=OfferSettings(), description="how offers are made")
    keeps_place_s: float = Field(
        default=300.0,
        ge=0,
        description="seconds in which who left for the menus may come back to the same place",
    )
    whisper: bool = Field(
        default=True, description="whether the agent hears who comes before being joined"
    )
    overlong: OverlongSettings = Field(
        default=OverlongSettings(), description="from when on supervisors are told of what lasts"
    )


class Members(BaseModel):
    """Who serves a queue: agents by a skill, by an expression over skills, by number, or all."""

    model_config = FROZEN

    skill: str | None = Field(default=None, description="every agent with this skill")
    needs: str | None = Field(
        default=None, description="every agent who meets this, such as `trading >= 2 or advice`"
    )
    agents: tuple[str, ...] = Field(default=(), description="these agents, by number")

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if self.skill is None and self.needs is None and not self.agents:
            raise ValueError("name a skill, what is needed, or list agents")
        return self

    def requirements(self) -> Sequence[Requirement]:
        """Return the expressions of which an agent meets one to be a member.

        Raises:
            RequirementError: ``needs`` is no expression.
        """
        by_skill = () if self.skill is None else (AtLeast(SkillName(self.skill)),)
        return (*by_skill, *(() if self.needs is None else (parse_requirement(self.needs),)))


class StepSettings(BaseModel):
    """From a wait on, who will do."""

    model_config = FROZEN

    after_s: float = Field(ge=0, description="seconds of waiting from which this holds")
    needs: str = Field(description="what an agent has to be able to do; `anybody`: any member")

    def as_step(self) -> Step:
        """Return it as the router is told it; raises RequirementError for no expression."""
        return Step(after_s=self.after_s, needs=parse_requirement(self.needs))


class AgeingSettings(BaseModel):
    """Waiting lifts callers into better bands."""

    model_config = FROZEN

    promote_after_s: float = Field(gt=0, description="seconds of waiting for each band")
    best_band: int = Field(default=0, ge=0, description="the best band that waiting leads to")

    def as_ageing(self) -> Ageing:
        """Return it as the router is told it."""
        return Ageing(promote_after_s=self.promote_after_s, best_band=self.best_band)


class _Overflow(BaseModel):
    model_config = FROZEN

    to: str | None = Field(
        default=None, description="queue that takes the caller; left out: the flow goes on"
    )


class OverflowBySize(_Overflow):
    """A caller who would be one too many."""

    when: Literal["size"] = Field(description="too many wait")
    over_callers: int = Field(ge=1, description="callers who may wait")


class OverflowByTime(_Overflow):
    """A caller who has waited, or would have to wait, too long."""

    when: Literal["wait", "expected-wait"] = Field(description="the wait is, or would be, too long")
    over_s: float = Field(gt=0, description="seconds that are not too long yet")


class OverflowByState(_Overflow):
    """A caller whom nobody can serve now."""

    when: Literal["unstaffed", "closed"] = Field(description="nobody logged in, or out of hours")


OverflowSettings = Annotated[
    OverflowBySize | OverflowByTime | OverflowByState, Field(discriminator="when")
]


class CallbackSettings(BaseModel):
    """How callers are called back instead of waiting on the line."""

    model_config = FROZEN

    offered_after_s: float = Field(
        default=60.0, ge=0, description="seconds of waiting after which it is offered"
    )
    attempts: int = Field(default=3, ge=1, description="how often the customer is called in all")
    retry_after_s: float = Field(default=300.0, gt=0, description="seconds between two attempts")
    answer_timeout_s: float = Field(
        default=30.0, gt=0, description="seconds that the customer's telephone rings"
    )
    keep_s: float = Field(
        default=86_400.0, gt=0, description="seconds after which a callback is given up"
    )


class LastAgentSettings(BaseModel):
    """Callers come to the agent they spoke with last, if that one is free soon enough."""

    model_config = FROZEN

    within_h: float = Field(default=24.0, gt=0, description="hours for which an agent is known")
    for_s: float = Field(default=20.0, gt=0, description="seconds in which only that one will do")


class HomeFirstSettings(BaseModel):
    """Callers come to agents of their own branch or dialect first, where some are logged in."""

    model_config = FROZEN

    branch: bool = Field(default=False, description="agents of the caller's branch first")
    dialect: bool = Field(default=False, description="agents who speak the caller's dialect first")
    for_s: float = Field(default=20.0, gt=0, description="seconds in which only those will do")


class WrapUpCode(BaseModel):
    """What a conversation was about, as the agent notes it afterwards."""

    model_config = FROZEN

    code: str = Field(pattern=r"^\d{1,4}$", description="digits that the agent keys")
    name: Name = Field(description="what it stands for")


class ServiceLevelSettings(BaseModel):
    """What counts as good service."""

    model_config = FROZEN

    threshold_s: float = Field(default=20.0, gt=0, description="seconds of a wait that is in time")
    short_abandon_s: float = Field(
        default=5.0, ge=0, description="who gives up within so many seconds does not count"
    )


class QueueSettings(LineSettings):
    """One queue."""

    name: str = Field(pattern=QUEUE_NAME, description="what flows call it")
    title: Name = Field(description="the queue's name for people")
    members: Members = Field(description="who serves it")
    steps: tuple[StepSettings, ...] = Field(
        default=(), description="who will do after which wait; none: any member at once"
    )
    steps_replace: bool = Field(
        default=False, description="a later step takes the place of those before, not adds to them"
    )
    pick: Pick = Field(default=Pick.LONGEST_IDLE, description="which of the free agents is rung")
    pick_skill: str = Field(default="", description="the skill that `most-skilled` compares")
    head_start_s: float = Field(
        default=0.0, ge=0, description="seconds that count as waited for every caller"
    )
    ageing: AgeingSettings | None = Field(default=None, description="how waiting lifts callers")
    overflow: tuple[OverflowSettings, ...] = Field(
        default=(), description="where callers go who are not to wait here; the first that holds"
    )
    hours: str = Field(default="", description="a calendar of calendars.yaml; empty: always open")
    closes_on_waiting: bool = Field(
        default=False, description="whether those who wait at closing time are sent away"
    )
    callback: CallbackSettings | None = Field(
        default=None, description="how callers are called back; left out: they are not"
    )
    waiting: WaitingSettings = Field(
        default=WaitingSettings(), description="what callers hear while they wait"
    )
    last_agent: LastAgentSettings | None = Field(
        default=None, description="whether callers come to whom they spoke with last"
    )
    home_first: HomeFirstSettings | None = Field(
        default=None, description="whether callers come to their own branch or dialect first"
    )
    wrap_up_codes: tuple[WrapUpCode, ...] = Field(
        default=(), description="what agents may note after a conversation"
    )
    wrap_up_code_within_s: float | None = Field(
        default=None,
        gt=0,
        description="seconds of wrap-up within which one must be noted; left out: it need not be",
    )
    service_level: ServiceLevelSettings = Field(
        default=ServiceLevelSettings(), description="what counts as good service"
    )

    @model_validator(mode="after")
    def _steps_in_order(self) -> Self:
        times = [step.after_s for step in self.steps]
        if times != sorted(set(times)):
            raise ValueError("steps: each after_s is to be greater than the one before")
        return self

    @model_validator(mode="after")
    def _most_skilled_in_something(self) -> Self:
        if (self.pick is Pick.MOST_SKILLED) != bool(self.pick_skill):
            raise ValueError("pick: most-skilled and pick_skill go together")
        return self

    @model_validator(mode="after")
    def _codes_to_note(self) -> Self:
        if self.wrap_up_code_within_s is not None and not self.wrap_up_codes:
            raise ValueError("wrap_up_code_within_s: there are no wrap_up_codes to note")
        return self

    def longest_wrap_up_s(self) -> float:
        """Return how long after-call work lasts if nobody ends it."""
        return max(self.wrap_up_s, self.wrap_up_code_within_s or 0.0)

    def callback_rules(self) -> CallbackRules | None:
        """Return how callers are called back, as the router is told it."""
        return None if self.callback is None else CallbackRules(**self.callback.model_dump())

    def overflow_rules(self) -> tuple[OverflowRule, ...]:
        """Return where callers go, as the router is told it."""
        return tuple(_overflow_rule(rule) for rule in self.overflow)

    def effective_steps(self) -> Sequence[Requirement]:
        """Return what each step needs, for checks; raises RequirementError for no expression."""
        return [step.as_step().needs for step in self.steps] or [ANYBODY]


class StatisticsSettings(BaseModel):
    """How figures are gathered."""

    model_config = FROZEN

    interval_min: Literal[5, 10, 15, 20, 30, 60] = Field(
        default=15, description="minutes of one interval of the figures"
    )


class QueuesFile(BaseModel):
    """The whole of queues.yaml."""

    model_config = FROZEN

    queues: tuple[QueueSettings, ...] = Field(description="every queue")
    by_number: LineSettings = Field(
        default=LineSettings(), description="rules for callers who ask for an agent by number"
    )
    statistics: StatisticsSettings = Field(
        default=StatisticsSettings(), description="how figures are gathered"
    )


def _overflow_rule(rule: OverflowBySize | OverflowByTime | OverflowByState) -> OverflowRule:
    match rule:
        case OverflowBySize(over_callers=limit):
            pass
        case OverflowByTime(over_s=limit):
            pass
        case OverflowByState():
            limit = 0.0
    to = None if rule.to is None else QueueName(rule.to)
    return OverflowRule(cause=OverflowCause(rule.when), limit=limit, to=to)
