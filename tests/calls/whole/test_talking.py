"""From the agent's answer to the end of the conversation, whoever ends it and whenever."""

import asyncio

import pytest

from ivrengine.calls.facts import (
    CallEnded,
    EntryMade,
    OfferFailed,
    PersonJoined,
    PersonLeft,
    PersonSought,
    PromptHeard,
    RecordingKept,
)
from ivrengine.errors import SwitchRefused
from ivrengine.simulator.party import Party
from ivrengine.simulator.phone import SimulatedPhone
from tests.kit.bench.bench import Bench, a_bench

pytestmark = [pytest.mark.calls, pytest.mark.looptime]


async def announced(bench: Bench) -> tuple[Party, SimulatedPhone]:
    """A caller who hears which agent has answered."""
    agent = await bench.ready("8001")
    caller = bench.call_in()
    await caller.presses("201")
    await agent.rings()
    agent.answers()
    await caller.hears("queue.agent_lead")
    return caller, agent


async def talking(bench: Bench) -> tuple[Party, SimulatedPhone]:
    """A caller and an agent who have talked for a while."""
    caller, agent = await announced(bench)
    await caller.meets("8001")
    await asyncio.sleep(20)
    return caller, agent


def announcements(bench: Bench) -> list[PromptHeard]:
    """What the timeline holds of callers being told who has answered."""
    return [told for told in bench.facts(PromptHeard) if told.prompts[0] == "queue.agent_lead"]


async def test_caller_and_agent_are_introduced_and_then_hear_each_other_without_music() -> None:
    async with a_bench() as bench:
        caller, agent = await announced(bench)
        assert agent.call is not None
        await agent.call.hears("whisper.queue.trading")
        await caller.meets("8001")
        assert agent.call.partners == ["13900000001"]
        assert not [media for media in agent.call.heard if "queue/agent" in media]
        assert caller.leg.music is None
        [told] = announcements(bench)
        assert told.prompts[-1] == "queue.agent_tail"
        assert not told.cut
        assert told.heard_s > 1


async def test_the_callers_hang_up_lets_the_agent_go_into_wrap_up() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        caller.hangs_up()
        await asyncio.sleep(0.1)
        assert agent.call is None
        assert bench.work_of("8001") == "acw"
        await asyncio.sleep(11)
        assert bench.work_of("8001") == "idle"
        assert await bench.is_quiet() == []
        left = bench.fact(PersonLeft)
        assert (left.by, left.talked_s) == ("caller", pytest.approx(20, abs=0.1))
        assert bench.fact(RecordingKept).recording == bench.fact(PersonJoined).recording
        assert not [media for media in caller.heard if "rating" in media]


async def test_both_hanging_up_in_the_same_instant_is_one_end() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        agent.hangs_up()
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.errors() == []
        assert len(bench.facts(PersonLeft)) == 1
        assert bench.fact(CallEnded).outcome == "answered"


async def test_a_caller_whose_agent_vanishes_hears_an_apology_and_is_served_next() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        rival = bench.call_in("13900000002")
        await rival.presses("201")
        await rival.hears_music()
        agent.vanishes()
        await caller.hears("talk.interrupted")
        await caller.hears_music()
        other = await bench.ready("8002")
        await other.rings()
        other.answers()
        await caller.meets("8002")
        assert not [media for media in caller.heard if "rating" in media]
        assert [left.by for left in bench.facts(PersonLeft)] == ["system"]
        call = bench.facts(PersonLeft)[0].call
        first, again = [each for each in bench.facts(PersonSought) if each.call == call]
        assert again.since == first.since, "the wait counts on"
        caller.hangs_up()
        rival.hangs_up()
        assert await bench.is_quiet() == []


async def test_keys_in_a_conversation_are_nobodys_but_the_conversations() -> None:
    async with a_bench() as bench:
        caller, agent = await talking(bench)
        before = len(bench.facts(EntryMade))
        await caller.presses("*2#0")
        await asyncio.sleep(1)
        assert len(bench.facts(EntryMade)) == before
        assert caller.partners == ["8001"]
        agent.hangs_up()
        await caller.hears("rating.ask")
        await asyncio.sleep(0.5)
        assert not caller.leg.heard[-1].cut
        caller.hangs_up()
        assert await bench.is_quiet() == []
        rating = bench.facts(PromptHeard)[-1]
        assert rating.digit_to_prompt_s is None, "the keys led to nothing"


