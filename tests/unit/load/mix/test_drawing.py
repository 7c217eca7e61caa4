"""Callers drawn from a description: their shares, their numbers, their waiting times."""

from collections import Counter
from decimal import Decimal
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.trunk_groups import LineClass
from ivrengine.errors import ConfigError
from ivrengine.load.customers import CUSTOMERS_OF_A_CLASS, telephone
from ivrengine.load.mix.drawing import DrawnCaller, draw_callers
from ivrengine.load.mix.reading import Mix, load_mix
from ivrengine.load.mix.script import Act, Script, Verb, read_script, render
from ivrengine.load.plan import MIX

pytestmark = pytest.mark.unit

SHARES_HOLD_AFTER = 1000


@pytest.fixture(scope="module")
def mix() -> Mix:
    return load_mix(MIX)


def drawn(mix: Mix, *, seed: int = 1, count: int = SHARES_HOLD_AFTER) -> list[DrawnCaller]:
    return list(islice(draw_callers(mix, "main", seed=seed), count))


def kind_of(caller: DrawnCaller) -> str:
    first, _, rest = caller.label.partition(" ")
    return rest if first in ("trading", "registered") else caller.label


def test_in_a_thousand_callers_every_share_is_kept_to_the_last_one(mix: Mix) -> None:
    counted = Counter(kind_of(caller) for caller in drawn(mix))
    assert counted == {kind.name: kind.share * 10 for kind in mix.kinds}


def test_the_same_seed_draws_the_same_callers_and_another_one_others(mix: Mix) -> None:
    assert drawn(mix, seed=7) == drawn(mix, seed=7)
    assert drawn(mix, seed=7) != drawn(mix, seed=8)


def test_a_caller_calls_from_a_number_of_the_class_that_it_is_counted_under(mix: Mix) -> None:
    for caller in drawn(mix):
        trades = caller.label.startswith("trading ")
        first = telephone(LineClass.TRADING, 0)
        last = telephone(LineClass.TRADING, CUSTOMERS_OF_A_CLASS - 1)
        assert trades == (first <= caller.telephone <= last)


def test_waiting_times_differ_from_call_to_call_and_stay_in_their_span(mix: Mix) -> None:
    stays = {
        caller.script[-1].seconds for caller in drawn(mix) if kind_of(caller) == "quote in Mandarin"
    }
    assert len(stays) > 300
    assert min(stays) >= 12
    assert max(stays) <= 20


def test_a_kind_that_calls_one_group_is_not_drawn_for_the_other(mix: Mix) -> None:
    kinds = tuple(
        kind.model_copy(update={"calls": "tollfree" if kind.name == "silent" else "main"})
        for kind in mix.kinds
    )
    parted = mix.model_copy(update={"kinds": kinds})
    assert "silent" not in {kind_of(caller) for caller in drawn(parted)}
    free = islice(draw_callers(parted, "tollfree", seed=1), 20)
    assert {kind_of(caller) for caller in free} == {"silent"}


def test_a_group_that_nobody_calls_is_refused(mix: Mix) -> None:
    kinds = tuple(kind.model_copy(update={"calls": "main"}) for kind in mix.kinds)
    with pytest.raises(ConfigError, match="tollfree"):
        draw_callers(mix.model_copy(update={"kinds": kinds}), "tollfree", seed=1)


def test_a_kind_with_a_share_of_nothing_is_never_drawn(mix: Mix) -> None:
    first, second, *rest = mix.kinds
    kinds = (
        first.model_copy(update={"share": Decimal(0)}),
        second.model_copy(update={"share": first.share + second.share}),
        *rest,
    )
    callers = drawn(mix.model_copy(update={"kinds": kinds}))
    assert first.name not in {kind_of(caller) for caller in callers}


acts = st.one_of(
    st.builds(
        lambda verb, hundredths: Act(verb=verb, seconds=hundredths / 100),
        st.sampled_from([verb for verb in Verb if verb is not Verb.PRESS]),
        st.integers(0, 99_999),
    ),
    st.builds(
        lambda keys: Act(verb=Verb.PRESS, keys=keys),
        st.text(alphabet="0123456789*#", min_size=1, max_size=32),
    ),
)


@given(st.lists(acts, min_size=1, max_size=20).map(tuple))
def test_a_script_is_read_back_from_its_line(script: Script) -> None:
    line = render(script)
    assert ";" not in line
    assert read_script(line) == script


@pytest.mark.parametrize("line", ["", "listens", "listens soon", "sings 2.0", "2.0"])
def test_a_line_that_is_no_script_is_refused(line: str) -> None:
    with pytest.raises(ConfigError):
        read_script(line)
