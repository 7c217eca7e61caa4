"""What a failed request means, said in the errors of the telephony port and nowhere else."""

import asyncio

import aiohttp

from ivrengine.errors import Bug, LegGone, SwitchRefused, SwitchUnavailable, TelephonyError

_LEG_GONE = frozenset(
    {
        (400, "Channel not found"),
        (404, "Channel not found"),
        (409, "Channel not in Stasis application"),
        (422, "Channel not in Stasis application"),
    }
)
"""Answers of Asterisk 22.10 that mean that a leg has left us, by hanging up or otherwise."""

REQUEST_ERRORS = (aiohttp.ClientError, OSError, asyncio.TimeoutError)
"""All that a request can raise on its way. No whole answer came: there was no connection, it broke,
what answered did not speak HTTP, or the deadline passed."""

OWN_FAULTS = (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError)
"""Those among them that only a fault of this program can raise."""


def failure_of_answer(operation: str, status: int, message: str) -> TelephonyError:
    """Return what an answer of 400 and above means."""
    if (status, message) in _LEG_GONE:
        return LegGone(f"{operation}: {message}")
    said = message or "no reason given"
    return SwitchRefused(f"{operation}: Asterisk answered {status}: {said}", status=status)


def failure_of_request(operation: str, fault: BaseException) -> TelephonyError:
    """Return what an exception of a request means.

    Raises:
        Bug: nothing but a fault of this program raises it.
    """
    if isinstance(fault, OWN_FAULTS) or not isinstance(fault, REQUEST_ERRORS):
        raise Bug(f"{operation}: {type(fault).__name__}: {fault}") from fault
    reason = str(fault) or type(fault).__name__
    return SwitchUnavailable(f"{operation}: no answer from Asterisk: {reason}")
