"""What the telephones that listen heard in a run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ivrengine.load.measures.probe_call import ProbeCall
from ivrengine.load.measures.spread import Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardFigures:
    """What the telephones that listen heard; ``faults`` are calls that heard something else.

    ``fragments`` is the number of places where two fragments of a read-out meet. ``holes`` are
    silences inside of fragments.
    """

    calls: int
    faults: int
    setup: Spread | None
    first_sound: Spread | None
    digit_to_prompt: Spread | None
    fragments: int
    fragments_apart: int
    worst_gap_samples: int | None
    holes: int
    worst_hole_samples: int | None
    packets: int
    packets_lost: int
    worst_jitter_s: float | None
    longest_wait_s: float | None


def heard_figures(calls: Sequence[ProbeCall]) -> HeardFigures:
    """Sum up the calls of all probes."""
    gaps = [gap for call in calls for gap in call.gaps_samples]
    holes = [hole for call in calls for hole in call.holes_samples]
    sound = [call.rtp for call in calls if call.rtp is not None]
    return HeardFigures(
        calls=len(calls),
        faults=sum(bool(call.fault) for call in calls),
        setup=Spread.of(_given(call.setup_s for call in calls)),
        first_sound=Spread.of(_given(call.first_sound_s for call in calls)),
        digit_to_prompt=Spread.of(delay for call in calls for delay in call.digit_to_prompt_s),
        fragments=len(gaps),
        fragments_apart=sum(gap != 0 for gap in gaps),
        worst_gap_samples=max(gaps, key=abs, default=None),
        holes=len(holes),
        worst_hole_samples=max(holes, default=None),
        packets=sum(rtp.received for rtp in sound),
        packets_lost=sum(rtp.lost for rtp in sound),
        worst_jitter_s=max((rtp.jitter_s for rtp in sound), default=None),
        longest_wait_s=max((rtp.longest_wait_s for rtp in sound), default=None),
    )


def _given(durations_s: Iterable[float | None]) -> list[float]:
    return [duration for duration in durations_s if duration is not None]
