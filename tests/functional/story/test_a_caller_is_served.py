"""The whole story by ear, in both languages: greeting, quote, queue, person, talk and rating."""

import asyncio
from datetime import datetime
from itertools import pairwise

import pytest

from ivrengine.softphone.hearing.figures import gap_samples
from ivrengine.softphone.hearing.transcript import Heard
from ivrengine.softphone.sound.codec import SAMPLE_RATE_HZ
from tests.functional.conftest import NewAgent, NewCaller, order
from tests.kit.api import WebApi, asked
from tests.kit.instance import Instance
from tests.kit.market import spoken_quote
from tests.kit.measures import Measures
from tests.kit.person import Agent, Caller
from tests.kit.recordings import downloaded, seconds_with
from tests.kit.records import CallRecord, record_of
from tests.kit.walks import (
    AGENT_HUMS_HZ,
    CALLER_HUMS_HZ,
    LANGUAGE_KEYS,
    NUMBER,
    comes_to_the_menu,
    is_joined,
    waits_for_trading,
)

pytestmark = [pytest.mark.functional, pytest.mark.timeout(180)]

TALK_S = 2.0
STORY = (
    "call-admitted",
    "call-answered",
    "prompt-heard",
    "language-chosen",
    "service-asked",
    "person-sought",
    "person-offered",
    "person-joined",
    "person-left",
    "recording-kept",
    "call-ended",
)
COUNTED: tuple[tuple[str, dict[str, str]], ...] = (
    ("ivr_calls_total", {"trunk": "main", "outcome": "answered"}),
    ("ivr_answer_seconds_count", {}),
    ("ivr_digit_to_prompt_seconds_count", {}),
    ("acd_wait_seconds_count", {"queue": "trading"}),
    ("acd_offer_delay_seconds_count", {}),
)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_caller_hears_a_quote_waits_talks_and_rates(
    instance: Instance,
    agent: NewAgent,
    new_caller: NewCaller,
    measures: Measures,
    language: str,
) -> None:
    before = await counts(instance.api)
    attendant = await agent(8001)
    await comes_on_duty(instance, attendant, by_telephone=language == "zh")
    first, caller = await new_caller("13900000011"), await new_caller("13900000012")

    await waits_for_trading(first, language)
    if language == "zh":
        await hears_the_greeting_and_chooses(caller, language)
    else:
        await comes_to_the_menu(caller, language)
    told = await hears_a_quote(caller, language)
    await caller.presses("0")
    await caller.hears("person.menu", language=language)
    await caller.presses("1")
    await caller.hears("queue.consent", language=language, to_the_end=True)
    await hears_music_and_the_second_place(caller, language)
    await first.hangs_up()
    # An agent who comes before the engine knows that the first has left is the first's.
    await record_of(instance.api, first.phone.settings.user)

    await becomes_ready(instance, attendant, by_telephone=language == "zh")
    await is_joined(caller, attendant, language)
    await asyncio.sleep(TALK_S)
    await attendant.hangs_up()
    await rates(caller, language)

    record = await record_of(instance.api, caller.phone.settings.user)
    assert_tells_the_story(record, language)
    await assert_quote_was_right(record, [entry.prompt_id for entry in told], language)
    await assert_both_are_recorded(instance.api, record)
    for (name, labels), then, now in zip(COUNTED, before, await counts(instance.api), strict=True):
        assert now > then, f"{name}{labels} did not move"
    for earlier, later in pairwise(told):
        gap_s = gap_samples(earlier, later) / SAMPLE_RATE_HZ
        measures.note("gap between the fragments of a quote", gap_s)


async def comes_on_duty(instance: Instance, attendant: Agent, *, by_telephone: bool) -> None:
    if by_telephone:
        assert "zh agent.logged_in" in await attendant.dials_code("*10")
    else:
        await order(instance, 8001, "login")


async def becomes_ready(instance: Instance, attendant: Agent, *, by_telephone: bool) -> None:
    if by_telephone:
        assert "zh agent.ready" in await attendant.dials_code("*11")
    else:
        await order(instance, 8001, "ready")


