"""What the agents' telephones tell survives the way through a pipe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivrengine.load.agents.news import Answered, Freed, News, Rang, Staffed, Strange, read, written

pytestmark = pytest.mark.unit

AGENTS = st.from_regex(r"[0-9]{2,8}", fullmatch=True)
WORDS = st.text(st.characters(codec="ascii", exclude_characters="\r\n"), min_size=1)
NEWS = st.one_of(
    st.builds(Rang, agent=AGENTS, at_s=st.floats(min_value=0, allow_infinity=False)),
    st.builds(Answered, agent=AGENTS),
    st.builds(Freed, agent=AGENTS),
    st.builds(Strange, agent=AGENTS, what=WORDS),
    st.just(Staffed()),
)


@given(NEWS)
def test_what_was_written_is_read_again(news: News) -> None:
    assert read(written(news)) == news


@pytest.mark.parametrize("line", ["", "rang", "rang 8001", "rang 8001 soon", "slept 8001"])
def test_a_line_that_tells_nothing_is_no_news(line: str) -> None:
    with pytest.raises(ValueError, match=r"no news|could not convert"):
        read(line)
