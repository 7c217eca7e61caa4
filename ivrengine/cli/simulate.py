"""``ivrengine simulate``: a call in the terminal, without telephones.

Keys are typed as on a telephone, prompts are printed as they would be heard, quotes come from the
demonstration market. What happens outside the flow (an agent answers, somebody falls silent) is
typed as well.
"""

import asyncio
import os
import select
import sys
import termios
import tty
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, assert_never

import typer
from rich.console import Console

from ivrengine.bootstrap.flow_files import business_lines, catalogue_of, sources_in, surroundings_of
from ivrengine.clock import SteadyClock
from ivrengine.config import Settings, load_settings
from ivrengine.errors import SpeechError
from ivrengine.flow.effects import AGENT, Act, Item, Prompt, Replay, Say
from ivrengine.flow.inputs import Joined, SeekEnded
from ivrengine.flow.loader import load
from ivrengine.flow.model import FlowSet
from ivrengine.flow.rehearsal.rehearsal import Happening, Rehearsal, Setting, StandIn
from ivrengine.flow.stepper import KEYS, Stepper
from ivrengine.services.customers.book import CustomerBook
from ivrengine.services.customers.memory import MemoryWrongPins
from ivrengine.services.customers.pins import PinChecks
from ivrengine.services.customers.service import Identifications
from ivrengine.services.mailbox.memory import MemoryShelf, MemoryTickets
from ivrengine.services.mailbox.service import Mailbox
from ivrengine.services.quotes.directory import load_directory
from ivrengine.services.quotes.embedded_feed import EmbeddedFeed
from ivrengine.services.quotes.service import Quotes
from ivrengine.services.ratings.memory import MemoryRatings
from ivrengine.services.ratings.service import Ratings
from ivrengine.services.registry import ActionContext, Actions
from ivrengine.speech.catalogue import Catalogue
from ivrengine.speech.readings import read_out
from ivrengine.telephony import RecordingName
from ivrengine.values import CallId, Language, PhoneNumber

app = typer.Typer()

ORDERS = {
    "a": "an agent answers",
    "e": "the agent ends the conversation",
    "n": "nobody is on duty",
    "s": "the caller falls silent",
    "q": "the caller hangs up",
}
"""What can be typed besides the keys of a telephone."""

SAID_BY_AGENT = "8001"
"""Number of the one agent of the simulation."""


@app.command()
def simulate(
    folder: Annotated[
        Path | None, typer.Argument(help="Flows to walk through; those in force when left out.")
    ] = None,
    entry: Annotated[str, typer.Option(help="Flow to begin with.")] = "",
    language: Annotated[Language, typer.Option(help="Language to begin with.")] = Language.MANDARIN,
    speed: Annotated[float, typer.Option(min=0.1, max=100, help="How fast time runs.")] = 1.0,
    keys: Annotated[str, typer.Option(help="Type these, then wait for the end.")] = "",
) -> None:
    """Walk through a flow: 0-9 * # are keys, the other letters are listed at the start."""
    settings = load_settings()
    line = business_lines(folder or settings.dialplans)[0]
    flows = load(sources_in(line), surroundings_of(settings))
    call = _Walk(flows, settings, Console(highlight=False, soft_wrap=True))
    call.begin(entry, language)
    if keys:
        call.type_ahead(keys)
    else:
        call.live(speed)


