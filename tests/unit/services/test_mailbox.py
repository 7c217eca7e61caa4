"""Messages are kept before the caller hears a number, and never under two."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivrengine.errors import Bug, StorageError
from ivrengine.services.mailbox.memory import MemoryShelf, MemoryTickets
from ivrengine.services.mailbox.model import MessageKind, Ticket
from ivrengine.services.mailbox.rules import TICKET_DIGITS, draw_number, is_speakable
from ivrengine.services.mailbox.service import Mailbox
from ivrengine.services.registry import ActionContext, ActionResult, Actions, Value
from ivrengine.telephony import RecordingName
from ivrengine.values import CallId, Language, PhoneNumber

pytestmark = pytest.mark.unit

RECORDING = RecordingName("20261120-120000-abcde-rec1")
ASKER = ActionContext(
    call=CallId("20261120-120000-abcde"),
    caller=PhoneNumber("13800138000"),
    language=Language.ENGLISH,
    now=1_764_000_000.5,
)


class Draws:
    """Chance that gives prepared numbers."""

    def __init__(self, *numbers: int) -> None:
        self._numbers: Iterator[int] = iter(numbers)

    def __call__(self, bound: int) -> int:
        return next(self._numbers) % bound


async def keep(
    tickets: MemoryTickets, shelf: MemoryShelf, draws: Draws, **changed: Value
) -> ActionResult:
    mailbox = Mailbox(tickets, shelf, chance=draws)
    wanted = {"recording": str(RECORDING), "kind": "complaint", **changed}
    return await Actions(mailbox.actions()).call("mailbox.keep", ASKER, wanted)


async def test_a_kept_message_gets_a_ticket_with_all_that_is_known_of_it() -> None:
    tickets, shelf = MemoryTickets(), MemoryShelf(RECORDING)
    result = await keep(tickets, shelf, Draws(3_711_471))
    assert result == ActionResult(outcome="ok", values={"ticket": "4711471"})
    (ticket,) = await tickets.newest(limit=10)
    assert ticket.number == "4711471"
    assert ticket.message.recording == RECORDING
    assert ticket.message.kind is MessageKind.COMPLAINT
    assert ticket.message.caller == ASKER.caller
    assert ticket.message.language is Language.ENGLISH
    assert ticket.message.call == ASKER.call
    assert ticket.message.kept_at == ASKER.now


async def test_the_sound_is_safe_before_the_ticket_is_committed() -> None:
    shelf = MemoryShelf(RECORDING)

    class Watching(MemoryTickets):
        async def add(self, ticket: Ticket) -> Ticket | None:
            assert ticket.message.recording in shelf.secured
            return await super().add(ticket)

    tickets = Watching()
    await keep(tickets, shelf, Draws(3_711_471))
    assert len(await tickets.newest(limit=10)) == 1


async def test_a_recording_that_is_not_there_gets_no_ticket() -> None:
    tickets = MemoryTickets()
    result = await keep(tickets, MemoryShelf(), Draws(3_711_471))
    assert result == ActionResult(outcome="missing")
    assert not await tickets.newest(limit=10)


async def test_asking_again_after_a_deadline_gives_the_same_number() -> None:
    tickets, shelf = MemoryTickets(), MemoryShelf(RECORDING)
    draws = Draws(3_711_471, 5_252_123)
    first = await keep(tickets, shelf, draws)
    assert await keep(tickets, shelf, draws) == first
    assert len(await tickets.newest(limit=10)) == 1


async def test_a_taken_number_is_drawn_again() -> None:
    other = RecordingName("other-rec1")
    tickets, shelf = MemoryTickets(), MemoryShelf(RECORDING, other)
    draws = Draws(3_711_471, 3_711_471, 1_234_567)
    await keep(tickets, shelf, draws)
    second = await keep(tickets, shelf, draws, recording=str(other))
    assert second.values == {"ticket": "2234567"}


async def test_a_store_with_no_free_number_is_an_error_and_no_endless_search() -> None:
    other = RecordingName("other-rec1")
    tickets, shelf = MemoryTickets(), MemoryShelf(RECORDING, other)
    draws = Draws(*[3_711_471] * 100)
    await keep(tickets, shelf, draws)
    with pytest.raises(StorageError, match="no free ticket number"):
        await keep(tickets, shelf, draws, recording=str(other))


async def test_a_store_that_fails_gives_no_number() -> None:
    class Broken(MemoryTickets):
        async def add(self, ticket: Ticket) -> Ticket | None:
            raise StorageError("the disk is full")

    with pytest.raises(StorageError):
        await keep(Broken(), MemoryShelf(RECORDING), Draws(3_711_471))


async def test_a_kind_that_is_none_is_a_bug_of_the_flow() -> None:
    with pytest.raises(Bug, match="praise"):
        await keep(MemoryTickets(), MemoryShelf(RECORDING), Draws(1), kind="praise")


async def test_a_discarded_recording_leaves_the_shelf() -> None:
    shelf = MemoryShelf(RECORDING)
    actions = Actions(Mailbox(MemoryTickets(), shelf).actions())
    result = await actions.call("mailbox.discard", ASKER, {"recording": str(RECORDING)})
    assert result == ActionResult(outcome="ok")
    assert not shelf.recordings


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**9), min_size=1))
def test_a_drawn_number_is_speakable_and_of_the_right_length(numbers: list[int]) -> None:
    draws = Draws(*numbers, 1_234_567)
    number = draw_number(draws)
    assert len(number) == TICKET_DIGITS
    assert number.isdecimal()
    assert number[0] != "0"
    assert is_speakable(number)


@pytest.mark.parametrize(
    ("digits", "speakable"),
    [("1223344", True), ("1112345", False), ("1234000", False), ("1001001", True)],
)
def test_three_alike_in_a_row_cannot_be_told_apart(digits: str, speakable: bool) -> None:
    assert is_speakable(digits) is speakable
