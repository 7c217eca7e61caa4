"""What must be right before a caller may come: opened in order, closed in the opposite order."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from ivrengine.agents.event_log import EventLogFile
from ivrengine.agents.licences import today
from ivrengine.agents.roster_book import RosterBook
from ivrengine.bootstrap.books import line_book_of
from ivrengine.bootstrap.flow_files import catalogue_of
from ivrengine.bootstrap.flow_shelf import FlowShelf
from ivrengine.bootstrap.paths import StatePaths
from ivrengine.bootstrap.services import open_services
from ivrengine.calls.facts import Timeline
from ivrengine.calls.journal import Journal
from ivrengine.calls.journal_file import JournalFile
from ivrengine.calls.line_book import LineBook
from ivrengine.clock import Clock
from ivrengine.config import Settings
from ivrengine.services.customers.book import CustomerBook
from ivrengine.services.registry import Actions
from ivrengine.speech.catalogue import Catalogue
from ivrengine.storage.opening import Storage, open_storage
from ivrengine.storage.spool import Spool
from ivrengine.storage.write_behind import Recovered, WriteBehind
from ivrengine.telemetry.call_log import CallLog
from ivrengine.telemetry.gauges import show_count
from ivrengine.telemetry.metrics import Metrics, new_registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """The parts that calls stand on; ``unfinished`` are the calls of an earlier run."""

    settings: Settings
    paths: StatePaths
    clock: Clock
    flows: FlowShelf
    catalogue: Catalogue
    roster_book: RosterBook
    line_book: LineBook
    customer_book: CustomerBook
    storage: Storage
    actions: Actions
    registry: CollectorRegistry
    metrics: Metrics
    journal: Journal
    writer: WriteBehind
    unfinished: Sequence[Timeline]
    agents_log: EventLogFile


async def lay_foundation(settings: Settings, clock: Clock, stack: AsyncExitStack) -> Foundation:
    """Open everything that a start needs; ``stack`` closes it again.

    Raises:
        ConfigError: an operator's file is wrong; every fault is named with file and line.
        StorageError: a database or a file of ours cannot be used.
    """
    paths = StatePaths(root=settings.state_dir.resolve())
    paths.root.mkdir(parents=True, exist_ok=True)
    catalogue = catalogue_of(settings)
    roster_book = RosterBook(settings.roster, catalogue.has, today=lambda: today(clock))
    line_book = line_book_of(settings, catalogue.has)
    customer_book = CustomerBook(settings.customers)
    flows = FlowShelf(settings, roster_book.roster.queues)
    storage = await open_storage(settings.storage, paths.root)
    stack.push_async_callback(storage.close)
    journal_file = JournalFile(paths.journal)
    unfinished = journal_file.unfinished()
    writer = _writer(settings, paths, storage, journal_file)
    stack.callback(lambda: journal_file.close(all_stored=writer.all_safe))
    agents_log = EventLogFile(paths.agents_log)
    stack.callback(agents_log.close)
    registry = new_registry()
    metrics = Metrics(registry)
    journal = _journal(journal_file, writer, metrics, unfinished)
    show_count(registry, "ivr_facts_lost_total", lambda: writer.state.lost + journal_file.lost)
    show_count(registry, "ivr_journal_failures_total", lambda: journal.failures)
    return Foundation(
        settings=settings,
        paths=paths,
        clock=clock,
        flows=flows,
        catalogue=catalogue,
        roster_book=roster_book,
        line_book=line_book,
        customer_book=customer_book,
        storage=storage,
        actions=open_services(settings, paths, storage, clock, customers=customer_book),
        registry=registry,
        metrics=metrics,
        journal=journal,
        writer=writer,
        unfinished=unfinished,
        agents_log=agents_log,
    )


def _writer(
    settings: Settings, paths: StatePaths, storage: Storage, journal_file: JournalFile
) -> WriteBehind:
    paths.spool.mkdir(parents=True, exist_ok=True)
    spool = Spool(paths.spool / "facts.jsonl", limit_bytes=settings.storage.spool_mb * 1024 * 1024)
    recovered = Recovered(facts=journal_file.recovered(), release=journal_file.release_recovered)
    return WriteBehind(storage.records, spool, settings=settings.storage, recovered=recovered)


def _journal(
    journal_file: JournalFile,
    writer: WriteBehind,
    metrics: Metrics,
    unfinished: Sequence[Timeline],
) -> Journal:
    """Join the subscribers; the file comes first, because nothing may be told that is not kept."""
    call_log = CallLog()
    call_log.remember(unfinished)
    metrics.remember(unfinished)
    journal = Journal()
    for subscriber in (journal_file.append, writer.note, metrics, call_log):
        journal.subscribe(subscriber)
    return journal
