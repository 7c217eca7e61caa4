"""A message is left, heard again, and kept under a ticket number that the caller is told."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from ivrengine.softphone.hearing.transcript import Heard
from tests.functional.conftest import NewAgent, NewCaller, order
from tests.kit.api import WebApi, asked
from tests.kit.instance import Instance
from tests.kit.person import Caller
from tests.kit.recordings import downloaded, seconds_with
from tests.kit.walks import PATIENCE_S, comes_to_the_menu

pytestmark = [pytest.mark.functional, pytest.mark.timeout(120)]

HUM_HZ = 700.0
HUM_S = 2.0


@pytest.mark.parametrize(
    ("language", "key", "kind"), [("zh", "1", "complaint"), ("en", "2", "suggestion")]
)
async def test_a_message_is_kept_under_the_ticket_that_was_told(
    instance: Instance, caller: Caller, language: str, key: str, kind: str
) -> None:
    await comes_to_the_menu(caller, language)
    await caller.presses("4")
    await caller.hears("mailbox.menu", language=language)
    await caller.presses(key)
    await leaves_a_message(caller, language)
    await caller.presses("2")
    await caller.hears_tone(HUM_HZ)
    await caller.hears("mailbox.review", language=language)
    ticket = await keeps_it(caller, language)
    await caller.hangs_up()

    kept = await ticket_called(instance.api, ticket)
    assert kept["kind"] == kind
    assert (kept["caller"], kept["language"]) == (caller.phone.settings.user, language)
    sound = await downloaded(instance.api, kept["recording"])
    assert HUM_S - 0.5 <= seconds_with(sound, HUM_HZ) <= HUM_S + 1.5


async def test_nobody_on_duty_leads_to_the_mailbox(instance: Instance, caller: Caller) -> None:
    await comes_to_the_menu(caller)
    await caller.presses("01")
    await caller.hears("queue.nobody", language="zh", within_s=PATIENCE_S, to_the_end=True)
    await caller.hears("queue.offer_message", language="zh")
    await caller.presses("2")
    await leaves_a_message(caller, "zh")
    ticket = await keeps_it(caller, "zh")
    await caller.hangs_up()
    assert (await ticket_called(instance.api, ticket))["kind"] == "message"


async def test_a_caller_who_waits_may_leave_a_message_instead(
    instance: Instance, agent: NewAgent, new_caller: NewCaller
) -> None:
    await agent(8001)
    await order(instance, 8001, "login")
    caller = await new_caller("13900000021")
    await comes_to_the_menu(caller)
    await caller.presses("01")
    await caller.hears_music(within_s=PATIENCE_S)
    await caller.presses("2")
    await leaves_a_message(caller, "zh")
    ticket = await keeps_it(caller, "zh")
    await caller.hangs_up()
    assert (await ticket_called(instance.api, ticket))["caller"] == "13900000021"


async def test_a_message_that_is_dropped_is_gone(instance: Instance, caller: Caller) -> None:
    before = await asked(lambda: instance.api.get("/api/tickets"))
    await comes_to_the_menu(caller)
    await caller.presses("43")
    await leaves_a_message(caller, "zh")
    await caller.presses("*")
    await caller.hears("mailbox.dropped", language="zh", to_the_end=True)
    await caller.hears("mailbox.menu", language="zh")
    await caller.hangs_up()
    assert await asked(lambda: instance.api.get("/api/tickets")) == before


async def leaves_a_message(caller: Caller, language: str) -> None:
    """Hums for two seconds after the tone, and ends it with the hash key."""
    await caller.hears("mailbox.record", language=language, within_s=PATIENCE_S, to_the_end=True)
    await caller.hears("tone.beep")
    caller.hums(HUM_HZ)
    await asyncio.sleep(HUM_S)
    await caller.presses("#")
    caller.falls_silent()
    await caller.hears("mailbox.review", language=language)


async def keeps_it(caller: Caller, language: str) -> str:
    """Keeps the message; the ticket number as it was spoken."""
    await caller.presses("1")
    lead = await caller.hears("mailbox.ticket", language=language, to_the_end=True)
    end = await caller.hears("mailbox.after", language=language, within_s=PATIENCE_S)
    spoken = [
        entry.prompt_id
        for entry in caller.ear.transcript
        if isinstance(entry, Heard) and lead.start_s < entry.start_s < end.start_s
    ]
    assert all(prompt.startswith(("num.digit.", "num.last.")) for prompt in spoken), spoken
    return "".join(prompt[-1] for prompt in spoken)


async def ticket_called(api: WebApi, number: str) -> Mapping[str, Any]:
    """The ticket with this number."""
    tickets = await asked(lambda: api.get("/api/tickets"))
    [ticket] = [each for each in tickets if each["number"] == number]
    assert isinstance(ticket, dict)
    return ticket
