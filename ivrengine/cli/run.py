"""``ivrengine run``: fetches what is missing, starts everything, shows a call, and serves."""

import asyncio
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console, RenderableType
from rich.text import Text

from ivrengine.bootstrap.system import (
    System,
    engine_output,
    ports_of_system,
    sole_use,
    system_of,
)
from ivrengine.cli.api import Api
from ivrengine.cli.banner import banner, own_command
from ivrengine.cli.call_lines import DialogueLines
from ivrengine.cli.demo_house import ApiHouse
from ivrengine.cli.softswitch import progress_shown
from ivrengine.clock import MARKET_ZONE, SteadyClock, local_time
from ivrengine.config import Settings, load_settings
from ivrengine.demo.show import LeftOut, Shown, show
from ivrengine.softswitch.local.debian.progress import Report, Step
from ivrengine.softswitch.local.installation import Installation, fetch
from ivrengine.softswitch.local.network_ports import check_free
from ivrengine.softswitch.local.supervisor import News, Supervisor
from ivrengine.softswitch.local.wording import in_words
from ivrengine.speech.library import install

app = typer.Typer()


@app.command()
def run(
    demo: Annotated[
        bool, typer.Option(envvar="DEMO", help="Place one demonstration call once all is up.")
    ] = True,
) -> None:
    """Start everything and serve until Ctrl-C, which stops all that was started."""
    settings = load_settings()
    console = _console()
    with sole_use(settings.state_dir):
        try:
            with _signals_interrupt():
                installation = _prepare(settings, console)
        except KeyboardInterrupt:
            console.print("stopped before anything was started")
            return
        system = system_of(settings, installation)
        asyncio.run(_Run(settings, system, console, demo=demo).serve())
    with suppress(OSError):
        console.print("all is stopped")


def _console() -> Console:
    if isinstance(sys.stdout, TextIOWrapper):
        # What callers hear is Chinese; a terminal that cannot show it gets question marks.
        sys.stdout.reconfigure(errors="replace")
    return Console(highlight=False, soft_wrap=True)


def _prepare(settings: Settings, console: Console) -> Installation:
    check_free(ports_of_system(settings))
    with progress_shown() as report:
        installation = fetch(settings.for_softswitch(), report)
        laid_out = install(
            settings.state_dir / "prompts",
            prompts_dir=settings.prompts,
            progress=lambda done, total: _report_prompts(report, done, total),
        )
    console.print(f"Asterisk {installation.version}: {installation.asterisk}")
    console.print(f"prompts: {laid_out.installed} laid out, {laid_out.unchanged} were in place")
    return installation


def _report_prompts(report: Report, done: int, total: int) -> None:
    report(Step(what="laying out prompts", done=done, total=total, unit="prompts"))


class _Run:
    """One run of the system as its operator sees it."""

    def __init__(self, settings: Settings, system: System, console: Console, *, demo: bool) -> None:
        self._settings = settings
        self._system = system
        self._console = console
        self._demo = demo
        self._clock = SteadyClock()

    async def serve(self) -> None:
        """Keep everything up until a signal; raises EngineError when it cannot be started."""
        parts = self._system.parts
        names = " and ".join(part.name for part in parts)
        self._say(f"starting {names} …")
        await Supervisor(parts, tell=self._tell).run(meanwhile=self._welcome)

    def _say(self, words: RenderableType) -> None:
        # A terminal that was closed must not keep us from stopping our parts in order.
        with suppress(OSError):
            self._console.print(words)

    def _tell(self, news: News) -> None:
        at = local_time(self._clock.now(), MARKET_ZONE).strftime("%H:%M:%S")
        self._say(Text.assemble((f"{at}  ", "dim"), in_words(news)))

    async def _welcome(self) -> None:
        self._say(banner(self._settings))
        if self._demo:
            await self._show()
        self._say("serving; Ctrl-C stops everything")

    async def _show(self) -> None:
        self._say(Text("\na demonstration call, as both telephones hear it", style="bold"))
        lines = DialogueLines(self._console)
        try:
            house = ApiHouse(Api(self._settings), self._system.switch)
            shown = await show(self._settings, house, lines.tell)
        except Exception as fault:  # noqa: BLE001 - the boundary: callers are served all the same
            self._admit(fault)
            return
        match shown:
            case LeftOut(reason=reason):
                self._say(f"left out: {reason}")
            case Shown(call=None):
                self._say("the call was served, but its record has not come yet")
            case Shown(call=call) if call is not None:
                self._tell_where_to_look(call.id, call.recordings)

    def _tell_where_to_look(self, call: str, recordings: Sequence[str]) -> None:
        for recording in recordings:
            file = self._settings.state_dir / "recordings" / f"{recording}.wav"
            self._say(f"recorded: {file}")
        self._say(f"what was kept of it: {own_command()} records show {call}\n")

    def _admit(self, fault: Exception) -> None:
        """Say what went wrong in the first words of the fault itself, and keep all of it."""
        cause: BaseException = fault
        while isinstance(cause, BaseExceptionGroup):
            cause = cause.exceptions[0]
        report = engine_output(self._settings).with_name("demonstration.out")
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text("".join(traceback.format_exception(fault)), encoding="utf-8")
        self._say(
            Text.assemble(
                ("the demonstration call failed: ", "bold red"),
                f"{cause or type(cause).__name__}\n",
                f"callers are served all the same; details: {report}",
            )
        )


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """Let these signals end the preparation, with all that it has begun.

    SIGINT too: a shell that starts this in the background has it ignored.
    """
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, _interrupt) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
