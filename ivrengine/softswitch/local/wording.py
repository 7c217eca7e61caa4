"""Says in one line each what happens to the parts of a running system."""

from typing import assert_never

from ivrengine.softswitch.local.supervisor import (
    News,
    PartDeaf,
    PartEnded,
    PartFailedToStart,
    PartStarted,
    RestartPlanned,
)


def in_words(news: News) -> str:
    """Return ``news`` as a line for an operator."""
    match news:
        case PartStarted(name=name, again=again):
            return f"{name} runs again" if again else f"{name} runs"
        case PartEnded(ended=ended):
            return ended.describe()
        case PartDeaf(name=name, probes_missed=missed):
            return f"{name} has not answered {missed} times in a row and is started anew"
        case PartFailedToStart(name=name, reason=reason):
            return f"{name} does not start: {reason}"
        case RestartPlanned(name=name, delay_s=delay_s):
            return f"{name} is started again {f'in {delay_s:.0f} s' if delay_s else 'at once'}"
        case _:
            assert_never(news)
