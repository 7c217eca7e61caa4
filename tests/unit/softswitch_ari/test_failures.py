"""Every way in which a request can fail has a meaning in the port's own errors."""

from collections.abc import Iterator

import aiohttp
import pytest
from aiohttp import client_exceptions

from ivrengine.errors import Bug, LegGone, SwitchRefused, SwitchUnavailable
from ivrengine.softswitch.ari.failures import (
    OWN_FAULTS,
    REQUEST_ERRORS,
    failure_of_answer,
    failure_of_request,
)

pytestmark = pytest.mark.unit

UNAVAILABLE: set[type[BaseException]] = {
    aiohttp.ClientConnectionError,
    aiohttp.ClientConnectionResetError,
    aiohttp.ClientOSError,
    aiohttp.ClientConnectorError,
    aiohttp.ClientConnectorDNSError,
    aiohttp.ClientProxyConnectionError,
    aiohttp.ClientSSLError,
    aiohttp.ClientConnectorSSLError,
    aiohttp.ClientConnectorCertificateError,
    client_exceptions.UnixClientConnectorError,
    aiohttp.ServerConnectionError,
    aiohttp.ServerDisconnectedError,
    aiohttp.ServerTimeoutError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.SocketTimeoutError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.ClientPayloadError,
    aiohttp.ClientResponseError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ContentTypeError,
    aiohttp.TooManyRedirects,
    aiohttp.RedirectClientError,
    aiohttp.WSServerHandshakeError,
    client_exceptions.UploadAbortedError,
    TimeoutError,
    ConnectionRefusedError,
    ConnectionResetError,
    OSError,
}
OUR_OWN_FAULT: set[type[BaseException]] = {
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
    aiohttp.NonHttpUrlRedirectClientError,
    aiohttp.InvalidUrlClientError,
    aiohttp.InvalidUrlRedirectClientError,
}


def kinds_below(kind: type[BaseException]) -> Iterator[type[BaseException]]:
    for below in kind.__subclasses__():
        yield below
        yield from kinds_below(below)


def test_every_error_of_aiohttps_client_is_in_one_of_the_tables() -> None:
    known = UNAVAILABLE | OUR_OWN_FAULT
    missing = {kind for kind in kinds_below(aiohttp.ClientError) if kind not in known}
    assert not {kind for kind in missing if kind.__module__.startswith("aiohttp")}


@pytest.mark.parametrize("kind", sorted(UNAVAILABLE, key=str))
def test_no_whole_answer_means_unavailable(kind: type[BaseException]) -> None:
    assert issubclass(kind, REQUEST_ERRORS)
    assert not issubclass(kind, OWN_FAULTS)


@pytest.mark.parametrize("kind", sorted(OUR_OWN_FAULT, key=str))
def test_an_address_that_is_none_is_our_own_fault(kind: type[BaseException]) -> None:
    assert issubclass(kind, REQUEST_ERRORS)
    assert issubclass(kind, OWN_FAULTS)


def test_an_unavailable_softswitch_says_which_order_and_why() -> None:
    failure = failure_of_request("channels.answer", aiohttp.ServerDisconnectedError())
    assert isinstance(failure, SwitchUnavailable)
    assert "channels.answer" in str(failure)
    assert "Server disconnected" in str(failure)
    assert "TimeoutError" in str(failure_of_request("channels.answer", TimeoutError()))


def test_a_fault_of_this_program_is_called_a_bug() -> None:
    with pytest.raises(Bug, match="InvalidURL"):
        failure_of_request("channels.answer", aiohttp.InvalidURL("nonsense"))


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (404, "Channel not found"),
        (400, "Channel not found"),
        (409, "Channel not in Stasis application"),
        (422, "Channel not in Stasis application"),
    ],
)
def test_a_leg_that_left_is_gone(status: int, message: str) -> None:
    assert isinstance(failure_of_answer("channels.play", status, message), LegGone)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (404, "Bridge not found"),
        (404, "Playback not found"),
        (404, "Provided variable was not found"),
        (409, "Recording with name already exists"),
        (412, "Channel in invalid state"),
        (500, "Allocation failed"),
        (503, ""),
    ],
)
def test_every_other_answer_is_a_refusal_with_its_status(status: int, message: str) -> None:
    failure = failure_of_answer("channels.play", status, message)
    assert isinstance(failure, SwitchRefused)
    assert failure.status == status
    assert message in str(failure)
