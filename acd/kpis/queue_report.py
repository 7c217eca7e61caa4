"""A queue's figures, made of its tally; ``docs/kpis.md`` has every formula and who else uses it."""

from dataclasses import dataclass

from acd.kpis.histograms import Histogram
from acd.kpis.offer_figures import OfferFigures, offer_figures
from acd.kpis.quotients import FORMULAS_VERSION, mean_s, of, ratio, seconds
from acd.kpis.rules import QueueTargets
from acd.kpis.tallies import QueueTally, ResolutionTally
from acd.model import Disposition

_FLOWED_OUT = (
    Disposition.LEFT_BY_KEY,
    Disposition.TIMED_OUT,
    Disposition.NOBODY,
    Disposition.OVERFLOWED,
    Disposition.FULL,
    Disposition.CLOSED,
    Disposition.TRANSFERRED,
)
_FAILED = (
    Disposition.REMOVED,
    Disposition.LOST,
    Disposition.UNKNOWN,
    Disposition.CALLBACK_FAILED,
    Disposition.HANDLED,
)
"""Ends without a conversation for which the system is to blame; the last cannot be without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentiles:
    """Half, four fifths and nineteen twentieths of all durations are no longer than these."""

    p50_s: float | None
    p80_s: float | None
    p95_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFigures:
    """What became of the visits that entered, those ``refused`` at the door not among them.

    ``entered`` is the sum of the next seven. ``flowed_out`` has those ``moved_out`` to other queues
    in it, ``entered`` those ``moved_in`` from there.
    """

    entered: int
    answered: int
    abandoned: int
    flowed_out: int
    callbacks_registered: int
    system_failed: int
    still_waiting: int
    short_abandoned: int
    moved_in: int
    moved_out: int
    queued: int
    refused: int
    answer_rate: float | None
    abandon_rate: float | None
    abandon_rate_raw: float | None
    queue_rate: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevels:
    """The share answered within the threshold, by the ways of reckoning that are in use."""

    threshold_s: float
    short_s: float
    answered_in_time: int
    service_level: float | None
    of_answered: float | None
    with_abandons: float | None
    gone_in_time: float | None
    of_all: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFigures:
    """How long callers waited, how soon an agent was rung who could be, how long the line was."""

    mean_answer_wait_s: float | None
    answer_wait: Percentiles
    mean_abandon_wait_s: float | None
    abandon_wait: Percentiles
    longest_wait_s: float
    mean_first_offer_delay_s: float | None
    first_offer_delay: Percentiles
    mean_queue_length: float | None
    longest_queue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingFigures:
    """How long conversations that are over took; talk is without hold."""

    handled: int
    transferred: int
    mean_talk_s: float | None
    talk: Percentiles
    mean_hold_s: float | None
    mean_wrap_up_s: float | None
    mean_handling_s: float | None
    mean_talk_and_wrap_up_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementFigures:
    """How true announced waits were for callers who were answered.

    ``bias_s`` is announced less actual. ``outwaited`` callers gave up after waiting for longer than
    announced.
    """

    announced: int
    bias_s: float | None
    mean_error_s: float | None
    kept_share: float | None
    outwaited: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackFigures:
    """What became of callbacks whose turn came; their wait counts from the first call."""

    callbacks_answered: int
    callbacks_failed: int
    callback_wait: Percentiles


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueReport:
    """One queue, or several, over one interval, or several; shares run from 0 to 1.

    A figure is None when there was nothing to work it out from. Of the ``resolution_known`` calls,
    answered and of known number, the share ``first_call_resolution`` did not come back too soon.
    """

    queue: str
    begin_s: int
    end_s: int
    formulas_version: int
    visits: VisitFigures
    service: ServiceLevels
    waits: WaitFigures
    handling: HandlingFigures
    offers: OfferFigures
    callbacks: CallbackFigures
    announcements: AnnouncementFigures
    first_call_resolution: float | None
    resolution_known: int


def queue_report(
    tally: QueueTally, targets: QueueTargets, resolution: ResolutionTally | None = None
) -> QueueReport:
    """Work out a queue's figures.

    ``targets`` must be among those that were counted; of another threshold nothing is known.
    """
    visits = _visits(tally)
    helped = resolution.answered if resolution else 0
    back = resolution.came_back if resolution else 0
    return QueueReport(
        queue=tally.subject,
        begin_s=tally.begin_s,
        end_s=tally.end_s,
        formulas_version=FORMULAS_VERSION,
        visits=visits,
        service=_service_levels(tally, visits, targets),
        waits=_waits(tally, visits),
        handling=_handling(tally),
        offers=offer_figures(tally.offers),
        callbacks=CallbackFigures(
            callbacks_answered=tally.callbacks_answered,
            callbacks_failed=sum(tally.callbacks_left.values()),
            callback_wait=_percentiles(tally.callback_waits),
        ),
        announcements=_announcements(tally),
        first_call_resolution=ratio(helped - back, helped),
        resolution_known=helped,
    )


def _visits(tally: QueueTally) -> VisitFigures:
    entered, short = tally.entered, tally.short_abandoned
    abandoned = of(tally.left, Disposition.ABANDONED)
    flowed_out = of(tally.left, *_FLOWED_OUT) + tally.moved_out
    registered = of(tally.left, Disposition.CALLBACK_REGISTERED)
    failed = of(tally.left, *_FAILED)
    refused = sum(tally.refused.values())
    return VisitFigures(
        entered=entered,
        answered=tally.answered,
        abandoned=abandoned,
        flowed_out=flowed_out,
        callbacks_registered=registered,
        system_failed=failed,
        still_waiting=entered - tally.answered - abandoned - flowed_out - registered - failed,
        short_abandoned=short,
        moved_in=tally.moved_in,
        moved_out=tally.moved_out,
        queued=tally.queued,
        refused=refused,
        answer_rate=ratio(tally.answered, entered),
        abandon_rate=ratio(abandoned - short, entered - short),
        abandon_rate_raw=ratio(abandoned, entered),
        queue_rate=ratio(tally.queued, entered + refused),
    )


def _service_levels(
    tally: QueueTally, visits: VisitFigures, targets: QueueTargets
) -> ServiceLevels:
    threshold_s = targets.threshold_s
    in_time = tally.answered_within.get(threshold_s, 0)
    given_up_in_time = tally.abandoned_within.get(threshold_s, 0)
    missed = visits.abandoned - visits.short_abandoned + visits.callbacks_registered
    return ServiceLevels(
        threshold_s=threshold_s,
        short_s=targets.short_s,
        answered_in_time=in_time,
        service_level=ratio(in_time, visits.answered + missed),
        of_answered=ratio(in_time, visits.answered),
        with_abandons=ratio(in_time + given_up_in_time, visits.answered + visits.abandoned),
        gone_in_time=ratio(tally.gone_within.get(threshold_s, 0), visits.entered),
        of_all=ratio(in_time, visits.entered),
    )


def _waits(tally: QueueTally, visits: VisitFigures) -> WaitFigures:
    return WaitFigures(
        mean_answer_wait_s=mean_s(tally.answered_wait_us, visits.answered),
        answer_wait=_percentiles(tally.answered_waits),
        mean_abandon_wait_s=mean_s(tally.abandoned_wait_us, visits.abandoned),
        abandon_wait=_percentiles(tally.abandoned_waits),
        longest_wait_s=seconds(tally.longest_wait_us),
        mean_first_offer_delay_s=mean_s(tally.first_offer_delay_us, tally.first_offers),
        first_offer_delay=_percentiles(tally.first_offer_delays),
        mean_queue_length=ratio(tally.line_us, tally.watched_us),
        longest_queue=tally.longest_line,
    )


def _handling(tally: QueueTally) -> HandlingFigures:
    handled, talk_us, wrap_up_us = tally.handled, tally.talk_us, tally.wrap_up_us
    return HandlingFigures(
        handled=handled,
        transferred=tally.transferred,
        mean_talk_s=mean_s(talk_us, handled),
        talk=_percentiles(tally.talks),
        mean_hold_s=mean_s(tally.hold_us, handled),
        mean_wrap_up_s=mean_s(wrap_up_us, handled),
        mean_handling_s=mean_s(talk_us + tally.hold_us + wrap_up_us, handled),
        mean_talk_and_wrap_up_s=mean_s(talk_us + wrap_up_us, handled),
    )


def _announcements(tally: QueueTally) -> AnnouncementFigures:
    return AnnouncementFigures(
        announced=tally.announced,
        bias_s=mean_s(tally.announced_error_us, tally.announced),
        mean_error_s=mean_s(tally.announced_absolute_error_us, tally.announced),
        kept_share=ratio(tally.announced_kept, tally.announced),
        outwaited=tally.announced_outwaited,
    )


def switched_service_level(
    report: QueueReport,
    *,
    with_abandoned: bool,
    with_short_abandoned: bool = False,
    with_flowed_out: bool = False,
) -> float | None:
    """Return the service level by three switches, as Genesys reckons it.

    Answered in time, divided by the answered and whichever others are switched on; short abandons
    count only together with the abandoned.
    """
    visits = report.visits
    whole = visits.answered + (visits.flowed_out if with_flowed_out else 0)
    if with_abandoned:
        whole += visits.abandoned - (0 if with_short_abandoned else visits.short_abandoned)
    return ratio(report.service.answered_in_time, whole)


def _percentiles(histogram: Histogram) -> Percentiles:
    return Percentiles(
        p50_s=histogram.percentile_s(50),
        p80_s=histogram.percentile_s(80),
        p95_s=histogram.percentile_s(95),
    )
