"""What is put where in a request: names in the body, no password in the address."""

import json

import pytest

from ivrengine.softswitch.ari.transport import Reply, arranged

pytestmark = pytest.mark.unit


def test_parameters_of_post_go_into_the_body_and_a_list_stays_a_list() -> None:
    query, body = arranged("POST", {"media": ("sound:a", "sound:b"), "playbackId": "pb1"}, None)
    assert query == {}
    assert body is not None
    assert json.loads(body) == {"media": ["sound:a", "sound:b"], "playbackId": "pb1"}


def test_parameters_join_a_body_that_is_already_there() -> None:
    _, body = arranged("POST", {"app": "ivrengine"}, '{"variables": {"a": "b"}}')
    assert body is not None
    assert json.loads(body) == {"app": "ivrengine", "variables": {"a": "b"}}


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_parameters_of_other_methods_stay_in_the_address(method: str) -> None:
    assert arranged(method, {"reason_code": 16}, None) == ({"reason_code": "16"}, None)


def test_a_post_without_parameters_has_no_body() -> None:
    assert arranged("POST", {}, None) == ({}, None)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"message": "Channel not found"}', "Channel not found"),
        ('{"error": "Allocation failed"}', "Allocation failed"),
        ('{"message": 7}', ""),
        ("[]", ""),
        ("<html>", ""),
        ("", ""),
    ],
)
def test_the_reason_of_a_refusal_is_found_where_there_is_one(body: str, message: str) -> None:
    assert Reply(status=400, body=body).message() == message
