"""A telephone that rings rings on, though nobody is there any more for the queue of its caller."""

import pytest

from acd.commands import ConnectContact, RingAgent
from acd.contact_states import ContactState
from acd.events import OfferAnswered, OfferRang, OfferRefused
from acd.model import Disposition, OfferOutcome, OverflowCause, OverflowRule, Queue
from tests.unit.acd.floor import GENERAL, TRADING, Floor, roster

pytestmark = pytest.mark.unit

SENDS_ON = Queue(
    name=GENERAL, overflow=(OverflowRule(cause=OverflowCause.UNSTAFFED, to=TRADING),), wrap_up_s=0
)
PLAIN, OTHER = Queue(name=GENERAL, wrap_up_s=0), Queue(name=TRADING, wrap_up_s=0)


def ringing(queue: Queue, *, after: tuple[str, ...]) -> Floor:
    """The only agent is rung for a caller of a queue, and serves others from then on."""
    floor = Floor(roster({"8001": ("general",)}, (queue, OTHER)))
    floor.ready("8001")
    floor.calls("c1")
    floor.tell(OfferRang(reservation=floor.reservation()))
    floor.tell(roster({"8001": after}, (queue, OTHER)))
    return floor


@pytest.mark.parametrize("queue", [PLAIN, SENDS_ON])
@pytest.mark.parametrize("after", [(), ("trading",)])
def test_the_agent_may_answer(queue: Queue, after: tuple[str, ...]) -> None:
    floor = ringing(queue, after=after)
    assert floor.visit("c1").state is ContactState.OFFERED
    assert floor.dispositions() == {}
    floor.tell(OfferAnswered(reservation=floor.reservation()))
    assert [command.contact for command in floor.all(ConnectContact)] == ["c1"]


def test_a_caller_whom_the_agent_refuses_then_is_told_that_nobody_is_there() -> None:
    floor = ringing(PLAIN, after=("trading",))
    floor.tell(OfferRefused(reservation=floor.reservation(), outcome=OfferOutcome.REJECTED))
    assert floor.dispositions() == {"c1": Disposition.NOBODY}


def test_a_caller_whom_the_agent_refuses_then_is_sent_on() -> None:
    floor = ringing(SENDS_ON, after=("trading",))
    floor.tell(OfferRefused(reservation=floor.reservation(), outcome=OfferOutcome.TIMEOUT))
    assert floor.visit("c1").queue == TRADING
    assert len(floor.all(RingAgent)) == 1


def test_who_waits_without_a_telephone_ringing_goes_at_once() -> None:
    floor = Floor(roster({"8001": ("general",)}, (PLAIN, OTHER)))
    floor.ready("8001")
    floor.calls("c1")
    floor.calls("c2")
    floor.tell(roster({"8001": ("trading",)}, (PLAIN, OTHER)))
    assert floor.dispositions() == {"c2": Disposition.NOBODY}
