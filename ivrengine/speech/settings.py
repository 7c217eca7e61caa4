"""Settings of speech: which voices say the prompts, how fast, and how loud."""

from pydantic import BaseModel, ConfigDict, Field

from ivrengine.values import Language


class VoiceSettings(BaseModel):
    """The voice of one language; paces are shares of the voice's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kokoro: str = Field(description="name of Kokoro's voice")
    espeak: str = Field(description="name of espeak-ng's voice, the light fallback")
    sentence_speed: float = Field(default=0.95, gt=0.3, lt=2, description="pace of sentences")
    fragment_speed: float = Field(
        default=0.95, gt=0.3, lt=2, description="pace of short texts, which are joined to others"
    )
    syllable_speed: float = Field(
        default=0.85, gt=0.3, lt=2, description="pace of single syllables, such as digits"
    )


class SpeechSettings(BaseModel):
    """How prompts are rendered; those that a change touches are rendered again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: VoiceSettings = Field(
        default=VoiceSettings(
            kokoro="zf_xiaoxiao",
            espeak="cmn",
            sentence_speed=0.85,
            fragment_speed=0.8,
            syllable_speed=0.65,
        ),
        description="the Mandarin voice",
    )
    en: VoiceSettings = Field(
        default=VoiceSettings(kokoro="af_heart", espeak="en-us"), description="the English voice"
    )
    loudness_dbfs: float = Field(
        default=-20.0,
        ge=-40,
        le=-12,
        description="level of speech without its pauses, in decibels below full scale",
    )

    def voice(self, language: Language) -> VoiceSettings:
        """Return the voice of a language."""
        return self.zh if language is Language.MANDARIN else self.en
