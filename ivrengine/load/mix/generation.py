"""The files that SIPp is given: a scenario for all callers, and a list of callers a group."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, StrictUndefined

from ivrengine.config import PROJECT
from ivrengine.load.mix.drawing import DrawnCaller, draw_callers
from ivrengine.load.mix.reading import Mix
from ivrengine.load.mix.script import render

CALLERS_A_GROUP: Final = 5000
"""As many lines as SIPp is given; it begins anew after the last."""

TEMPLATE: Final = PROJECT / "sipp-scenarios" / "load" / "caller.xml.j2"
_REFUSALS: Final = (
    *(400, 401, 403, 404, 405, 406, 408, 410, 413, 415, 420, 480, 481, 482, 483, 484, 485, 486),
    *(487, 488, 491, 500, 501, 502, 503, 504, 513, 580, 600, 603, 604, 606),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedFiles:
    """Where they are; ``callers`` are in the order of the groups."""

    scenario: Path
    callers: tuple[Path, ...]


def generate(
    mix: Mix, folder: Path, *, trunks: Sequence[str], seed: int, callers: int = CALLERS_A_GROUP
) -> GeneratedFiles:
    """Write the scenario and the lists of callers into ``folder``, which is made if need be.

    Raises:
        ConfigError: nobody calls one of the groups.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scenario = folder / "caller.xml"
    page = Environment(undefined=StrictUndefined, autoescape=True).from_string(
        TEMPLATE.read_text("utf-8")
    )
    scenario.write_text(
        page.render(refusals=_REFUSALS, again_after=mix.again_after_s) + "\n", encoding="utf-8"
    )
    lists: list[Path] = []
    for trunk in trunks:
        drawn = itertools.islice(draw_callers(mix, trunk, seed=seed), callers)
        lists.append(folder / f"{trunk}.csv")
        text = "\n".join(["SEQUENTIAL", *(_line(caller) for caller in drawn)])
        lists[-1].write_text(text + "\n", encoding="ascii")
    return GeneratedFiles(scenario=scenario, callers=tuple(lists))


def _line(caller: DrawnCaller) -> str:
    return f"{caller.label};{caller.telephone};{render(caller.script)}"
