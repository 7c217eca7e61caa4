"""The list of securities: ours is right, and a wrong one is refused with every fault named."""

from pathlib import Path

import pytest

from ivrengine.errors import ConfigError
from ivrengine.services.quotes.directory import COLUMNS, load_directory, parse_directory
from ivrengine.services.quotes.model import SecurityCode, SecurityKind
from ivrengine.services.quotes.settings import DEMO_SECURITIES

pytestmark = pytest.mark.unit

HEAD = ",".join(COLUMNS)
GOOD = "600519,贵州茅台,Kweichow Moutai,SH,share,0.01,100,10,1480.00"


def test_the_demonstration_lists_at_least_two_hundred_securities_of_every_market() -> None:
    directory = load_directory(DEMO_SECURITIES)
    securities = [listing.security for listing in directory]
    assert len(directory) >= 200
    assert {security.market for security in securities} == {"SH", "SZ", "BJ"}
    assert {security.kind for security in securities} == set(SecurityKind)
    assert all(security.name_zh and security.name_en for security in securities)


def test_only_an_index_has_neither_lot_nor_limit() -> None:
    for listing in load_directory(DEMO_SECURITIES):
        terms = (listing.security.lot_size, listing.security.limit_pct)
        assert (terms == (None, None)) is (listing.security.kind is SecurityKind.INDEX)
        assert None not in terms or terms == (None, None)


def test_the_same_digits_are_a_bank_in_shenzhen_and_an_index_in_shanghai() -> None:
    directory = load_directory(DEMO_SECURITIES)
    bank = directory.find(SecurityCode("000001"))
    index = directory.find(SecurityCode("sh000001"))
    assert bank is not None
    assert bank.security.name_en == "Ping An Bank"
    assert index is not None
    assert index.security.kind is SecurityKind.INDEX


def test_a_good_line_is_read() -> None:
    listing = parse_directory(f"{HEAD}\n{GOOD}\n", "list.csv").find(SecurityCode("600519"))
    assert listing is not None
    assert str(listing.demo_price) == "1480.00"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (GOOD.replace("600519", "60051"), "six digits"),
        (GOOD.replace("600519", "shsh600519"), "six digits"),
        (GOOD.replace("SH", "HK"), "'HK' is not a valid Market"),
        (GOOD.replace("share", "bond"), "'bond' is not a valid SecurityKind"),
        (GOOD.replace("0.01", "penny"), "price_tick 'penny' is not a number"),
        (GOOD.replace("0.01", "0"), "not above zero"),
        (GOOD.replace("1480.00", "NaN"), "not above zero"),
        (GOOD.replace("1480.00", "1480.005"), "no multiple"),
        (GOOD.replace("1480.00", "0.99"), "less than 100 ticks"),
        (GOOD.replace(",100,", ",many,"), "invalid literal"),
        (GOOD + ",more", "10 fields"),
        (f"{GOOD}\n{GOOD}", "listed twice"),
        ('600000,"浦发', "unexpected end"),
    ],
)
def test_a_wrong_line_is_named_with_its_fault(line: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=fault) as raised:
        parse_directory(f"{HEAD}\n{line}\n", "list.csv")
    where = "3" if "\n" in line else "2"
    assert str(raised.value).startswith(f"list.csv:{where}: ")


def test_all_faults_are_reported_together() -> None:
    text = "\n".join((HEAD, "x", GOOD, "y"))
    with pytest.raises(ConfigError) as raised:
        parse_directory(text, "list.csv")
    assert [line.split(" ")[0] for line in str(raised.value).splitlines()] == [
        "list.csv:2:",
        "list.csv:4:",
    ]


@pytest.mark.parametrize("text", ["", "code,name\n600519,贵州茅台\n"])
def test_other_columns_are_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="columns must be"):
        parse_directory(text, "list.csv")


def test_a_list_that_is_not_there_says_which_setting_to_mend(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load_directory(tmp_path / "none.csv")
    assert "quotes.securities" in raised.value.remedy
