"""Nothing secret and no number of a person reaches a log line, however it got there."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.telemetry.masking import MASK, masked, masked_line, masked_text
from ivrengine.values import PhoneNumber, Secret

pytestmark = pytest.mark.unit


@dataclass(frozen=True)
class Holder:
    number: PhoneNumber
    keyed: Secret


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call from 13800138000 to 952588", "call from 138****8000 to 952588"),
        ("sip:13800138000@127.0.0.1:5060", "sip:138****8000@127.0.0.1:5060"),
        ("+8613800138000", "+86*******8000"),
        ("landline 02188889999 rang", "landline 021****9999 rang"),
        ("card 6222020200112233445", "card 622************3445"),
        ("id 11010119900307123X", "id 110***********123X"),
        ("password=demo8001 given", f"password={MASK} given"),
        ('{"pin": "123456", "n": 1}', f'{{"pin": "{MASK}", "n": 1}}'),
        ("api_key: abc-def", f"api_key: {MASK}"),
        ("Authorization: Bearer eyJhbGciOi.x.y", f"Authorization: Bearer {MASK}"),
        ("postgresql://ivr:hunter2@db:5432/x", f"postgresql://ivr:{MASK}@db:5432/x"),
    ],
)
def test_what_is_personal_or_secret_in_a_text_is_masked(text: str, expected: str) -> None:
    assert masked_text(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "20261121-093015-7kq2m-pb3",
        "2026-11-21T09:30:15.123Z",
        "channel 1795000000.42",
        "took 0.013800138000 s",
        "code 600519 at 1480.00",
        "account 80000001",
        "the pin was wrong",
        "http://127.0.0.1:8088/ari/channels",
    ],
)
def test_ids_times_and_prices_stay_readable(text: str) -> None:
    assert masked_text(text) == text


@pytest.mark.parametrize(
    "name", ["pin", "trading_pin", "password", "api_token", "secret", "Authorization", "cookies"]
)
def test_a_field_with_a_telling_name_is_masked_whatever_it_holds(name: str) -> None:
    assert masked_line({name: 123456, "event": "x"}) == {name: MASK, "event": "x"}


@pytest.mark.parametrize("name", ["spinning", "tokenizer", "opinion"])
def test_a_name_that_only_contains_such_a_word_is_not_telling(name: str) -> None:
    assert masked("plain", name) == "plain"


def test_values_of_every_shape_are_masked_inside() -> None:
    line = {
        "holder": Holder(PhoneNumber("13800138000"), Secret("246810")),
        "nested": {"deep": [{"pin": "246810"}, ("13800138000",)]},
        "number": 13800138000,
        "fault": ValueError("no route to 13800138000"),
        "price": Decimal("12.05"),
        "path": Path("/tmp/x"),
        "count": 7,
        "ratio": 0.5,
        "yes": True,
        "none": None,
    }
    assert masked_line(line) == {
        "holder": "Holder(number=PhoneNumber(138****8000), keyed=Secret(******))",
        "nested": {"deep": [{"pin": MASK}, ["138****8000"]]},
        "number": "138****8000",
        "fault": "ValueError: no route to 138****8000",
        "price": "12.05",
        "path": "/tmp/x",
        "count": 7,
        "ratio": 0.5,
        "yes": True,
        "none": None,
    }


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", " ", "caller ", "from=", "sip:", "(", "号码"]),
    st.sampled_from(["", " ", "@host", ",", ")", "。", "; x"]),
)
def test_no_mobile_number_survives_any_surroundings(number: str, before: str, after: str) -> None:
    assert number not in masked_text(f"{before}{number}{after}")
