"""What a floor must be like when a world that reported badly has come to rest."""

from acd.agent_states import Device, Presence, Work
from acd.commands import RingAgent
from acd.contact_states import ContactState
from acd.events import AgentLoggedIn, ContactQueued
from acd.model import ContactId
from tests.unit.acd.floor import GENERAL, TRADING
from tests.unit.acd.unreliable import Observer


def nobody_hangs_in_between(watch: Observer) -> None:
    """Whoever an agent was about to be joined with talks, or is in line again."""
    recent = watch.floor.now - 60.0
    for visit in watch.floor.router.visits():
        if visit.state is ContactState.CONNECTING:
            offers = {offer.id: offer for offer in watch.floor.router.offers()}
            assert visit.reservation is not None
            assert offers[visit.reservation].offered_at > recent


def nothing_is_left(watch: Observer) -> None:
    """Every visit ended once, and no offer, timer or busy agent remains."""
    router = watch.floor.router
    assert router.visits() == ()
    assert router.offers() == ()
    assert router.timers() == ()
    assert watch.ended.keys() == watch.entered
    assert all(times == 1 for times in watch.ended.values())
    assert {desk.work for desk in router.desks()} == {Work.IDLE}
    assert {desk.device for desk in router.desks()} == {Device.REACHABLE}
    assert not any(desk.cooling for desk in router.desks())


def everybody_can_be_rung(watch: Observer) -> None:
    """Each agent who is ready is rung for the next callers; who stopped answering is by choice."""
    floor = watch.floor
    agents = {desk.agent for desk in floor.router.desks()}
    for agent in sorted(agents):
        if floor.desk(agent).presence is not Presence.AVAILABLE:
            watch.tell(AgentLoggedIn(agent=agent, ready=True))
    before = len(floor.all(RingAgent))
    for place, queue in enumerate((TRADING, GENERAL, GENERAL, TRADING)):
        contact = ContactId(f"last{place}")
        watch.entered.add(contact)
        watch.tell(ContactQueued(contact=contact, queue=queue, enqueued_at=floor.now))
    rung = {command.agent for command in floor.all(RingAgent)[before:]}
    assert rung == agents
