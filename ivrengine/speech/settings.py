"""Settings of speech: which voices say the prompts, how fast, and how loud."""

from pydantic import BaseModel, ConfigDict, Field

from ivrengine.values import Language


class SpeechSettings(BaseModel):
    """How prompts are rendered; a change of any of these renders them again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    voice_zh: str = Field(default="zf_xiaoxiao", description="Kokoro's voice for Mandarin")
    voice_en: str = Field(default="af_heart", description="Kokoro's voice for English")
    espeak_voice_zh: str = Field(default="cmn", description="espeak-ng's voice for Mandarin")
    espeak_voice_en: str = Field(default="en-us", description="espeak-ng's voice for English")
    sentence_speed: float = Field(
        default=0.95, gt=0.3, lt=2, description="pace of sentences, as a share of the voice's own"
    )
    fragment_speed: float = Field(
        default=0.8,
        gt=0.3,
        lt=2,
        description="pace of fragments that are joined to others, as a share of the voice's own",
    )
    loudness_dbfs: float = Field(
        default=-20.0,
        ge=-40,
        le=-12,
        description="level of the speech without its pauses, in decibels below full scale",
    )
    music_dbfs: float = Field(
        default=-28.0,
        ge=-50,
        le=-12,
        description="level of music on hold, in decibels below full scale",
    )

    def voice(self, language: Language, *, engine: str) -> str:
        """Return the voice of ``engine`` (``kokoro`` or ``espeak``) for a language."""
        if language is Language.MANDARIN:
            return self.espeak_voice_zh if engine == "espeak" else self.voice_zh
        return self.espeak_voice_en if engine == "espeak" else self.voice_en
