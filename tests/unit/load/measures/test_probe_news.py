"""What the process of the probes tells is read as it was written."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.load.measures.probe_call import ProbeCall, RtpQuality
from ivrengine.load.measures.probes.news import (
    Answered,
    Begun,
    Listening,
    News,
    Over,
    read,
    written,
)
from ivrengine.load.measures.probes.orders import ProbeOrders

pytestmark = pytest.mark.unit

TIMES = st.floats(0, 1e6)
CALLS = st.builds(
    ProbeCall,
    began_at=TIMES,
    language=st.sampled_from(("zh", "en")),
    setup_s=st.none() | TIMES,
    first_sound_s=st.none() | TIMES,
    digit_to_prompt_s=st.lists(TIMES).map(tuple),
    gaps_samples=st.lists(st.integers(-500, 500)).map(tuple),
    holes_samples=st.lists(st.integers(0, 5000)).map(tuple),
    rtp=st.none()
    | st.builds(
        RtpQuality,
        received=st.integers(0),
        lost=st.integers(0),
        jitter_s=TIMES,
        longest_wait_s=TIMES,
    ),
    refused=st.sampled_from((0, 503)),
    fault=st.text(),
)


@given(st.sampled_from((Listening(), Begun(), Answered())) | st.builds(Over, call=CALLS))
def test_news_are_one_line_each_and_read_again(news: News) -> None:
    line = written(news)
    assert line.count(b"\n") == 1
    assert read(line) == news


@pytest.mark.parametrize("line", [b"\n", b"hello\n", b"over\n", b'over {"language": 7}\n'])
def test_what_is_no_news_is_a_fault(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"news|valid"):
        read(line)


def test_orders_are_read_as_they_were_written() -> None:
    orders = ProbeOrders(
        server=("127.0.0.1", 5060),
        dialled="952588",
        callers=("1390", "1391"),
        prompts=Path("/somewhere/prompts"),
        seed=7,
    )
    assert ProbeOrders.read(orders.written()) == orders