async def test_an_agent_who_leaves_amid_the_announcement_costs_neither_place_nor_call() -> None:
    async with a_bench() as bench:
        caller, agent = await announced(bench)
        agent.hangs_up()
        await caller.hears_music()
        assert bench.fact(OfferFailed).agent == "8001"
        assert not bench.facts(PersonJoined)
        assert [told.cut for told in announcements(bench)] == [True]
        other = await bench.ready("8002")
        await other.rings()
        other.answers()
        await caller.meets("8002")
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_an_agent_who_is_gone_in_the_instant_of_the_joining_is_waited_for_anew() -> None:
    async with a_bench() as bench:
        caller, agent = await announced(bench)
        await caller.meets("8001")
        agent.hangs_up()
        await caller.hears_music()
        await caller.hears("en/num/1")
        await caller.presses("*")
        await caller.hears("menu.main")
        caller.hangs_up()
        assert await bench.is_quiet() == []
        assert bench.fact(PersonLeft).by == "agent"


async def test_news_of_the_place_never_sounds_into_the_announcement() -> None:
    async with a_bench() as bench:
        agent = await bench.ready("8001")
        caller = bench.call_in()
        await caller.presses("201")
        music = await caller.hears_music()
        await agent.rings()
        await asyncio.sleep(music.since + 4.0 - bench.world.clock.now())
        agent.answers()
        await caller.meets("8001")
        after_lead = caller.heard[caller.heard.index("sound:ivr/en/queue/agent_lead") :]
        assert not [media for media in after_lead if "position" in media or "keys" in media]


async def test_a_caller_who_leaves_by_key_amid_the_announcement_lets_the_agent_go() -> None:
    async with a_bench() as bench:
        caller, agent = await announced(bench)
        await caller.presses("*")
        await caller.hears("menu.main")
        assert agent.call is None
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_bridge_that_cannot_be_made_puts_the_caller_back_and_says_so() -> None:
    async with a_bench() as bench:
        bench.world.exchange.fail("create_bridge", SwitchRefused("no", status=500))
        agent = await bench.ready("8001")
        caller = bench.call_in()
        await caller.presses("201")
        await agent.rings()
        agent.answers()
        await asyncio.sleep(0.1)
        assert caller.leg.music == "default"
        assert agent.call is None
        other = await bench.ready("8002")
        await other.rings()
        other.answers()
        await caller.meets("8002")


async def test_a_join_that_is_refused_puts_the_caller_back() -> None:
    async with a_bench() as bench:
        bench.world.exchange.fail("join", SwitchRefused("no", status=409))
        caller, agent = await announced(bench)
        await caller.hears_music()
        assert agent.call is None
        caller.hangs_up()
        assert await bench.is_quiet() == []


async def test_a_conversation_that_cannot_be_recorded_is_held_all_the_same() -> None:
    async with a_bench() as bench:
        bench.world.exchange.fail("record_talk", SwitchRefused("disk full", status=500))
        caller, _ = await talking(bench)
        assert caller.partners == ["8001"]
        assert "order_refused" in bench.errors()[0]
        caller.hangs_up()
        assert await bench.is_quiet() == []


@pytest.mark.parametrize("refused", ["play", "start_music", "stop_music", "stop", "destroy_bridge"])
async def test_an_order_that_is_refused_once_ends_no_call(refused: str) -> None:
    async with a_bench() as bench:
        caller = bench.call_in()
        await caller.presses("2")
        agent = await bench.ready("8001")
        bench.world.exchange.fail(refused, SwitchRefused("no", status=500))
        await caller.presses("01")
        await agent.rings()
        agent.answers()
        await caller.meets("8001")
        await asyncio.sleep(5)
        agent.hangs_up()
        await caller.hears("rating.ask")
        caller.hangs_up()
        left = await bench.is_quiet()
        if refused == "destroy_bridge":
            assert [what for what in left if "bridge" not in what] == []
        else:
            assert left == []
