"""One life of an engine: its real parts on a simulated exchange, until it is stopped or killed."""

import asyncio

from ivrengine.agents.desk import Desk
from ivrengine.agents.dispatcher import Dispatcher
from ivrengine.agents.legs import Legs
from ivrengine.agents.supervision import Supervision
from ivrengine.calls.admission import Admission
from ivrengine.calls.agent_phone import AgentPhoneCalls
from ivrengine.calls.branch_lines import LinesToBranches
from ivrengine.calls.calling_back.callbacks import Callbacks
from ivrengine.calls.context import CallParts
from ivrengine.calls.exchange import Exchange
from ivrengine.calls.facts import AnyFact
from ivrengine.calls.house import House
from ivrengine.calls.ids import call_of
from ivrengine.calls.journal import Journal
from ivrengine.calls.media import MediaReader
from ivrengine.calls.reconcile import Reconciler
from ivrengine.calls.routes import Routes
from ivrengine.flow.stepper import Stepper
from ivrengine.telephony import SwitchEvent
from tests.kit.bench.mortal import MortalEventLog, Pulse, mortal_switch
from tests.kit.bench.world import NUMBERS, World


class Engine:
    """An engine in a world; ``name`` tells its life from others."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.pulse = Pulse(world.clock.now)
        self.dropped = 0
        self.legs = Legs()
        self.journal = Journal()
        self.journal.subscribe(self._note)
        switch = mortal_switch(world.exchange, self.pulse)
        self.admission = Admission(world.line_rules, world.customers, world.clock)
        self.dispatcher = Dispatcher(
            world.roster,
            switch,
            self.legs,
            world.clock,
            event_log=MortalEventLog(world.agents_log, self.pulse),
            branch_lines=LinesToBranches(self.admission, lambda: world.roster),
        )
        stepper = Stepper(world.flows)
        routes = Routes(NUMBERS)
        parts = CallParts(
            switch=switch,
            legs=self.legs,
            room=self.dispatcher.reception,
            admission=self.admission,
            journal=self.journal,
            clock=world.clock,
            media=MediaReader(world.catalogue),
            actions=world.actions(),
            stepper=lambda: stepper,
            roster=lambda: self.dispatcher.roster,
            event_dropped=self._drop,
            talk=world.talk,
        )
        self.desk = Desk(self.dispatcher, world.clock)
        supervision = Supervision(self.dispatcher, self.desk, call_of)
        self.house = House(parts, self.desk, supervision, lambda: self.calls.sessions.values())
        phones = AgentPhoneCalls(parts, self.desk, self.house.phones)
        self.calls = Exchange(parts, routes, agent_phones=phones)
        self.callbacks = Callbacks(self.calls, parts)
        self.reconciler = Reconciler(
            self.calls, parts, routes, agent_legs=self.dispatcher, house=self.house, run=name
        )

    async def run(self) -> None:
        """Serve until cancelled."""
        self.dispatcher.restore()
        self.house.remember(self.world.unfinished())
        self.reconciler.remember(self.world.unfinished())
        self.calls.when_connected(self.reconciler)
        self.world.exchange.subscribe(self.file)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.calls.serve())
            tasks.create_task(self.dispatcher.run())
            tasks.create_task(self.callbacks.serve())
            tasks.create_task(self.house.serve())
            await asyncio.sleep(0)
            self.world.exchange.connect()

    def file(self, event: SwitchEvent) -> None:
        """Take an event, as long as there is life."""
        if self.pulse.beats:
            self.calls.file(event)

    def die(self) -> None:
        """Have no effect on anything any more."""
        self.pulse.beats = False
        self.world.exchange.unsubscribe(self.file)

    def _note(self, fact: AnyFact) -> None:
        self.pulse.step()
        if self.pulse.beats:
            self.world.note(fact)

    def _drop(self) -> None:
        self.dropped += 1
