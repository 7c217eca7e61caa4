"""How each bar is judged: from the figures of a run to what was found, or that nothing was."""

from dataclasses import replace
from typing import Final

from ivrengine.load.measures.spread import Spread
from ivrengine.load.report.call_figures import FASTEST_OVER_S
from ivrengine.load.report.figures import ENGINE, SOFTSWITCH, Figures
from ivrengine.load.report.finding import Finding, not_measured
from ivrengine.load.report.result import Kind, LoadResult
from ivrengine.load.report.trends import Trend

SETUPS_PER_S: Final = 60.0
FRAME_S: Final = 0.02
DIGIT_TO_PROMPT_P99_S: Final = 0.1
READY_TO_RING_P99_S: Final = 0.05
ENGINE_CORES: Final = 0.5
GROWTH_EXPONENT: Final = 1.1
MEMORY_GROWTH_PER_HOUR: Final = 0.05
"""Share of its size by which a process may grow in an hour and still be called flat."""

FEWEST_FOR_P99: Final = 100
"""With fewer samples the 99th percentile is hardly more than the worst of them."""

_ENOUGH_TO_COME: Final = 2 * SETUPS_PER_S * FASTEST_OVER_S
"""Half of the calls may be up before the others come."""

TRADING: Final = "trading"


def calls_complete(result: LoadResult, figures: Figures) -> Finding:
    """As many calls as planned were up at once, and each went as its caller meant it to."""
    calls, wanted = figures.calls, result.plan.calls
    if result.kind is not Kind.FULL:
        return not_measured("more callers than lines: some are to be refused")
    if not calls.placed:
        return not_measured("no calls")
    return Finding(
        within=calls.most_up >= wanted and not calls.refused and not calls.failed,
        figure=f"{calls.most_up:,} of {wanted:,} up at once",
        value=calls.most_up,
        unit="calls",
        samples=calls.placed,
        note=f"{calls.completed:,} completed, {calls.refused:,} refused, {calls.failed:,} failed",
    )


def those_inside_are_served(result: LoadResult, figures: Figures) -> Finding:
    """Whoever was not refused was served as the caller meant to be, however many were refused."""
    calls = figures.calls
    if calls.placed == calls.refused:
        return not_measured("no calls")
    return Finding(
        within=not calls.failed,
        figure=f"{calls.failed:,} of {calls.placed - calls.refused:,} failed",
        value=calls.failed,
        unit="calls",
        samples=calls.placed - calls.refused,
    )


def set_up_in_time(result: LoadResult, figures: Figures) -> Finding:
    """Calls were answered this fast for three seconds, and none was turned away or failed then."""
    calls = figures.calls
    if calls.setups_per_s is None:
        return not_measured("the run was too short")
    if result.plan.rate_per_s < SETUPS_PER_S:
        return not_measured(f"only {result.plan.rate_per_s:g} a second were offered")
    if result.plan.calls < _ENOUGH_TO_COME:
        return not_measured(
            f"{result.plan.calls} calls have come before {FASTEST_OVER_S:.0f} s are over"
        )
    # A second's reading is up to a second's calls off at either end of the stretch.
    return Finding(
        within=calls.setups_per_s >= 0.95 * SETUPS_PER_S and not calls.not_set_up,
        figure=f"{calls.setups_per_s:.1f} a second, {calls.not_set_up} failed",
        value=calls.setups_per_s,
        unit="calls/s",
        samples=calls.placed,
    )


def heard_is_right(result: LoadResult, figures: Figures) -> Finding:
    """Telephones that listen heard every prompt that they were to hear, and no other."""
    heard = figures.heard
    if not heard.calls:
        return not_measured("no telephone listened")
    first = next((call.fault for call in result.probe_calls if call.fault), "")
    return Finding(
        within=heard.faults == 0,
        figure=f"{heard.faults} of {heard.calls} calls heard something else",
        value=heard.faults,
        unit="calls",
        samples=heard.calls,
        note=first.partition("\n")[0],
    )


def digit_to_prompt_beside_rival(result: LoadResult, figures: Figures) -> Finding:
    """The median is at most a frame above that of Asterisk's own dialplan."""
    ours, theirs_s = figures.heard.digit_to_prompt, result.rival_digit_to_prompt_s
    if ours is None:
        return not_measured("no key was followed by its prompt")
    if theirs_s is None:
        return not_measured(
            "the dialplan was not measured in this run, as ivrengine bench calls does"
        )
    return Finding(
        within=ours.median_s <= theirs_s + FRAME_S,
        figure=f"{ours.median_s * 1e3:.1f} ms, the dialplan's {theirs_s * 1e3:.1f} ms",
        value=ours.median_s,
        unit="s",
        samples=ours.samples,
    )


def digit_to_prompt_is_quick(result: LoadResult, figures: Figures) -> Finding:
    """The 99th percentile of what telephones heard."""
    return _p99(figures.heard.digit_to_prompt, DIGIT_TO_PROMPT_P99_S, missed=0)


def fragments_are_seamless(result: LoadResult, figures: Figures) -> Finding:
    """No sample of silence lies between two fragments of a read-out."""
    heard = figures.heard
    if heard.worst_gap_samples is None:
        return not_measured("no read-out was heard")
    return Finding(
        within=heard.fragments_apart == 0,
        figure=f"{heard.worst_gap_samples} samples at worst",
        value=heard.worst_gap_samples,
        unit="samples",
        samples=heard.fragments,
        note=f"{heard.fragments_apart} apart" if heard.fragments_apart else "",
    )


