"""The page shows every bar, every plot for which there is something, and needs nothing else."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ivrengine.load.report.bars import BARS, Standing
from ivrengine.load.report.result import LoadResult, Tallied
from ivrengine.load.report.writing import JSON_FILE, PAGE_FILE, write_report
from tests.kit.load_result import a_result

pytestmark = pytest.mark.unit

SHORT = a_result(hold_s=40)
PLOTS = (
    "Calls by state",
    "Lines in use by trunk group",
    "Calls set up a second",
    "Refused by class of caller",
    "Set-up and first sound",
    "Key to prompt",
    "Gap between the fragments of a read-out",
    "Agent ready to telephone ringing",
    "Lag of the engine's event loop",
    "Processor time of each process",
    "Pace of the processors",
    "Memory of each process",
    "Open descriptors of each process",
)


class Shape(HTMLParser):
    """Which elements a page opens and does not close, what it fetches, and what it says."""

    VOID = frozenset({"meta", "br", "link", "img"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.labels: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "data")]
        self.fetched += ["script"] * (tag == "script")
        if "aria-label" in named:
            self.labels.append(named["aria-label"] or "")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(result: LoadResult, folder: Path) -> str:
    write_report(result, folder)
    return (folder / PAGE_FILE).read_text(encoding="utf-8")


def test_both_files_are_written_and_the_verdict_returned(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    verdict = write_report(SHORT, folder)
    assert {file.name for file in folder.iterdir()} == {JSON_FILE, PAGE_FILE}
    assert verdict.missed == ()


def test_the_page_is_whole_and_fetches_nothing(tmp_path: Path) -> None:
    page = page_of(SHORT, tmp_path)
    shape = Shape(page)
    assert shape.open == []
    assert [target for target in shape.fetched if not target.startswith("#")] == []
    addresses = set(re.findall(r"https?://[^\s\"'<]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_every_bar_and_every_plot_is_shown(tmp_path: Path) -> None:
    shape = Shape(page_of(SHORT, tmp_path))
    for bar in BARS:
        assert bar.name in shape.text
    assert tuple(label for label in shape.labels if label in PLOTS) == PLOTS


def test_drawings_are_xml_and_take_their_colours_from_the_page(tmp_path: Path) -> None:
    page = page_of(SHORT, tmp_path)
    drawings = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)
    assert len(drawings) == len(PLOTS)
    defined = set(re.findall(r"(--[a-z0-9]+):", page))
    for drawing in drawings:
        ElementTree.fromstring(drawing)
        assert "var(--c0)" in drawing
        assert set(re.findall(r"var\((--[a-z0-9]+)\)", drawing)) <= defined
        assert not re.search(r"#a[12]0{3}", drawing)


def test_what_was_not_measured_has_no_plot_and_no_praise(tmp_path: Path) -> None:
    bare = replace(
        SHORT,
        probe_calls=(),
        rings=(),
        moments=tuple(replace(moment, engine=None, lines=None) for moment in SHORT.moments),
    )
    shape = Shape(page_of(bare, tmp_path))
    missing = set(PLOTS) - set(shape.labels)
    assert missing == {*PLOTS[1:2], *PLOTS[4:9]}
    assert Standing.NOT_MEASURED in shape.text


def test_what_callers_say_cannot_spoil_the_page(tmp_path: Path) -> None:
    tallied = Tallied(
        counts=SHORT.tallies["quote"].counts, refused={}, failed={"<script>alert(1)</script>": 2}
    )
    wrong = replace(SHORT.probe_calls[0], fault="</pre><b>heard</b>\nand more")
    page = page_of(replace(SHORT, tallies={"quote": tallied}, probe_calls=(wrong,)), tmp_path)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert Shape(page).open == []
    assert "and more" in Shape(page).text


def test_a_run_that_was_ended_early_says_so(tmp_path: Path) -> None:
    assert "ended before its time" in page_of(replace(SHORT, interrupted=True), tmp_path)
    assert "ended before its time" not in page_of(SHORT, tmp_path)


def test_what_the_callers_did_badly_themselves_stands_beside_the_verdict(tmp_path: Path) -> None:
    short = replace(SHORT, shortcomings={"skipped beats": 1203, "lost packets": 4})
    assert "1,203 skipped beats, 4 lost packets." in Shape(page_of(short, tmp_path)).text


def test_stretches_are_shown_side_by_side_where_there_are_several(tmp_path: Path) -> None:
    assert "Stretch by stretch" not in page_of(SHORT, tmp_path)
    fill, hold, finish = SHORT.phases
    later = replace(hold, name="later", from_s=hold.from_s + 20)
    parted = replace(SHORT, phases=(fill, replace(hold, to_s=later.from_s), later, finish))
    shape = Shape(page_of(parted, tmp_path))
    assert shape.open == []
    assert "Stretch by stretch" in shape.text


def test_a_machine_that_others_used_as_well_is_warned_of(tmp_path: Path) -> None:
    busy = tuple(replace(moment, machine_cores=1.95) for moment in SHORT.moments)
    shown = page_of(replace(SHORT, moments=busy), tmp_path)
    assert "Other programs used 0.4" in shown
    assert "of them other virtual machines (0.04 in the worst second)" in shown
    assert "Other programs used" not in page_of(SHORT, tmp_path)


def test_a_run_that_measured_nothing_has_a_page(tmp_path: Path) -> None:
    nothing = replace(
        SHORT, moments=(), phases=(), tallies={}, probe_calls=(), rings=(), leftovers=None
    )
    assert Shape(page_of(nothing, tmp_path)).open == []
