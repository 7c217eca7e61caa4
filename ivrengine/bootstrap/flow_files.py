"""Flow files on disk, and what flows find around them, for the commands that work on flows."""

from collections.abc import Collection, Mapping
from pathlib import Path

from ivrengine.agents.roster_files import load_roster
from ivrengine.clock import SteadyClock
from ivrengine.config import Settings
from ivrengine.errors import ConfigError
from ivrengine.flow.surroundings import Surroundings
from ivrengine.services.customers.directory import Directory as Customers
from ivrengine.services.customers.memory import MemoryWrongPins
from ivrengine.services.customers.pins import PinChecks
from ivrengine.services.customers.service import Identifications
from ivrengine.services.customers.settings import CustomerSettings, NumberingSettings
from ivrengine.services.mailbox.memory import MemoryShelf, MemoryTickets
from ivrengine.services.mailbox.service import Mailbox
from ivrengine.services.quotes.directory import Directory
from ivrengine.services.quotes.embedded_feed import EmbeddedFeed
from ivrengine.services.quotes.service import Quotes
from ivrengine.services.quotes.settings import QuoteSettings
from ivrengine.services.ratings.memory import MemoryRatings
from ivrengine.services.ratings.service import Ratings
from ivrengine.services.registry import Actions, ActionSpec
from ivrengine.speech.catalogue import Catalogue, load

TESTS_FOLDER = "tests"
"""Where a business line's flow tests stand, below its flows."""


def business_lines(folder: Path) -> tuple[Path, ...]:
    """Return the folders of flows at ``folder``: itself, or those directly below it.

    Raises:
        ConfigError: there is no flow file in any of them.
    """
    if any(folder.glob("*.yaml")):
        return (folder,)
    lines = tuple(sorted({file.parent for file in folder.glob("*/*.yaml")}))
    if not lines:
        raise ConfigError(
            f"no flow files in {folder}", remedy="name a folder such as dialplans/demo"
        )
    return lines


def sources_in(folder: Path) -> dict[str, str]:
    """Return the names and texts of the YAML files directly in ``folder``, in order.

    Raises:
        ConfigError: a file cannot be read.
    """
    try:
        return {_shown(file): file.read_text("utf-8") for file in sorted(folder.glob("*.yaml"))}
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigError(f"flow files in {folder} cannot be read: {fault}") from fault


def catalogue_of(settings: Settings) -> Catalogue:
    """Return the prompts' texts.

    Raises:
        ConfigError: with every fault of the texts.
    """
    return load(settings.prompts / "texts")


def surroundings_of(settings: Settings, queues: Collection[str] | None = None) -> Surroundings:
    """Return what the flows of this configuration find around them.

    ``queues`` are those of the files when they are left out.

    Raises:
        ConfigError: prompts, agents or queues are wrong themselves.
    """
    has_prompt = catalogue_of(settings).has
    if queues is None:
        queues = load_roster(settings.roster, has_prompt).queues
    return Surroundings(has_prompt=has_prompt, actions=declared_actions(), queues=frozenset(queues))


def declared_actions() -> Mapping[str, ActionSpec]:
    """Return what every action takes and gives, without a database or a market behind it."""
    nothing_quoted = Directory(())
    feed = EmbeddedFeed(nothing_quoted, SteadyClock(), seed=0)
    nobody = Customers((), NumberingSettings())
    services = (
        Identifications(
            nobody, PinChecks(at_once=1), CustomerSettings(), wrong_pins=MemoryWrongPins()
        ),
        Quotes(nothing_quoted, feed, QuoteSettings()),
        Mailbox(MemoryTickets(), MemoryShelf()),
        Ratings(MemoryRatings()),
    )
    return Actions(action for service in services for action in service.actions()).declared()


def _shown(file: Path) -> str:
    """Return a name that an editor can open from where the command was given."""
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)
