"""The people of the simulated exchange: what callers and agents hear, and what befalls them."""

import asyncio

import pytest

from ivrengine.errors import SwitchRefused, SwitchUnavailable
from ivrengine.simulator.exchange import SimulatedExchange
from ivrengine.simulator.party import NotHeard
from ivrengine.simulator.phone import Manner
from ivrengine.telephony import (
    BridgeId,
    DigitPressed,
    HangUpCause,
    LegArrived,
    LegEnded,
    LegId,
    LegRole,
    PlaybackId,
    RecordingFinished,
    RecordingName,
    RecordingOrder,
    SwitchConnected,
    SwitchEvent,
    SwitchLost,
)

pytestmark = [pytest.mark.calls, pytest.mark.looptime]


@pytest.fixture
def events() -> list[SwitchEvent]:
    return []


@pytest.fixture
async def exchange(events: list[SwitchEvent]) -> SimulatedExchange:
    exchange = SimulatedExchange(duration_of=lambda media: 2.0)
    exchange.subscribe(events.append)
    return exchange


async def test_a_caller_hears_prompts_in_order_with_music_behind_them(
    exchange: SimulatedExchange,
) -> None:
    caller = exchange.call_in("139", "952588")
    await exchange.answer(caller.leg.id)
    await exchange.start_music(caller.leg.id, "calm")
    await exchange.play(caller.leg.id, PlaybackId("p1"), ["sound:ivr/zh/menu/main", "sound:ivr/b"])
    heard = await caller.hears("menu.main")
    assert (await caller.hears("ivr/b")).since - heard.since == pytest.approx(2.0)
    await caller.hears_music()
    assert caller.heard == ["music:calm", "sound:ivr/zh/menu/main", "sound:ivr/b", "music:calm"]
    await exchange.stop_music(caller.leg.id)
    assert caller.leg.heard[-1].until is not None


async def test_waiting_for_what_never_comes_says_what_came_instead(
    exchange: SimulatedExchange,
) -> None:
    caller = exchange.call_in("139", "952588")
    await exchange.play(caller.leg.id, PlaybackId("p1"), ["sound:a"])
    with pytest.raises(NotHeard, match=r"b was not heard within 60\.0 s, but sound:a"):
        await caller.hears("b")
    with pytest.raises(NotHeard, match="was not ended"):
        await caller.is_let_go()
    with pytest.raises(NotHeard, match="8001 was not met"):
        await caller.meets("8001")


async def test_a_prompt_that_is_stopped_is_cut_and_the_next_begins(
    exchange: SimulatedExchange,
) -> None:
    caller = exchange.call_in("139", "952588")
    for name in ("p1", "p2", "p3"):
        await exchange.play(caller.leg.id, PlaybackId(name), [f"sound:{name}"])
    await exchange.stop(PlaybackId("p2"))
    await asyncio.sleep(0.5)
    await exchange.stop(PlaybackId("p1"))
    assert caller.leg.heard[0].cut
    await asyncio.sleep(5)
    assert caller.heard == ["sound:p1", "sound:p3"]


async def test_a_playing_prompt_holds_up_an_answer_as_it_does_in_asterisk(
    exchange: SimulatedExchange,
) -> None:
    caller = exchange.call_in("139", "952588")
    loop = asyncio.get_running_loop()
    began = loop.time()
    await exchange.play(caller.leg.id, PlaybackId("p1"), ["sound:a"])
    await exchange.answer(caller.leg.id)
    assert loop.time() - began == pytest.approx(2.0)
    assert caller.is_answered


async def test_keys_arrive_one_by_one_and_the_terminator_ends_a_recording(
    exchange: SimulatedExchange, events: list[SwitchEvent]
) -> None:
    caller = exchange.call_in("139", "952588")
    await exchange.answer(caller.leg.id)
    order = RecordingOrder(
        recording=RecordingName("r"), max_s=60, max_silence_s=5, terminator="#", beep=False
    )
    await exchange.record(caller.leg.id, order)
    await caller.speaks(10)
    await caller.presses("1#")
    await asyncio.sleep(0)
    assert [event.digit for event in events if isinstance(event, DigitPressed)] == ["1", "#"]
    (finished,) = [event for event in events if isinstance(event, RecordingFinished)]
    assert finished.duration_s == pytest.approx(10.1)


