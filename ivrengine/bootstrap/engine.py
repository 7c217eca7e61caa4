"""The engine put together of real parts, and run until it is told to stop."""

import asyncio
import gc
import secrets
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from socket import socket

import structlog

from ivrengine.agents.change_log import ChangeLog
from ivrengine.agents.desk import Desk
from ivrengine.agents.dispatcher import Dispatcher
from ivrengine.agents.event_log import newest_at
from ivrengine.agents.legs import Legs
from ivrengine.agents.licences import LicenceWatch
from ivrengine.agents.limits.watch import AgentWatch, LimitObservers
from ivrengine.agents.reachability import Reachability
from ivrengine.agents.supervision import Supervision
from ivrengine.bootstrap.acquainting import remember_callers
from ivrengine.bootstrap.books import CustomerReading
from ivrengine.bootstrap.console import open_console
from ivrengine.bootstrap.counting import open_counting
from ivrengine.bootstrap.foundation import Foundation, lay_foundation
from ivrengine.bootstrap.overload import guard_against_overload
from ivrengine.bootstrap.paths import StatePaths
from ivrengine.bootstrap.readiness import Readiness
from ivrengine.bootstrap.reloading import Reloading
from ivrengine.bootstrap.together import parts_together
from ivrengine.calls.admission import Admission
from ivrengine.calls.agent_phone import AgentPhoneCalls
from ivrengine.calls.branch_lines import LinesToBranches
from ivrengine.calls.calling_back.callbacks import Callbacks
from ivrengine.calls.context import CallParts
from ivrengine.calls.exchange import Exchange
from ivrengine.calls.house import House
from ivrengine.calls.ids import call_of
from ivrengine.calls.media import MediaReader
from ivrengine.calls.reconcile import Reconciler
from ivrengine.calls.routes import Routes
from ivrengine.calls.sweeping import BridgeSweeper
from ivrengine.clock import SteadyClock
from ivrengine.config import Settings
from ivrengine.console.server import listen, serve
from ivrengine.softswitch.ami.client import AmiClient
from ivrengine.softswitch.ami.settings import AmiAccess
from ivrengine.softswitch.ari.observers import AriObservers
from ivrengine.softswitch.ari.settings import AriAccess
from ivrengine.softswitch.ari.switch import AsteriskSwitch
from ivrengine.softswitch.keeper import Kept
from ivrengine.softswitch.local.instance import load_or_make_secrets, paths_of
from ivrengine.telemetry.gauges import show_count
from ivrengine.telemetry.logs import logging_to
from ivrengine.telemetry.loop_lag import watch_loop_lag

log = structlog.get_logger(__name__)


async def run_engine(settings: Settings) -> None:
    """Serve calls until SIGTERM or SIGINT; SIGHUP reads operators' files again.

    Live calls are left to the softswitch at the end: the next engine takes them up.

    Raises:
        EngineError: it cannot start; nothing was served.
    """
    clock = SteadyClock(not_before=newest_at(StatePaths(root=settings.state_dir).agents_log))
    with logging_to(settings.state_dir / "log", settings.telemetry, clock) as lines:
        async with AsyncExitStack() as stack:
            listener = stack.enter_context(listen(settings.http_address, settings.http_port))
            foundation = await lay_foundation(settings, clock, stack)
            show_count(foundation.registry, "ivr_log_lines_dropped_total", lambda: lines.dropped)
            engine = Engine(foundation)
            stopping = _stop_on_signals(engine)
            await engine.serve(listener, stopping)


