"""Settings of conversations: how patiently others are called, and what agents key for whom."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, field_validator

from ivrengine.calls.talk.numbers import OutsideNumbers
from ivrengine.calls.talk.orders import Target, TargetKind, parse_target

DEMO_CODES = {
    "1": "queue:trading",
    "2": "queue:advice",
    "3": "queue:complaints",
    "4": "queue:technical",
    "5": "queue:general",
    "6": "queue:issues",
    "9": "menu:",
}


class TalkSettings(BaseModel):
    """How conversations are served."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    codes: Mapping[str, str] = Field(
        default=DEMO_CODES,
        description="What agents key to transfer to a queue (`queue:NAME`) or a menu (`menu:FLOW`)",
    )
    outside_prefix: str = Field(
        default="0", pattern=r"^[0-9]{1,4}$", description="What agents key before a number outside"
    )
    outside_numbers: OutsideNumbers = Field(
        default=OutsideNumbers(), description="Numbers outside that agents may reach"
    )
    outside_trunk: str = Field(
        default="main", description="Group of lines over which numbers outside are called"
    )
    outside_caller_id: str = Field(
        default="952588", description="Number that is shown to those who are called outside"
    )
    call_within_s: float = Field(
        default=30.0, gt=0, description="Seconds in which whoever is called has to answer"
    )
    return_within_s: float = Field(
        default=30.0,
        gt=0,
        description="Seconds in which an agent has to take back a caller whose transfer failed",
    )
    key_pause_s: float = Field(
        default=5.0, gt=0, description="Seconds between an agent's keys after which they are void"
    )
    whisper_limit_s: float = Field(
        default=20.0, gt=0, description="Seconds after which a whisper is cut"
    )
    holds_recording: bool = Field(
        default=True, description="Whether recordings pause while the caller is on hold"
    )
    agents_record: bool = Field(
        default=True,
        description="Whether agents may have a conversation recorded that is not, by a key",
    )
    recording_told: bool = Field(
        default=True,
        description="Whether caller and agent are told of a recording begun by order, before it",
    )
    pause_limit_s: float = Field(
        default=120.0,
        gt=0,
        description="Seconds after which a paused recording goes on by itself",
    )

    @field_validator("codes")
    @classmethod
    def _codes_lead_somewhere(cls, codes: Mapping[str, str]) -> Mapping[str, str]:
        for code, text in codes.items():
            target = parse_target(text)
            if not code.isdigit() or target is None or target.kind not in _CODED:
                raise ValueError(f"{code}: {text} is no code for a queue or a menu")
        return codes

    def target_of(self, keys: str) -> Target | None:
        """Return whom an agent means by ``keys``; the agent's number stands for an agent."""
        coded = self.codes.get(keys)
        if coded is not None:
            return parse_target(coded)
        if keys.startswith(self.outside_prefix):
            number = keys.removeprefix(self.outside_prefix)
            return Target(kind=TargetKind.OUTSIDE, name=number)
        return Target(kind=TargetKind.AGENT, name=keys) if keys else None


_CODED = (TargetKind.QUEUE, TargetKind.MENU)
