"""What was heard, as a list: this prompt from here to there, then that, then something unknown."""

from dataclasses import dataclass, replace
from typing import Self

from ivrengine.softphone.hearing.library import MUSIC, Sound


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A stretch of one prompt.

    Times are monotonic arrivals of its first and last frame; `start_s` and `end_s` count from the
    moment the ear began.  `rtp_begin` and `rtp_end` are sample numbers on the sender's own clock,
    so the distance of two stretches tells what the sender did, not what the network did.
    `sounds` holds more than one entry when files are equal as far as they were heard.  A stretch
    that was cut ends with its last loud frame; `quiet_end` frames of the file came after that.
    """

    sounds: tuple[Sound, ...]
    began_at: float
    ended_at: float
    start_s: float
    end_s: float
    from_frame: int
    to_frame: int
    frames: int
    rtp_begin: int
    rtp_end: int
    lost_frames: int = 0
    quiet_end: int = 0
    ongoing: bool = False

    @property
    def prompt_id(self) -> str:
        """The prompt, the first of them when files are equal."""
        return self.sounds[0].prompt_id

    @property
    def language(self) -> str | None:
        """Its language; None for music."""
        return self.sounds[0].language

    @property
    def complete(self) -> bool:
        """Whether it was heard from its first frame to its last."""
        return self.from_frame == 0 and self.to_frame == self.frames - 1

    @property
    def is_music(self) -> bool:
        """Whether this is what a waiting caller hears between prompts."""
        return self.prompt_id.startswith(f"{MUSIC}.")

    def goes_on_in(self, later: "Entry") -> bool:
        """Whether `later` begins with the very next frame: the sender only paused between them."""
        return (
            isinstance(later, Heard)
            and not set(self.sounds).isdisjoint(later.sounds)
            and 0 < later.from_frame - self.to_frame <= 1 + self.quiet_end
        )

    def with_rest(self, later: Self) -> Self:
        """Both as one stretch."""
        return replace(
            later,
            began_at=self.began_at,
            start_s=self.start_s,
            from_frame=self.from_frame,
            rtp_begin=self.rtp_begin,
            lost_frames=self.lost_frames + later.lost_frames,
        )

    def is_(self, prompt_id: str, language: str | None = None) -> bool:
        """Whether this is that prompt; without a language, in any."""
        return any(
            sound.prompt_id == prompt_id and language in (None, sound.language)
            for sound in self.sounds
        )

    def __str__(self) -> str:
        span = f"{self.start_s:8.2f} - {self.end_s:7.2f}  {self.sounds[0]!s:<32}"
        if self.complete:
            return f"{span} whole"
        end = "still going" if self.ongoing else "cut off"
        return f"{span} {end}: frames {self.from_frame} to {self.to_frame} of {self.frames}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Sound that is in no prompt: speech of a person, a tone, or a spoiled prompt."""

    began_at: float
    ended_at: float
    start_s: float
    end_s: float
    frames: int
    level_dbfs: float
    loudest_hz: float
    rtp_begin: int
    rtp_end: int
    ongoing: bool = False

    def __str__(self) -> str:
        return (
            f"{self.start_s:8.2f} - {self.end_s:7.2f}  unknown sound, {self.level_dbfs:.0f} dBFS, "
            f"strongest near {self.loudest_hz:.0f} Hz"
        )


Entry = Heard | Unknown


def render(entries: list[Entry]) -> str:
    """The transcript for a reader, silences of more than 60 ms included."""
    lines: list[str] = []
    before: Entry | None = None
    for entry in entries:
        if before is not None and entry.start_s - before.end_s > 0.08:
            lines.append(f"{before.end_s:8.2f} - {entry.start_s:7.2f}  (nothing)")
        lines.append(str(entry))
        before = entry
    return "\n".join(lines) or "(nothing at all)"