class Engine:
    """All parts of one engine, tied together but not yet running."""

    def __init__(self, foundation: Foundation) -> None:
        """Tie the parts together, from the softswitch inwards."""
        self.foundation = foundation
        settings = foundation.settings
        routes, self.legs = Routes(settings.numbers), Legs()
        self._open_switch()
        self.counting = open_counting(foundation, begin_log=lambda: self.dispatcher.begin_log())
        self.admission = Admission(
            foundation.line_book.rules,
            foundation.customer_book,
            foundation.clock,
            observer=self.counting.figures.take_line,
        )
        foundation.line_book.when_changed(self.admission.put_in_force)
        foundation.line_book.when_changed(self.counting.lines_changed)
        self.dispatcher = self._distribution()
        self.agent_watch = self._watch_agents()
        self.desk = Desk(self.dispatcher, foundation.clock, self.counting.figures)
        self.desk.ask_what_is_overlong(self.agent_watch.overlong)
        self.supervision = Supervision(self.dispatcher, self.desk, call_of)
        self._reachability = Reachability(self.dispatcher, settings.dispatch)
        self.reloading = Reloading(
            foundation.roster_book,
            foundation.flows,
            [foundation.line_book, CustomerReading(foundation.customer_book)],
            change_log=ChangeLog(foundation.paths.changes, foundation.clock),
        )
        foundation.roster_book.when_changed(self._reachability.roster_changed)
        foundation.roster_book.when_changed(lambda _: self.agent_watch.look_at_all())
        parts = self._call_parts()
        self.house = House(
            parts,
            self.desk,
            self.supervision,
            lambda: self.exchange.sessions.values(),
            observing=settings.observing,
            calling_out=settings.calling_out,
        )
        phones = AgentPhoneCalls(parts, self.desk, self.house.phones)
        self.exchange = Exchange(parts, routes, agent_phones=phones)
        self.callbacks = Callbacks(self.exchange, parts)
        self.reconciler = Reconciler(
            self.exchange,
            parts,
            routes,
            agent_legs=self.dispatcher,
            house=self.house,
            run=secrets.token_hex(2),
        )
        self.readiness = Readiness(
            switch=lambda: self.switch.health,
            reconciled=lambda: self.reconciler.done,
            prompts_installed=lambda: any(foundation.paths.prompts.glob("*/menu/*.alaw")),
        )

    def _distribution(self) -> Dispatcher:
        return Dispatcher(
            self.foundation.roster_book.roster,
            self.switch,
            self.legs,
            self.foundation.clock,
            event_log=self.foundation.agents_log,
            settings=self.foundation.settings.dispatch,
            observers=self.counting.observers(lambda *said: self.agent_watch.applied(*said)),
            branch_lines=LinesToBranches(
                self.admission, lambda: self.foundation.roster_book.roster
            ),
        )

    def _watch_agents(self) -> AgentWatch:
        metrics = self.foundation.metrics
        return AgentWatch(
            self.dispatcher.router,
            lambda: self.dispatcher.roster,
            self.foundation.clock,
            order=self.dispatcher.file,
            observers=LimitObservers(
                overlong=lambda spell: metrics.overlong(spell.queue, spell.doing),
                signed_out=lambda away: metrics.signed_out(away.cause),
            ),
        )

    def _open_switch(self) -> None:
        settings, metrics = self.foundation.settings, self.foundation.metrics
        softswitch = settings.for_softswitch()
        shared = load_or_make_secrets(paths_of(settings.state_dir))
        self._ami = AmiClient(
            AmiAccess.of(softswitch, shared),
            settings.ami,
            on_contact=lambda change: self._reachability.contact_changed(
                change.agent, reachable=change.reachable
            ),
            on_listed=lambda: self._reachability.contacts_listed(),
        )
        guard = guard_against_overload(
            self.foundation.clock,
            settings.setting_up,
            present=lambda: len(self.exchange.sessions),
        )
        self.setting_up = guard.setting_up
        self.switch = AsteriskSwitch(
            AriAccess.of(softswitch, shared),
            settings.ari,
            self.foundation.clock,
            observers=AriObservers(
                request=_each(metrics.ari_request, guard.note_order),
                dropped=metrics.event_dropped,
            ),
            redial=self._ami.redial_events,
            kept=Kept.by_parent(),
        )

    def _call_parts(self) -> CallParts:
        foundation = self.foundation
        return CallParts(
            switch=self.switch,
            legs=self.legs,
            room=self.dispatcher.reception,
            admission=self.admission,
            journal=foundation.journal,
            clock=foundation.clock,
            media=MediaReader(foundation.catalogue),
            actions=foundation.actions,
            stepper=foundation.flows.stepper,
            roster=lambda: self.dispatcher.roster,
            callbacks=foundation.settings.callbacks,
            talk=foundation.settings.talk,
            setting_up=self.setting_up,
            event_dropped=foundation.metrics.event_dropped,
        )

    async def serve(self, listener: socket, stopping: asyncio.Event) -> None:
        """Serve until ``stopping`` is set, the console on ``listener``."""
        foundation = self.foundation
        self.dispatcher.restore()
        self.counting.lines_changed(self.admission.rules)
        self.house.remember(foundation.unfinished)
        self.reconciler.remember(foundation.unfinished)
        self.exchange.when_connected(self.reconciler)
        self.switch.subscribe(self.exchange.file)
        console = open_console(self)
        _spare_what_stays()
        async with parts_together() as parts:
            parts.add("storage", foundation.storage.catch_up(), ends=True)
            parts.add("records", foundation.writer.run())
            parts.add("calls", self.exchange.serve())
            parts.add("agents", self.dispatcher.run())
            parts.add("agent-watch", self.agent_watch.run())
            parts.add("licences", LicenceWatch(foundation.roster_book, foundation.clock).run())
            parts.add("callbacks", self.callbacks.serve())
            parts.add("bridges", self._sweep_bridges())
            parts.add("acquaintances", self._remember_callers(), ends=True)
            parts.add("house", self.house.serve())
            parts.add("console", serve(console, listener))
            parts.add("loop-lag", self._watch_loop_lag())
            parts.add("reloading", self.reloading.run())
            parts.add("figures", self.counting.keeping.run())
            parts.add("manager", self._ami.run())
            parts.add("switch", self.switch.run())
            log.info("engine_started", unfinished_calls=len(foundation.unfinished))
            await stopping.wait()
            log.info("engine_stopping", live_calls=len(self.exchange.sessions))
            self._reachability.stop()
        # What was counted since the log began last is only known here.
        self.dispatcher.begin_log()

    async def _remember_callers(self) -> None:
        """Learn from the records of earlier runs who spoke with whom."""
        records, clock = self.foundation.storage.records, self.foundation.clock
        await remember_callers(self.dispatcher, records, now=clock.now())

    async def _sweep_bridges(self) -> None:
        await BridgeSweeper(self.switch, lambda: self.exchange.sessions.values()).run()

    async def _watch_loop_lag(self) -> None:
        foundation = self.foundation
        await watch_loop_lag(
            foundation.metrics.loop_lag,
            foundation.clock,
            interval_s=foundation.settings.telemetry.loop_lag_interval_s,
        )


def _each(*observers: Callable[[str, float], None]) -> Callable[[str, float], None]:
    """Return one observer of orders that tells all of these."""

    def tell(operation: str, seconds: float) -> None:
        for observer in observers:
            observer(operation, seconds)

    return tell


def _spare_what_stays() -> None:
    """Keep Python's collector from looking through what lives as long as the engine.

    A full collection stands still for 80 to 110 ms over the modules alone, and every caller and
    agent with it; without them it looks only through what calls have left.
    """
    gc.collect()
    gc.freeze()


def _stop_on_signals(engine: Engine) -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    loop.add_signal_handler(signal.SIGHUP, engine.reloading.request)
    return stopping
