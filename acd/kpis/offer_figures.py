"""What came of offers: the same figures for the queue they came from and the agent they went to."""

from collections.abc import Mapping
from dataclasses import dataclass

from acd.kpis.quotients import of, ratio
from acd.model import OfferOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFigures:
    """Offers that are over, by their one outcome.

    ``answer_rate`` leaves out offers that ended for no doing of the agent's. ``missed_rate`` is the
    share of all offers that rang out, known as redirection on no answer.
    """

    offers: int
    accepted: int
    rejected: int
    missed: int
    busy: int
    unreachable: int
    failed: int
    caller_gone: int
    withdrawn: int
    answer_rate: float | None
    missed_rate: float | None


def offer_figures(offers: Mapping[OfferOutcome, int]) -> OfferFigures:
    """Work out the figures of offers that were counted by outcome."""
    accepted = of(offers, OfferOutcome.ACCEPTED)
    rejected = of(offers, OfferOutcome.REJECTED)
    missed = of(offers, OfferOutcome.TIMEOUT)
    every = sum(offers.values())
    return OfferFigures(
        offers=every,
        accepted=accepted,
        rejected=rejected,
        missed=missed,
        busy=of(offers, OfferOutcome.BUSY),
        unreachable=of(offers, OfferOutcome.UNREACHABLE),
        failed=of(offers, OfferOutcome.FAILED),
        caller_gone=of(offers, OfferOutcome.CALLER_GONE),
        withdrawn=of(offers, OfferOutcome.WITHDRAWN),
        answer_rate=ratio(accepted, accepted + rejected + missed),
        missed_rate=ratio(missed, every),
    )
