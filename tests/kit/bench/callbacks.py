"""Callbacks on the bench: a queue that calls back soon, and callers who ask for it."""

from dataclasses import replace

from acd.events import AgentGotReady, AgentLoggedIn
from acd.model import AgentId
from acd.state import Visit
from ivrengine.agents.queue_settings import CallbackSettings
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import Manner, SimulatedPhone
from tests.kit.bench.bench import CALLER, Bench
from tests.kit.bench.talks import TRADING

RULES = CallbackSettings(offered_after_s=10, attempts=3, retry_after_s=40, answer_timeout_s=15)
QUEUE = "trading"


async def staffed(bench: Bench, agent: str = "8001") -> SimulatedPhone:
    """An agent who is there and not ready, of a queue that calls back."""
    roster = bench.world.roster
    queue = roster.queues[QUEUE].model_copy(update={"callback": RULES, "steps": ()})
    bench.world.roster = replace(roster, queues={**roster.queues, QUEUE: queue})
    bench.engine.dispatcher.change_roster(bench.world.roster)
    phone = bench.phone(agent)
    await bench.engine.dispatcher.tell(AgentLoggedIn(agent=AgentId(agent)))
    return phone


async def is_promised(bench: Bench, caller: str = CALLER, keys: str = TRADING) -> Party:
    """Somebody waits, asks to be called back at the calling number, and hangs up."""
    party = bench.call_in(caller)
    await party.presses(keys)
    await party.hears("queue.keys_callback")
    await party.presses("1")
    await party.hears("callback.will_call")
    await party.presses("1")
    await party.hears("callback.promised")
    await party.is_let_go()
    return party


def customer(
    bench: Bench, manner: Manner = Manner.ANSWERS, *, number: str = CALLER, acts_after_s: float = 2
) -> SimulatedPhone:
    """The telephone at which somebody is to be called back."""
    return bench.world.exchange.outside_phone(number, manner, acts_after_s=acts_after_s)


async def gets_ready(bench: Bench, agent: str = "8001") -> None:
    """An agent is ready from here on."""
    await bench.engine.dispatcher.tell(AgentGotReady(agent=AgentId(agent)))


async def takes_the_callback(bench: Bench, agent: str = "8001") -> Party:
    """The agent is ready, rung, and picks up."""
    await gets_ready(bench, agent)
    phone = bench.phones[agent]
    talk = await phone.rings()
    phone.answers()
    return talk


def pending(bench: Bench) -> list[Visit]:
    """The callbacks that are still to be made."""
    return [visit for visit in bench.engine.dispatcher.router.visits() if visit.callback]
