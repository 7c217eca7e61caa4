"""What callers hear while they wait, as an operator sets it for each queue."""

from typing import Self

from pydantic import BaseModel, Field, model_validator

from ivrengine.agents.settings import FROZEN
from ivrengine.values import Language


class ByLanguage(BaseModel):
    """A prompt for each language; callers of a language that is left out hear nothing."""

    model_config = FROZEN

    zh: str = Field(default="", description="prompt for callers in Mandarin")
    en: str = Field(default="", description="prompt for callers in English")

    def prompt(self, language: Language) -> str:
        """Return the prompt for ``language``, empty when there is none."""
        return self.zh if language is Language.MANDARIN else self.en


class MusicSettings(BaseModel):
    """What sounds from ``after_s`` of waiting on."""

    model_config = FROZEN

    after_s: float = Field(default=0.0, ge=0, description="seconds of waiting from which it sounds")
    music: str = Field(pattern=r"^[a-z][a-z0-9_-]*$", description="class of music on hold")


class AnnouncementSettings(BaseModel):
    """One thing that is said to waiting callers, once or again and again."""

    model_config = FROZEN

    after_s: float = Field(ge=0, description="seconds of waiting after which it is said first")
    every_s: float | None = Field(
        default=None, ge=5, description="seconds until it is said again; left out: said once"
    )
    say: str | ByLanguage = Field(
        description="a prompt that exists in both languages, or one for each: {zh: …, en: …}"
    )
    barge_in: bool = Field(default=True, description="whether a key cuts it short")

    def prompt(self, language: Language) -> str:
        """Return the prompt for ``language``, empty when there is none."""
        return self.say if isinstance(self.say, str) else self.say.prompt(language)


class SpokenFigure(BaseModel):
    """When a figure of the wait is said."""

    model_config = FROZEN

    after_s: float = Field(default=0.0, ge=0, description="seconds of waiting before the first")
    every_s: float = Field(default=45.0, ge=5, description="seconds between two")
    at_most: float | None = Field(
        default=None, gt=0, description="a greater figure is not said: places, or seconds"
    )


class WaitingSettings(BaseModel):
    """What callers of one queue hear; what is left out is as the flow has it."""

    model_config = FROZEN

    music: tuple[MusicSettings, ...] = Field(
        default=(), description="music, changing with the wait"
    )
    announcements: tuple[AnnouncementSettings, ...] = Field(
        default=(), description="what is said besides"
    )
    position: SpokenFigure | None = Field(
        default=None, description="when callers hear their place in the line"
    )
    expected_wait: SpokenFigure | None = Field(
        default=None, description="when callers hear how long it will take"
    )

    @model_validator(mode="after")
    def _music_in_order(self) -> Self:
        times = [part.after_s for part in self.music]
        if times != sorted(set(times)):
            raise ValueError("music: each after_s is to be greater than the one before")
        return self
