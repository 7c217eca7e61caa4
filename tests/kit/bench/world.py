"""The world around an engine on the bench: what outlives it, and the sounds it plays."""

import asyncio
from functools import cache
from pathlib import Path

from ivrengine.agents.event_log import MemoryEventLog
from ivrengine.agents.roster import Roster
from ivrengine.agents.roster_files import load_roster
from ivrengine.calls.fact_codec import decode, encode
from ivrengine.calls.facts import AnyFact, CallAdmitted, CallEnded, Timeline
from ivrengine.calls.line_book import plain_groups
from ivrengine.calls.line_rules import LineRules
from ivrengine.calls.routes import NumberSettings
from ivrengine.calls.talk.settings import TalkSettings
from ivrengine.flow.loader import load
from ivrengine.flow.model import FlowSet
from ivrengine.services.customers.book import CustomerBook
from ivrengine.services.customers.memory import MemoryWrongPins
from ivrengine.services.customers.model import PinHash
from ivrengine.services.customers.pins import is_pin
from ivrengine.services.customers.service import Identifications
from ivrengine.services.customers.settings import CustomerSettings
from ivrengine.services.mailbox.memory import MemoryShelf, MemoryTickets
from ivrengine.services.mailbox.service import Mailbox
from ivrengine.services.quotes.directory import Directory, load_directory
from ivrengine.services.quotes.embedded_feed import EmbeddedFeed
from ivrengine.services.quotes.model import FeedAnswer, FeedDown, SecurityCode
from ivrengine.services.quotes.service import Quotes
from ivrengine.services.quotes.settings import QuoteSettings
from ivrengine.services.ratings.memory import MemoryRatings
from ivrengine.services.ratings.service import Ratings
from ivrengine.services.registry import Actions
from ivrengine.simulator.exchange import SimulatedExchange
from ivrengine.simulator.loop_clock import LoopClock
from ivrengine.speech.library import media_uri
from ivrengine.speech.masters import load_manifest
from ivrengine.telephony import RecordingFinished, SwitchEvent
from ivrengine.values import Language, Secret
from tests.kit.flows import DEMO, demo_sources
from tests.kit.speech import PROMPTS, house_catalogue

ROSTER = DEMO.parents[1] / "data" / "demo"
IDENTIFICATION = Path(__file__).parents[1] / "identification"
OTHER_SOUND_S = 2.0

NUMBERS = (
    NumberSettings(number="952588", trunk="main", lines=3),
    NumberSettings(number="8008202588", trunk="tollfree", lines=1),
)


@cache
def _durations_s() -> dict[str, float]:
    return {
        media_uri(prompt, language): record.duration_s
        for language in Language
        for prompt, record in load_manifest(PROMPTS, language).items()
    }


def duration_of(uri: str) -> float:
    """How long a sound lasts: a prompt as long as it was spoken."""
    return _durations_s().get(uri, OTHER_SOUND_S)


@cache
def _directory() -> Directory:
    return load_directory(QuoteSettings().securities)


@cache
def demo_roster() -> Roster:
    """The agents and queues of the demonstration."""
    return load_roster(ROSTER)


@cache
def demo_flows() -> FlowSet:
    """The flows of the demonstration."""
    return load(demo_sources())


@cache
def identification_flows() -> FlowSet:
    """Flows in which a caller can prove to be a customer."""
    return load(demo_sources(IDENTIFICATION))


@cache
def demo_customers() -> CustomerBook:
    """The customers of the demonstration."""
    return CustomerBook(CustomerSettings())


class InlinePins:
    """Checks PINs in no virtual time."""

    async def fits(self, pin: Secret, kept: PinHash | None) -> bool:
        return kept is not None and is_pin(pin, kept)


class Market:
    """The demonstration's market, which can be slow and down."""

    def __init__(self, clock: LoopClock) -> None:
        self.takes_s = 0.0
        self.is_down = False
        self._feed = EmbeddedFeed(_directory(), clock, seed=QuoteSettings().demo_seed)

    async def quote(self, code: SecurityCode) -> FeedAnswer:
        await asyncio.sleep(self.takes_s)
        if self.is_down:
            return FeedDown(reason="it is down")
        return await self._feed.quote(code)


class World:
    """An exchange, a market, a database, and what engines leave on disk."""

    def __init__(
        self,
        flows: FlowSet | None = None,
        lines: LineRules | None = None,
        talk: TalkSettings | None = None,
    ) -> None:
        self.clock = LoopClock()
        self.exchange = SimulatedExchange(self.clock, duration_of=duration_of)
        self.flows = flows or demo_flows()
        self.roster = demo_roster()
        self.line_rules = lines or LineRules(groups=plain_groups(NUMBERS))
        self.talk = talk or TalkSettings()
        self.customers = demo_customers()
        self.catalogue = house_catalogue()
        self.market = Market(self.clock)
        self.tickets = MemoryTickets()
        self.shelf = MemoryShelf()
        self.ratings = MemoryRatings()
        self.wrong_pins = MemoryWrongPins()
        self.agents_log = MemoryEventLog()
        self.journal: list[str] = []
        self.exchange.subscribe(self._shelve)

    def note(self, fact: AnyFact) -> None:
        """Write a fact to disk."""
        self.journal.append(encode(fact))

    @property
    def facts(self) -> list[AnyFact]:
        """Every fact on disk, in order."""
        return [decode(line) for line in self.journal]

    def unfinished(self) -> list[Timeline]:
        """The calls whose end is not on disk."""
        facts = self.facts
        ended = {fact.call for fact in facts if isinstance(fact, CallEnded)}
        begun = [fact.call for fact in facts if isinstance(fact, CallAdmitted)]
        return [
            Timeline(call=call, facts=tuple(fact for fact in facts if fact.call == call))
            for call in begun
            if call not in ended
        ]

    def actions(self) -> Actions:
        """The services over this world's market and database."""
        services = (
            Identifications(
                self.customers, InlinePins(), CustomerSettings(), wrong_pins=self.wrong_pins
            ),
            Quotes(_directory(), self.market, QuoteSettings()),
            Mailbox(self.tickets, self.shelf),
            Ratings(self.ratings),
        )
        return Actions(action for service in services for action in service.actions())

    def _shelve(self, event: SwitchEvent) -> None:
        if isinstance(event, RecordingFinished) and not event.failed:
            self.shelf.recordings.add(event.recording)