def ready_to_ring_is_quick(result: LoadResult, figures: Figures) -> Finding:
    """The 99th percentile at agents' telephones; one that never rang is late."""
    over = result.passed_over
    left_out = f"{over:,} more came while nobody surely waited" if over else ""
    if not result.rings:
        return not_measured(left_out or "no agent came back while calls were up")
    found = _p99(figures.ready_to_ring, READY_TO_RING_P99_S, missed=figures.not_rung)
    return replace(found, note="; ".join(filter(None, (found.note, left_out))))


def engine_leaves_cores(result: LoadResult, figures: Figures) -> Finding:
    """The engine's mean share of a core while all calls are up."""
    engine = figures.process(ENGINE)
    if engine is None or figures.calls.held is None:
        return not_measured("no engine was seen while calls were held up")
    return Finding(
        within=engine.cpu_cores < ENGINE_CORES,
        figure=f"{engine.cpu_cores:.2f} cores at {figures.calls.held:.0f} calls",
        value=engine.cpu_cores,
        unit="cores",
        samples=len(result.during(result.steady)) if result.steady else 0,
        note=f"95 % of seconds below {engine.cpu_p95_cores:.2f}",
    )


def cpu_grows_linearly(result: LoadResult, figures: Figures) -> Finding:
    """The engine's share of a core goes as calls to a power of about one, or less."""
    growth = figures.growth
    if growth is None:
        return not_measured(
            "the calls held up were not of three numbers, the most twice the fewest"
        )
    levels = ", ".join(f"{calls:.0f}: {cores:.2f}" for calls, cores in growth.levels)
    return Finding(
        within=growth.exponent <= GROWTH_EXPONENT,
        figure=f"calls to the power of {growth.exponent:.2f}",
        value=growth.exponent,
        unit="exponent",
        samples=len(growth.levels),
        note=f"cores by calls {levels}",
    )


def trading_is_never_refused(result: LoadResult, figures: Figures) -> Finding:
    """Others were refused for want of a line, and no trading customer was."""
    counts = [result.tallies[kind].counts for kind in result.customers if kind in result.tallies]
    asked = sum(count.placed for count in counts)
    if not asked or not figures.calls.refused:
        return not_measured("nobody was refused" if asked else "no trading customer called")
    own = figures.engine.refused.get(TRADING, 0) if figures.engine else 0
    refused = max(own, sum(count.refused for count in counts))
    return Finding(
        within=refused == 0,
        figure=f"{refused} of {asked:,} refused",
        value=refused,
        unit="calls",
        samples=asked,
        note=f"{figures.calls.refused:,} of all {figures.calls.placed:,} refused",
    )


def memory_is_flat(result: LoadResult, figures: Figures) -> Finding:
    """Neither engine nor softswitch grows, as far as the length of the run can tell."""
    trends = {
        one.name: one.memory
        for one in figures.processes
        if one.name in (ENGINE, SOFTSWITCH) and one.memory is not None
    }
    if not trends:
        return not_measured("the calls were not held up for long enough")
    name = max(trends, key=lambda name: _growth(trends[name])[1])
    low, high = _growth(trends[name])
    within = None if low <= MEMORY_GROWTH_PER_HOUR < high else high <= MEMORY_GROWTH_PER_HOUR
    return Finding(
        within=within,
        figure=f"{name} {low:+.1%} to {high:+.1%} an hour",
        value=high,
        unit="share/h",
        samples=len(result.during(result.steady)) if result.steady else 0,
        note="too short a run to tell" if within is None else "95 % confidence",
    )


def nothing_is_left(result: LoadResult, figures: Figures) -> Finding:
    """When all calls had ended, nothing of any was there."""
    left = result.leftovers
    if left is None:
        return not_measured("nobody looked when the calls had ended")
    return Finding(
        within=not left,
        figure=f"{len(left)} kinds of leftovers" if left else "nothing",
        value=len(left),
        unit="kinds",
        samples=figures.calls.placed,
        note=", ".join(left),
    )


def survives_kills(result: LoadResult, figures: Figures) -> Finding:
    """The engine was killed while calls were up, and none of them failed."""
    if not result.kills:
        return not_measured("the engine was not killed")
    return Finding(
        within=figures.calls.failed == 0,
        figure=f"{figures.calls.failed} calls failed",
        value=figures.calls.failed,
        unit="calls",
        samples=figures.calls.placed,
        note=f"killed {'once' if result.kills == 1 else f'{result.kills} times'}",
    )


def _p99(spread: Spread | None, limit_s: float, *, missed: int) -> Finding:
    if spread is None:
        return not_measured("no samples")
    count = spread.samples + missed
    few = count < FEWEST_FOR_P99
    # With few samples a good percentile proves nothing; a bad one does show that it is missed.
    within = spread.p99_s < limit_s and missed <= 0.01 * count
    return Finding(
        within=None if within and few else within,
        figure=f"99 % within {spread.p99_s * 1e3:.1f} ms, median {spread.median_s * 1e3:.1f} ms",
        value=spread.p99_s,
        unit="s",
        samples=count,
        note=(f"{missed} never came; " if missed else "")
        + (
            f"fewer than {FEWEST_FOR_P99} samples"
            if few
            else f"worst {spread.worst_s * 1e3:.0f} ms"
        ),
    )


def _growth(trend: Trend) -> tuple[float, float]:
    return trend.low_per_hour / trend.level, trend.high_per_hour / trend.level
