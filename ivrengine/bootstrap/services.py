"""The services behind the flows, with real stores and the market feed of the settings."""

from ivrengine.bootstrap.paths import StatePaths
from ivrengine.clock import Clock
from ivrengine.config import Settings
from ivrengine.services.customers.pins import PinChecks
from ivrengine.services.customers.ports import Customers
from ivrengine.services.customers.service import Identifications
from ivrengine.services.mailbox.service import Mailbox
from ivrengine.services.mailbox.shelf import FolderShelf
from ivrengine.services.quotes.directory import load_directory
from ivrengine.services.quotes.embedded_feed import EmbeddedFeed
from ivrengine.services.quotes.service import Quotes
from ivrengine.services.ratings.service import Ratings
from ivrengine.services.registry import Actions
from ivrengine.storage.opening import Storage


def open_services(
    settings: Settings, paths: StatePaths, storage: Storage, clock: Clock, *, customers: Customers
) -> Actions:
    """Return the actions that flows may ask for.

    Raises:
        ConfigError: the list of securities is wrong.
    """
    directory = load_directory(settings.quotes.securities)
    feed = EmbeddedFeed(directory, clock, seed=settings.quotes.demo_seed)
    pins = PinChecks(at_once=settings.customers.hashings_at_once)
    services = (
        Identifications(customers, pins, settings.customers, wrong_pins=storage.wrong_pins),
        Quotes(directory, feed, settings.quotes),
        Mailbox(storage.tickets, FolderShelf(paths.recordings)),
        Ratings(storage.ratings),
    )
    return Actions(action for service in services for action in service.actions())
