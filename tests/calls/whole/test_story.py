"""The whole story of a call, in both languages, by what caller and agent hear."""

import asyncio

import pytest

from ivrengine.calls.facts import CallEnded, PersonJoined, PersonLeft, RecordingKept
from tests.kit.bench.bench import a_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]


@pytest.mark.parametrize(("key", "language"), [("1", "zh"), ("2", "en")])
async def test_a_caller_hears_a_quote_asks_for_a_person_talks_and_rates(
    key: str, language: str
) -> None:
    async with a_bench() as bench:
        agent = await bench.ready("8001")
        caller = bench.call_in()
        await caller.hears("ivr/zh/welcome/greeting")
        await caller.hears("ivr/en/welcome/greeting")
        await caller.hears("welcome.choose_language")
        await caller.presses(key)
        await caller.hears(f"ivr/{language}/menu/main")
        await caller.presses("1")
        await caller.hears("quotes.menu")
        await caller.presses("1")
        await caller.hears("quotes.ask_code")
        await caller.presses("600519")
        await caller.hears(f"ivr/{language}/security/600519")
        await caller.hears("quotes.after")
        await caller.presses("0")
        await caller.hears("person.menu")
        await caller.presses("1")
        await caller.hears("queue.consent")
        await caller.hears_music()
        talk = await agent.rings()
        agent.answers()
        await talk.hears("ivr/zh/whisper/queue/trading")
        await caller.hears(f"ivr/{language}/queue/agent_lead")
        await caller.hears("queue.agent_tail")
        await caller.meets("8001")
        await asyncio.sleep(30)
        agent.hangs_up()
        await caller.hears("rating.ask")
        await caller.presses("5")
        await caller.hears("rating.thanks")
        await caller.hears("rating.after")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []
        assert bench.fact(CallEnded).outcome == "answered"
        assert bench.fact(CallEnded).by == "caller"
        assert bench.fact(PersonJoined).agent == "8001"
        assert bench.fact(PersonLeft).by == "agent"
        assert bench.fact(RecordingKept).purpose == "conversation"
        (rating,) = await bench.world.ratings.since(0.0)
        assert (rating.score, rating.agent) == (5, "8001")
