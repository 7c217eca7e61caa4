"""Runs of a load that never happened, for reports to be drawn from: even, and as a test bends them.

Calls rise at 60 a second to the plan's number, are held, and fall again; engine and softswitch use
processor time in proportion.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import replace

from ivrengine.load.measures import engine_metrics
from ivrengine.load.measures.buckets import Buckets
from ivrengine.load.measures.engine_metrics import EngineFigures
from ivrengine.load.measures.moment import CallerCounts, Moment
from ivrengine.load.measures.probe_call import ProbeCall, RtpQuality
from ivrengine.load.measures.processes import ProcessUse
from ivrengine.load.plan import LoadPlan
from ivrengine.load.report.result import Kind, LoadResult, Machine, Phase, Ring, Tallied

BEGUN_AT = 1_795_000_000.0
ORIGIN = 5_000.0
BOUNDS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
MACHINE = Machine(
    cores=2, processor="a processor", memory_bytes=8 << 30, system="Linux 6", python="3.11"
)


def a_result(*, calls: int = 480, hold_s: int = 120, seed: int = 1) -> LoadResult:
    """A run of so many calls that went as it should; probes and rings are at full strength."""
    chance = random.Random(seed)
    plan = LoadPlan(calls=calls, minutes=hold_s / 60, seed=seed)
    rise_s = max(1, math.ceil(calls / plan.rate_per_s))
    phases = (
        Phase(name="fill", from_s=0, to_s=rise_s, calls=calls),
        Phase(name="hold", from_s=rise_s, to_s=rise_s + hold_s, calls=calls, steady=True),
        Phase(name="finish", from_s=rise_s + hold_s, to_s=2 * rise_s + hold_s, calls=0),
    )
    moments = tuple(
        a_moment(at_s, _up_at(at_s, plan, rise_s, hold_s), plan, chance)
        for at_s in range(2 * rise_s + hold_s + 1)
    )
    return LoadResult(
        kind=Kind.FULL,
        target="engine",
        plan=plan,
        machine=MACHINE,
        begun_at=BEGUN_AT,
        origin=ORIGIN,
        phases=phases,
        moments=moments,
        tallies={
            kind: Tallied(counts=replace(counts, up=0), refused={}, failed={})
            for kind, counts in moments[-1].callers.items()
        },
        probe_calls=tuple(a_probe_call(at_s, chance) for at_s in range(rise_s, rise_s + hold_s, 3)),
        rings=tuple(
            Ring(at_s=float(at_s), took_s=chance.uniform(0.006, 0.03))
            for at_s in range(rise_s, rise_s + hold_s)
        ),
        leftovers=(),
    )


def a_moment(at_s: float, up: int, plan: LoadPlan, chance: random.Random) -> Moment:
    """A second in which `up` calls are up, a fifth of them of people who want a person."""
    person = up // 5
    placed = int(min(plan.calls, plan.rate_per_s * at_s) + at_s * 8)
    return Moment(
        at_s=float(at_s),
        processes={
            "engine": a_use(11, up / 1600 * chance.uniform(0.9, 1.1), 120 << 20),
            "asterisk": a_use(12, up / 700 * chance.uniform(0.9, 1.1), 90 << 20),
            "SIPp": a_use(13, up / 2400, 40 << 20),
            "sound": a_use(14, up / 1400, 30 << 20),
        },
        engine=an_engine(up, placed=placed),
        lines={"main": up * 7 // 8, "tollfree": up - up * 7 // 8},
        machine_cores=up / 1600 + up / 700 + up / 2400 + up / 1400 + 0.05,
        stolen_cores=0.02 if at_s % 10 else 0.04,
        fixed_s=0.001 if at_s % 10 else 0.0015,
        callers={
            "quote": _counts(up - person, placed * 4 // 5),
            "person": _counts(person, placed - placed * 4 // 5),
        },
    )


def a_use(pid: int, cpu_cores: float, rss_bytes: int) -> ProcessUse:
    """One process."""
    return ProcessUse(
        pids=(pid,),
        cpu_cores=cpu_cores,
        rss_bytes=rss_bytes,
        pss_bytes=rss_bytes - (8 << 20),
        descriptors=40,
        threads=3,
    )


def an_engine(
    up: int, *, placed: int, started_at: float = 1.0, refused: Mapping[str, int] | None = None
) -> EngineFigures:
    """What the engine says when so many calls are up, and so many have been placed."""
    quick = Buckets(
        bounds_s=BOUNDS_S, counts=(0, placed, 2 * placed, placed) + (0,) * 9, total_s=0.01 * placed
    )
    return EngineFigures(
        started_at=started_at,
        calls={"main": up * 7 // 8, "tollfree": up - up * 7 // 8},
        waiting=up // 20,
        agents={"talking": up // 10, "ready": 3, "wrap_up": 0},
        refused=refused or {},
        legs=up,
        tasks=30 + up,
        lost={"ivr_events_dropped_total": 0},
        histograms=dict.fromkeys(engine_metrics.HISTOGRAMS, quick),
    )


def a_probe_call(at_s: float, chance: random.Random) -> ProbeCall:
    """A call that heard what it should, of keys two seconds apart."""
    return ProbeCall(
        began_at=ORIGIN + at_s,
        language=chance.choice(("zh", "en")),
        setup_s=chance.uniform(0.005, 0.02),
        first_sound_s=chance.uniform(0.001, 0.01),
        digit_to_prompt_s=tuple(chance.uniform(0.002, 0.03) for _ in range(4)),
        pressed_at=tuple(ORIGIN + at_s + 2 * place for place in range(1, 5)),
        gaps_samples=(0,) * 12,
        rtp=RtpQuality(received=900, lost=0, jitter_s=0.001, longest_wait_s=0.03),
    )


def _counts(up: int, placed: int) -> CallerCounts:
    placed = max(placed, up)
    return CallerCounts(placed=placed, up=up, completed=placed - up, refused=0, failed=0)


def _up_at(at_s: int, plan: LoadPlan, rise_s: int, hold_s: int) -> int:
    left_s = 2 * rise_s + hold_s - at_s
    return int(min(plan.calls, plan.calls * at_s / rise_s, plan.calls * left_s / rise_s))