async def hears_the_greeting_and_chooses(caller: Caller, language: str) -> None:
    await caller.dials(NUMBER)
    await caller.hears("welcome.greeting", language="zh", to_the_end=True)
    await caller.hears("welcome.greeting", language="en", to_the_end=True)
    await caller.hears("welcome.choose_language", language="zh", to_the_end=True)
    await caller.hears("welcome.choose_language", language="en", to_the_end=True)
    await caller.presses(LANGUAGE_KEYS[language])
    await caller.hears("menu.main", language=language)


async def hears_a_quote(caller: Caller, language: str) -> list[Heard]:
    """Listens to a quote to its end; what told it, in order."""
    await caller.presses("1")
    await caller.hears("quotes.notice", language=language)
    await caller.presses("1")
    await caller.hears("quotes.ask_code", language=language)
    await caller.presses("600519")
    name = await caller.hears("security.600519", language=language)
    end = await caller.hears("quotes.after", language=language, within_s=45)
    told = list[Heard]()
    for entry in caller.ear.transcript:
        if isinstance(entry, Heard) and name.start_s <= entry.start_s < end.start_s:
            # A machine that is busy may have its sender pause within a prompt.
            goes_on = bool(told) and told[-1].goes_on_in(entry)
            told.append(told.pop().with_rest(entry) if goes_on else entry)
    assert all(entry.complete for entry in told), caller.transcript
    return told


async def hears_music_and_the_second_place(caller: Caller, language: str) -> None:
    await caller.hears_music()
    await caller.hears_in_order(
        "queue.position_lead", "num.2", "queue.position_tail", language=language, within_s=15
    )
    await caller.hears_music()


async def rates(caller: Caller, language: str) -> None:
    await caller.hears("rating.ask", language=language)
    await caller.presses("5")
    await caller.hears("rating.thanks", language=language, to_the_end=True)
    await caller.hears("rating.after", language=language)
    await caller.hangs_up()


def assert_tells_the_story(record: CallRecord, language: str) -> None:
    firsts = [record.kinds.index(kind) for kind in STORY if kind != "recording-kept"]
    assert firsts == sorted(firsts), record.kinds
    expected = {
        "caller": "13900000012",
        "dialled": NUMBER,
        "trunk": "main",
        "language": language,
        "queue": "trading",
        "agent": "8001",
        "outcome": "answered",
        "ended_by": "caller",
    }
    assert expected.items() <= record.fields.items()
    [left] = record.of_kind("person-left")
    assert left["by"] == "agent"
    entries = {(entry["node"], entry["keys"]) for entry in record.of_kind("entry-made")}
    chosen = ("main.choose_language", LANGUAGE_KEYS[language])
    assert {chosen, ("quotes.ask_code", "600519"), ("rating.ask", "5")} <= entries
    assert [asked["action"] for asked in record.of_kind("service-asked")] == [
        "quotes.by_code",
        "calls.rate",
    ]


async def assert_quote_was_right(record: CallRecord, heard: list[str], language: str) -> None:
    asked_for = next(
        fact for fact in record.of_kind("service-asked") if fact["action"] == "quotes.by_code"
    )
    answered = datetime.fromisoformat(asked_for["at"]).timestamp()
    moments = (answered - asked_for["took_s"], answered)
    right = [await spoken_quote("600519", moment, language) for moment in moments]
    assert heard in right


async def assert_both_are_recorded(api: WebApi, record: CallRecord) -> None:
    [recording] = record.fields["recordings"]
    [kept] = record.of_kind("recording-kept")
    assert (kept["recording"], kept["purpose"]) == (recording, "conversation")
    sound = await downloaded(api, recording)
    assert seconds_with(sound, AGENT_HUMS_HZ, CALLER_HUMS_HZ) >= TALK_S - 0.5


async def counts(api: WebApi) -> list[float]:
    def read() -> list[float]:
        return [api.value(name, **labels) for name, labels in COUNTED]

    return await asked(read)
