"""What an operator set for a queue's waiting callers, in the words of the flows that say it."""

from ivrengine.agents.waiting_settings import AnnouncementSettings, SpokenFigure, WaitingSettings
from ivrengine.flow.waiting import PlannedFigure, PlannedMusic, PlannedWords, WaitingPlan
from ivrengine.values import Language, PromptId


def plan_of(settings: WaitingSettings) -> WaitingPlan:
    """Return ``settings`` as a plan."""
    return WaitingPlan(
        music=tuple(
            PlannedMusic(after_s=part.after_s, music_class=part.music) for part in settings.music
        ),
        words=tuple(_words(announcement) for announcement in settings.announcements),
        position=_figure(settings.position),
        expected_wait=_figure(settings.expected_wait),
    )


def _words(announcement: AnnouncementSettings) -> PlannedWords:
    prompts = {language: announcement.prompt(language) for language in Language}
    return PlannedWords(
        after_s=announcement.after_s,
        every_s=announcement.every_s,
        prompts={language: PromptId(prompt) for language, prompt in prompts.items() if prompt},
        barge_in=announcement.barge_in,
    )


def _figure(figure: SpokenFigure | None) -> PlannedFigure | None:
    if figure is None:
        return None
    return PlannedFigure(after_s=figure.after_s, every_s=figure.every_s, at_most=figure.at_most)
