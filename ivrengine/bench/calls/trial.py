"""The measurement: one load offered to the rival and then to the engine, on the same machine.

Only one of the two is there at a time. Callers, agents, telephones that listen and chance are the
same, and so is what measures them.
"""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ivrengine.bench.calls.rival import RivalPlace, running_rival
from ivrengine.bench.calls.side_by_side import Line, side_by_side
from ivrengine.bootstrap.system import sole_use
from ivrengine.config import Settings
from ivrengine.errors import EngineError
from ivrengine.load.engine_target import LAST_AGENT, PORTS, line_groups
from ivrengine.load.places import MediaRange
from ivrengine.load.plan import LoadPlan
from ivrengine.load.report.bars import Verdict
from ivrengine.load.report.document import render_json
from ivrengine.load.report.figures import figures_of
from ivrengine.load.report.result import Kind, LoadResult, Machine
from ivrengine.load.run import Offer, Show
from ivrengine.load.whole import OwnSystem, load_at, load_engine
from ivrengine.softswitch.local.debian.progress import Report
from ivrengine.speech.library import install

_RIVAL_FROM: Final = 10
_MEDIA_FROM: Final = 40
_CALLER_RTP_TIMEOUT_S: Final = 30

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsBench:
    """One run at both. ``reports`` is the folder of the whole reports, a JSON file each."""

    plan: LoadPlan
    machine: Machine
    lines: tuple[Line, ...]
    reports: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsPlace:
    """Where both live, in turn: the ports of a load from ``first_port`` on, and a folder."""

    first_port: int
    root: Path

    @property
    def prompts(self) -> Path:
        """The prompts of both."""
        return self.root / "engine" / "prompts"

    @property
    def rival(self) -> RivalPlace:
        """Where the rival lives, apart from the engine but for the ports of media."""
        return RivalPlace(
            first_port=self.first_port + _RIVAL_FROM,
            media=MediaRange(first=self.first_port + _MEDIA_FROM, last=self.first_port + PORTS - 1),
            state=self.root / "dialplan",
            prompts=self.prompts,
            last_agent=LAST_AGENT,
            caller_rtp_timeout_s=_CALLER_RTP_TIMEOUT_S,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """How the measurement is followed: in words, by what is fetched, and by the load itself."""

    tell: Tell
    report: Report
    show: Show


async def measure_calls(
    settings: Settings, place: CallsPlace, plan: LoadPlan, watched: Watched
) -> CallsBench:
    """Run both; everything that was started is stopped again.

    Raises:
        EngineError: one did not come up, callers or agents ended by themselves, or somebody broke
            the measurement off.
    """
    place.root.mkdir(parents=True, exist_ok=True)
    with sole_use(place.root):
        watched.tell("the prompts are laid out")
        await asyncio.to_thread(install, place.prompts)
        watched.tell("Asterisk's dialplan and app_queue start")
        system = OwnSystem(root=place.root, first_port=place.first_port)
        groups = line_groups(system.lines_for(Kind.FULL))
        rival = _whole(
            await load_at(
                running_rival(place.rival, groups, settings, watched.report),
                _offer(place, plan),
                show=watched.show,
            )
        )
        watched.tell("the engine starts")
        engine = _whole(await load_engine(settings, system, _offer(place, plan), show=watched.show))
    theirs, ours = figures_of(rival), figures_of(engine)
    heard = theirs.heard.digit_to_prompt
    engine = replace(engine, rival_digit_to_prompt_s=heard.median_s if heard else None)
    reports = place.root / "reports"
    reports.mkdir(exist_ok=True)
    for name, result, figures in (("dialplan", rival, theirs), ("engine", engine, ours)):
        document = render_json(result, figures, Verdict.of(result, figures))
        (reports / f"{name}.json").write_bytes(document)
    return CallsBench(
        plan=plan, machine=engine.machine, lines=side_by_side(ours, theirs), reports=reports
    )


def _offer(place: CallsPlace, plan: LoadPlan) -> Offer:
    """Return the load, which may write where nobody has written before."""
    folder = place.root / "run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return Offer(plan=plan, folder=folder)


def _whole(result: LoadResult) -> LoadResult:
    if result.interrupted:
        raise EngineError("the measurement was broken off, and a part of it cannot be compared")
    return result
