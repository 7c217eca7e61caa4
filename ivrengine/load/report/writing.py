"""Writes a report: the page for people and the JSON for machines."""

from pathlib import Path
from typing import Final

from ivrengine.load.report.bars import Verdict
from ivrengine.load.report.document import render_json
from ivrengine.load.report.figures import figures_of
from ivrengine.load.report.page import render_page
from ivrengine.load.report.result import LoadResult

JSON_FILE: Final = "report.json"
PAGE_FILE: Final = "report.html"


def write_report(result: LoadResult, folder: Path) -> Verdict:
    """Write both files into ``folder``, made if need be, and return how the run stands.

    Raises:
        OSError: they cannot be written.
    """
    figures = figures_of(result)
    verdict = Verdict.of(result, figures)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / JSON_FILE).write_bytes(render_json(result, figures, verdict))
    (folder / PAGE_FILE).write_text(render_page(result, figures, verdict), encoding="utf-8")
    return verdict
