"""What every store and shelf behind the services must keep: one suite for all implementations.

A test module subclasses a suite and gives the fixture that opens an empty store.
"""

import asyncio

from ivrengine.services.customers.model import CustomerNumber, WrongInARow
from ivrengine.services.customers.ports import WrongPins
from ivrengine.services.mailbox.model import Message, MessageKind, Ticket, TicketNumber
from ivrengine.services.mailbox.ports import RecordingShelf, TicketStore
from ivrengine.services.ratings.model import Rating
from ivrengine.services.ratings.ports import RatingStore
from ivrengine.telephony import RecordingName
from ivrengine.values import AgentNumber, CallId, Language, PhoneNumber


def a_ticket(number: str, recording: str = "", kept_at: float = 1_000.0) -> Ticket:
    message = Message(
        recording=RecordingName(recording or f"call-{number}-rec1"),
        kind=MessageKind.COMPLAINT,
        caller=PhoneNumber("13800138000"),
        language=Language.MANDARIN,
        call=CallId(f"call-{number}"),
        kept_at=kept_at,
    )
    return Ticket(number=TicketNumber(number), message=message)


def a_rating(call: str, score: int, rated_at: float = 1_000.0, agent: str = "8001") -> Rating:
    return Rating(call=CallId(call), agent=AgentNumber(agent), score=score, rated_at=rated_at)


class TicketStoreSuite:
    """Fixture wanted: ``tickets``, an empty store."""

    async def test_a_ticket_comes_back_as_it_was_kept(self, tickets: TicketStore) -> None:
        ticket = a_ticket("4711471")
        assert await tickets.add(ticket) == ticket
        assert await tickets.find(ticket.number) == ticket

    async def test_a_withheld_caller_and_every_kind_and_language_come_back(
        self, tickets: TicketStore
    ) -> None:
        kept = []
        for count, kind in enumerate(MessageKind):
            for language in Language:
                message = Message(
                    recording=RecordingName(f"{kind}-{language}"),
                    kind=kind,
                    caller=PhoneNumber(""),
                    language=language,
                    call=CallId("call"),
                    kept_at=1_764_000_000.125,
                )
                number = TicketNumber(f"{language.value == 'zh':d}00{count}777")
                kept.append(await tickets.add(Ticket(number=number, message=message)))
        for ticket in kept:
            assert ticket is not None
            assert await tickets.find(ticket.number) == ticket

    async def test_an_unknown_number_has_no_ticket(self, tickets: TicketStore) -> None:
        await tickets.add(a_ticket("4711471"))
        assert await tickets.find(TicketNumber("4711472")) is None

    async def test_a_number_is_given_out_once(self, tickets: TicketStore) -> None:
        first = a_ticket("4711471", "one")
        await tickets.add(first)
        assert await tickets.add(a_ticket("4711471", "two")) is None
        assert await tickets.find(first.number) == first
        assert len(await tickets.newest(limit=10)) == 1

    async def test_a_recording_kept_twice_has_the_ticket_it_had(self, tickets: TicketStore) -> None:
        first = a_ticket("4711471", "one")
        await tickets.add(first)
        assert await tickets.add(a_ticket("5822582", "one", kept_at=2_000.0)) == first
        assert await tickets.find(TicketNumber("5822582")) is None

    async def test_the_same_ticket_added_again_is_kept_once(self, tickets: TicketStore) -> None:
        ticket = a_ticket("4711471")
        await tickets.add(ticket)
        assert await tickets.add(ticket) == ticket
        assert await tickets.newest(limit=10) == (ticket,)

    async def test_the_newest_tickets_come_first_up_to_the_limit(
        self, tickets: TicketStore
    ) -> None:
        for number, kept_at in (("1111222", 20.0), ("2222333", 30.0), ("3333444", 10.0)):
            await tickets.add(a_ticket(number, kept_at=kept_at))
        newest = [ticket.number for ticket in await tickets.newest(limit=2)]
        assert newest == ["2222333", "1111222"]


class RatingStoreSuite:
    """Fixture wanted: ``ratings``, an empty store."""

    async def test_ratings_come_back_oldest_first(self, ratings: RatingStore) -> None:
        late, early = a_rating("b", 5, 30.5), a_rating("a", 1, 20.25)
        await ratings.add(late)
        await ratings.add(early)
        assert tuple(await ratings.since(0.0)) == (early, late)

    async def test_ratings_from_a_moment_on_include_that_moment(self, ratings: RatingStore) -> None:
        before, then = a_rating("a", 3, 10.0), a_rating("b", 4, 20.0)
        await ratings.add(before)
        await ratings.add(then)
        assert tuple(await ratings.since(20.0)) == (then,)

    async def test_a_call_rates_an_agent_once_and_the_last_score_counts(
        self, ratings: RatingStore
    ) -> None:
        await ratings.add(a_rating("a", 2, 10.0))
        await ratings.add(a_rating("a", 5, 20.0))
        assert tuple(await ratings.since(0.0)) == (a_rating("a", 5, 20.0),)

    async def test_a_call_may_rate_each_of_its_agents(self, ratings: RatingStore) -> None:
        first, second = a_rating("a", 2, 10.0), a_rating("a", 4, 20.0, agent="8002")
        await ratings.add(first)
        await ratings.add(second)
        assert tuple(await ratings.since(0.0)) == (first, second)


class RecordingShelfSuite:
    """Fixture wanted: ``shelf``, on which the recording ``call-rec1`` lies, with sound in it."""

    RECORDING = RecordingName("call-rec1")

    async def test_a_recording_that_lies_there_can_be_made_safe(
        self, shelf: RecordingShelf
    ) -> None:
        assert await shelf.secure(self.RECORDING)

    async def test_a_recording_that_is_not_there_is_reported(self, shelf: RecordingShelf) -> None:
        assert not await shelf.secure(RecordingName("call-rec2"))

    async def test_a_discarded_recording_is_gone(self, shelf: RecordingShelf) -> None:
        await shelf.discard(self.RECORDING)
        assert not await shelf.secure(self.RECORDING)

    async def test_discarding_twice_is_no_error(self, shelf: RecordingShelf) -> None:
        await shelf.discard(self.RECORDING)
        await shelf.discard(self.RECORDING)


class WrongPinsSuite:
    """Fixture wanted: ``wrong_pins``, an empty store."""

    NUMBER = CustomerNumber("80000001")

    async def test_a_number_nobody_was_wrong_about_has_no_count(
        self, wrong_pins: WrongPins
    ) -> None:
        assert await wrong_pins.of(self.NUMBER) == WrongInARow()
        await wrong_pins.right(self.NUMBER)
        assert await wrong_pins.of(self.NUMBER) == WrongInARow()

    async def test_tries_are_counted_by_number_until_a_right_one(
        self, wrong_pins: WrongPins
    ) -> None:
        counts = [await wrong_pins.wrong(self.NUMBER, at) for at in (10.0, 20.5)]
        assert counts == [1, 2]
        assert await wrong_pins.wrong(CustomerNumber("100001"), 30.0) == 1
        assert await wrong_pins.of(self.NUMBER) == WrongInARow(count=2, last_at=20.5)
        await wrong_pins.right(self.NUMBER)
        assert await wrong_pins.wrong(self.NUMBER, 40.0) == 1
        assert (await wrong_pins.of(CustomerNumber("100001"))).count == 1

    async def test_of_many_at_once_none_is_lost(self, wrong_pins: WrongPins) -> None:
        counts = await asyncio.gather(*(wrong_pins.wrong(self.NUMBER, 1.0) for _ in range(10)))
        assert sorted(counts) == list(range(1, 11))
