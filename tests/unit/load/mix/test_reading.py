"""The description of callers: what is taken, and where every fault is found."""

import pytest

from ivrengine.errors import ConfigError
from ivrengine.load.mix.reading import load_mix, read_mix
from ivrengine.load.plan import MIX

pytestmark = pytest.mark.unit

HEAD = """\
customers: {trading: 20, registered: 30, ordinary: 50}
again_after_s: 4-8
listens_s: 2-4
kinds:
"""
QUOTE = '  - {name: quote, share: 100, path: "1 11 600519", stays_s: 12-20}\n'


def faults(text: str) -> list[str]:
    with pytest.raises(ConfigError) as refusal:
        read_mix("mix.yaml", text)
    return str(refusal.value).splitlines()


def test_the_description_that_comes_with_the_engine_keeps_the_busy_hour_of_old() -> None:
    shares = {kind.name: kind.share for kind in load_mix(MIX).kinds}
    wanted = {"person": 20, "agent by number": 5, "mailbox": 5}
    for beginning, percent in wanted.items():
        assert sum(share for name, share in shares.items() if name.startswith(beginning)) == percent
    assert sum(shares.values()) == 100


def test_a_menu_joins_by_one_line() -> None:
    line = '  - {name: loans, share: 30, path: "1 6 2", stays_s: 10}\n'
    mix = read_mix("mix.yaml", HEAD + QUOTE.replace("100", "70") + line)
    assert [kind.name for kind in mix.kinds] == ["quote", "loans"]


def test_shares_that_are_not_a_hundred_together_are_refused_with_their_place() -> None:
    assert faults(HEAD + QUOTE.replace("share: 100", "share: 99.5")) == [
        "mix.yaml:5:3: the shares are 99.5 together, where 100 is expected"
    ]


def test_classes_that_are_not_a_hundred_together_are_refused() -> None:
    [fault] = faults(HEAD.replace("trading: 20", "trading: 10") + QUOTE)
    assert fault.startswith("mix.yaml:1:12: the classes are 90 together")


def test_every_fault_is_told_at_once() -> None:
    told = faults(HEAD.replace("4-8", "8-4") + QUOTE.replace("stays_s", "stay_s"))
    assert len(told) == 2
    assert told[0].startswith("mix.yaml:2:16: again_after_s: a span goes from the shorter")
    assert told[1].endswith("there is no key stay_s (did you mean stays_s?)")


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ("[{listens: 2, presses: '1'}]", "a step does exactly one thing"),
        ("[{}]", "a step does exactly one thing"),
        ("[{listens: soon}]", "seconds are expected"),
        ("[{until_let_go: 9}, {listens: 1}]", "until_let_go is the last step"),
    ],
)
def test_steps_that_nobody_can_take_are_refused(steps: str, fault: str) -> None:
    [told] = faults(f"{HEAD}  - {{name: odd, share: 100, steps: {steps}}}\n")
    assert fault in told
    assert told.startswith("mix.yaml:5:")


def test_keys_that_no_telephone_has_are_refused() -> None:
    told = faults(f"{HEAD}  - {{name: odd, share: 100, steps: [{{presses: 'A1'}}]}}\n")
    assert all(line.startswith("mix.yaml:5:") for line in told)


def test_a_kind_has_a_path_or_steps_and_not_both() -> None:
    [told] = faults(HEAD + "  - {name: odd, share: 100}\n")
    assert "either a path or steps are expected" in told


def test_a_name_that_stands_twice_is_refused_with_the_place_of_the_first() -> None:
    [told] = faults(HEAD + QUOTE.replace("100", "50") * 2)
    assert told == "mix.yaml:6:12: quote stands here twice, first in line 5"


def test_a_class_that_does_not_exist_is_refused_with_a_guess() -> None:
    [told] = faults(HEAD + QUOTE.replace("stays_s", "customer: tradign, stays_s"))
    assert told.endswith("no class is called tradign (did you mean trading?)")