async def test_silence_ends_a_recording(
    exchange: SimulatedExchange, events: list[SwitchEvent]
) -> None:
    caller = exchange.call_in("139", "952588")
    order = RecordingOrder(
        recording=RecordingName("r"), max_s=60, max_silence_s=5, terminator="", beep=False
    )
    await exchange.record(caller.leg.id, order)
    await caller.speaks(3)
    await asyncio.sleep(30)
    (finished,) = [event for event in events if isinstance(event, RecordingFinished)]
    assert finished.duration_s == pytest.approx(8.0)


async def test_caller_and_agent_meet_in_a_bridge_and_part(exchange: SimulatedExchange) -> None:
    caller, phone = exchange.call_in("139", "952588"), exchange.phone("8001", Manner.RINGS)
    await exchange.answer(caller.leg.id)
    leg, bridge = LegId("agent"), BridgeId("b")
    await exchange.dial(leg, "8001", caller_id="139", ring_timeout_s=20)
    agent = await phone.rings()
    phone.answers()
    await exchange.create_bridge(bridge)
    await exchange.join(bridge, [caller.leg.id, leg])
    await caller.meets("8001")
    assert agent.partners == ["139"]
    phone.hangs_up()
    assert await agent.is_let_go()
    assert caller.partners == []
    assert not caller.is_over


async def test_a_telephone_that_vanishes_ends_a_conversation_after_some_silence(
    exchange: SimulatedExchange, events: list[SwitchEvent]
) -> None:
    phone = exchange.phone("8001", Manner.ANSWERS)
    await exchange.dial(LegId("agent"), "8001", caller_id="", ring_timeout_s=20)
    await asyncio.sleep(5)
    phone.vanishes()
    await asyncio.sleep(14)
    assert phone.call is not None
    await asyncio.sleep(2)
    (ended,) = [event for event in events if isinstance(event, LegEnded)]
    assert (ended.cause, ended.by_far_end) == (HangUpCause.FAILED, False)


async def test_an_agent_can_change_its_mind_while_it_rings(exchange: SimulatedExchange) -> None:
    phone = exchange.phone("8001", Manner.ANSWERS, acts_after_s=5)
    await exchange.dial(LegId("agent"), "8001", caller_id="", ring_timeout_s=60)
    await phone.rings()
    phone.rejects()
    assert phone.call is None
    with pytest.raises(NotHeard, match="nothing rings"):
        phone.answers()
    with pytest.raises(NotHeard, match="was not rung"):
        await phone.rings(within_s=1)


async def test_an_agent_dials_in_under_its_number(
    exchange: SimulatedExchange, events: list[SwitchEvent]
) -> None:
    exchange.phone("8001").dials("*10")
    await asyncio.sleep(0)
    (arrived,) = events
    assert isinstance(arrived, LegArrived)
    assert (arrived.role, arrived.agent, arrived.dialled) == (LegRole.AGENT_PHONE, "8001", "*10")


async def test_what_happens_out_of_reach_is_told_in_order_once_it_is_in_reach_again(
    exchange: SimulatedExchange, events: list[SwitchEvent]
) -> None:
    caller = exchange.call_in("139", "952588")
    await asyncio.sleep(0)
    exchange.lose_connection()
    await caller.presses("1")
    caller.hangs_up()
    with pytest.raises(SwitchUnavailable):
        await exchange.live_legs()
    exchange.connect()
    await asyncio.sleep(0)
    kinds = [type(event) for event in events]
    assert kinds == [LegArrived, SwitchLost, DigitPressed, LegEnded, SwitchConnected]


async def test_a_restart_takes_every_leg_with_it_and_tells_of_none(
    exchange: SimulatedExchange, events: list[SwitchEvent]
) -> None:
    caller = exchange.call_in("139", "952588")
    await exchange.play(caller.leg.id, PlaybackId("p"), ["sound:a"])
    await exchange.create_bridge(BridgeId("b"))
    await exchange.join(BridgeId("b"), [caller.leg.id])
    await exchange.record_talk(BridgeId("b"), RecordingName("r"), heard_by=caller.leg.id)
    await asyncio.sleep(0)
    events.clear()
    exchange.restart()
    await asyncio.sleep(100)
    assert [type(event) for event in events] == [SwitchLost, SwitchConnected]
    assert caller.is_over
    assert not await exchange.live_legs()
    assert not await exchange.live_bridges()


async def test_orders_fail_as_often_as_they_are_told_to(exchange: SimulatedExchange) -> None:
    exchange.fail("create_bridge", SwitchUnavailable("away"), times=2)
    for _ in range(2):
        with pytest.raises(SwitchUnavailable):
            await exchange.create_bridge(BridgeId("b"))
    await exchange.create_bridge(BridgeId("b"))
    with pytest.raises(SwitchRefused):
        await exchange.join(BridgeId("other"), [])