class _Walk:
    def __init__(self, flows: FlowSet, settings: Settings, console: Console) -> None:
        services = _DemoServices(settings)
        setting = Setting(prompt_s=1.2)
        self._call = Rehearsal(Stepper(flows), setting, services.answer)
        self._services = services
        self._catalogue = catalogue_of(settings)
        self._console = console
        self._told = 0

    def begin(self, entry: str, language: Language) -> None:
        """Begin the call."""
        orders = ", ".join(f"{key} = {meaning}" for key, meaning in ORDERS.items())
        self._console.print(f"keys: 0-9 * #; {orders}", style="dim", markup=False)
        self._call.begin(entry, language)
        self._tell()

    def type_ahead(self, typed: str) -> None:
        """Type all of ``typed``, a second apart, then let the call come to its end."""
        for key in typed:
            self._type(key)
            if self._over():
                return
            self._wait(1.0)
        while not self._over() and self._call.next_at() is not None:
            self._call.happen_next()
            self._tell()

    def live(self, speed: float) -> None:
        """Take keys as they are typed, in real time."""
        clock = SteadyClock()
        began = clock.now()
        with _raw_terminal():
            while not self._over():
                at = self._call.next_at()
                now = (clock.now() - began) * speed
                pause_s = 3600.0 if at is None else max(0.0, (at - now) / speed)
                typed = _typed_within(pause_s)
                self._wait((clock.now() - began) * speed - self._call.now)
                if typed is not None:
                    self._type(typed or "q")

    def _over(self) -> bool:
        return self._call.ended

    def _wait(self, seconds: float) -> None:
        self._call.wait(max(0.0, seconds))
        self._tell()

    def _type(self, key: str) -> None:
        self._services.language = self._call.state.language
        seek = self._call.seeking
        if key in KEYS:
            self._call.press(key)
        elif key == "s":
            self._call.stop_speaking()
        elif key in {"q", "\x03", "\x04"}:
            self._call.hang_up()
        elif seek is not None and key == "a":
            self._call.seek_answer(Joined(generation=seek.generation, agent=SAID_BY_AGENT))
        elif seek is not None and key in {"e", "n"}:
            outcome = "served" if key == "e" else "nobody"
            ended = SeekEnded(generation=seek.generation, outcome=outcome, agent=SAID_BY_AGENT)
            self._call.seek_answer(ended)
        self._tell()

    def _tell(self) -> None:
        for happening in self._call.happenings[self._told :]:
            self._console.print(f"{happening.at:7.1f} s  {self._line(happening)}", markup=False)
        self._told = len(self._call.happenings)

    def _line(self, happening: Happening) -> str:
        if happening.kind == "hear" and happening.items:
            spoken = self._text(happening.items, self._call.state.language)
            return f"hears     {spoken}"
        return f"{happening.kind:<9} {happening.text}"

    def _text(self, items: Sequence[Item], language: Language) -> str:
        return " ".join(_said(item, language, self._catalogue) for item in items)


def _said(item: Item, language: Language, catalogue: Catalogue) -> str:
    match item:
        case Prompt(id=prompt):
            return catalogue.text(prompt, item.language or language)
        case Say(value=value, reading=reading):
            tongue = item.language or language
            spoken = SAID_BY_AGENT if value == AGENT else value
            try:
                words = [catalogue.text(each, tongue) for each in read_out(spoken, reading, tongue)]
            except SpeechError as fault:
                return f"({fault})"
            return ("" if tongue is Language.MANDARIN else " ").join(words)
        case Replay(recording=recording):
            return f"({recording})"
        case _:
            assert_never(item)


class _DemoServices:
    """The real services over stores in memory, asked one at a time."""

    def __init__(self, settings: Settings) -> None:
        clock = SteadyClock()
        directory = load_directory(settings.quotes.securities)
        feed = EmbeddedFeed(directory, clock, seed=settings.quotes.demo_seed)
        self._clock = clock
        self._shelf = MemoryShelf()
        customers = settings.customers
        pins = PinChecks(at_once=1)
        services = (
            Identifications(CustomerBook(customers), pins, customers, wrong_pins=MemoryWrongPins()),
            Quotes(directory, feed, settings.quotes),
            Mailbox(MemoryTickets(), self._shelf),
            Ratings(MemoryRatings()),
        )
        self._actions = Actions(each for service in services for each in service.actions())
        self.language = Language.MANDARIN

    def answer(self, act: Act) -> StandIn:
        """Return what the service says."""
        recording = act.arguments.get("recording")
        if isinstance(recording, str):
            self._shelf.recordings.add(RecordingName(recording))
        context = ActionContext(
            call=CallId("simulated"),
            caller=PhoneNumber(""),
            language=self.language,
            now=self._clock.now(),
        )
        result = asyncio.run(self._actions.call(act.action, context, act.arguments))
        return replace(StandIn(), outcome=result.outcome, values=result.values)


@contextmanager
def _raw_terminal() -> Iterator[None]:
    """Let keys through one by one; input that is no terminal is read as it comes."""
    if not sys.stdin.isatty():
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _typed_within(seconds: float) -> str | None:
    """Return the key typed within ``seconds``, None for none, empty when there will be no more."""
    ready, _, _ = select.select([sys.stdin], [], [], seconds)
    # Not through sys.stdin, whose buffer would take all keys that are there and show only one.
    return os.read(sys.stdin.fileno(), 1).decode("ascii", "replace") if ready else None
