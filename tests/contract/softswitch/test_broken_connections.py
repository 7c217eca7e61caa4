"""An Asterisk whose events stop, lie, come twice, or come from another one."""

import asyncio
import time

import pytest
from aiohttp import ClientSession, WSServerHandshakeError, encode_basic_auth

from ivrengine.clock import SteadyClock
from ivrengine.errors import ConfigError
from ivrengine.softswitch.ari import (
    AsteriskSwitch,
    DropCause,
)
from ivrengine.softswitch.ari.events import FILTERED
from ivrengine.softswitch.ari.heartbeat import BEAT_VARIABLE
from ivrengine.telephony import (
    DigitPressed,
    HangUpCause,
    LegArrived,
    LegEnded,
    SwitchConnected,
    SwitchEvent,
    SwitchLost,
)
from tests.kit.switch_notes import QUICK, Notes, arrived, lose
from tests.kit.switch_worlds import FakeWorld

pytestmark = pytest.mark.contract


async def test_what_happened_while_the_socket_was_away_is_told_before_it_counts_as_back(
    world: FakeWorld,
) -> None:
    _, channel = await arrived(world)
    await lose(world)
    mark = world.events.mark()
    pressed_at = time.time()  # noqa: TID251
    world.ari.board.press(channel, "7")
    await asyncio.sleep(1.0)
    world.ari.faults.dials = True
    connected = await world.events.told(SwitchConnected, since=mark)
    assert not connected.restarted
    pressed, *rest = world.events.all[mark.place :]
    assert isinstance(pressed, DigitPressed)
    assert pressed.at == pytest.approx(pressed_at, abs=0.5)
    assert rest == [connected]
    assert connected.at > pressed.at + 0.5


async def test_a_replay_whose_end_is_not_said_ends_when_it_is_quiet(world: FakeWorld) -> None:
    await lose(world)
    mark = world.events.mark()
    world.ari.faults.announces_replay = False
    world.ari.faults.dials = True
    await world.events.told(SwitchConnected, since=mark)


async def test_a_new_asterisk_has_none_of_our_legs_and_its_own_come_after(
    world: FakeWorld,
) -> None:
    leg, _ = await arrived(world)
    mark = world.events.mark()
    await world.ari.restart()
    newcomer = world.ari.board.call_in("139", "952588")
    await world.events.told(LegArrived, leg=newcomer.id)
    lost, ended, connected, arrival = world.events.all[mark.place :]
    assert isinstance(lost, SwitchLost)
    assert isinstance(ended, LegEnded)
    assert (ended.leg, ended.cause, ended.by_far_end) == (leg, HangUpCause.FAILED, False)
    assert connected == SwitchConnected(restarted=True, at=connected.at)
    assert isinstance(arrival, LegArrived)


async def test_an_end_that_was_sent_into_a_dying_socket_is_found_out(world: FakeWorld) -> None:
    leg, channel = await arrived(world)
    stayed, _ = await arrived(world)
    await lose(world)
    world.ari.board.vanish(channel)
    world.ari.faults.dials = True
    ended = await world.events.told(LegEnded, leg=leg)
    assert (ended.cause, ended.by_far_end) == (HangUpCause.FAILED, False)
    assert world.events.ends(stayed) == []


async def test_a_frozen_asterisk_is_unwell_and_recovers(world: FakeWorld, notes: Notes) -> None:
    await notes.feels()
    mark = world.events.mark()
    world.ari.faults.thawed.clear()
    await notes.feels("events", "rest", "sip")
    await world.events.told(SwitchLost, since=mark)
    world.ari.faults.thawed.set()
    await world.events.told(SwitchConnected, since=mark)
    await notes.feels()
    assert world.switch.health.ok
    assert world.ari.connections == 1, "its socket was kept, and with it its events"


async def test_a_socket_that_is_silent_while_asterisk_answers_is_given_up(
    world: FakeWorld,
) -> None:
    mark = world.events.mark()
    world.ari.faults.is_mute = True
    await world.events.told(SwitchLost, since=mark)
    async with asyncio.timeout(8.0):
        while world.ari.connections == 1:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    world.ari.faults.is_mute = False
    await world.events.told(SwitchConnected, since=mark)


async def test_deaf_sip_is_seen_though_ari_is_well(world: FakeWorld, notes: Notes) -> None:
    await notes.feels()
    world.ari.faults.is_deaf = True
    await notes.feels("sip")
    world.ari.faults.is_deaf = False
    await notes.feels()


async def test_hung_rest_is_seen_though_events_flow(world: FakeWorld, notes: Notes) -> None:
    await notes.feels()
    world.ari.faults.delay_s["GET /asterisk/ping"] = 5.0
    await notes.feels("rest")
    await arrived(world)
    world.ari.faults.delay_s.clear()
    await notes.feels()


async def test_an_asterisk_that_does_not_dial_is_told_to(world: FakeWorld, notes: Notes) -> None:
    await notes.feels()
    await lose(world)
    assert await notes.redialled()


async def test_an_asterisk_that_is_away_altogether_is_not_told_to_dial(
    world: FakeWorld, notes: Notes
) -> None:
    await notes.feels()
    world.ari.faults.thawed.clear()
    await notes.feels("events", "rest", "sip")
    await asyncio.sleep(QUICK.redial_after_s * 2)
    assert notes.redials == 0
    world.ari.faults.thawed.set()
    await notes.feels()


async def test_the_dialplan_feels_our_heartbeat_only_while_events_flow(world: FakeWorld) -> None:
    beats = world.ari.board.globals
    assert int(beats[BEAT_VARIABLE]) == pytest.approx(time.time(), abs=2)  # noqa: TID251
    await lose(world)
    # A beat that had begun consists of two orders.
    await asyncio.sleep(2 * QUICK.probe_deadline_s)
    beats.clear()
    await asyncio.sleep(4 * QUICK.beat_interval_s)
    assert BEAT_VARIABLE not in beats
    mark = world.events.mark()
    world.ari.faults.dials = True
    await world.events.told(SwitchConnected, since=mark)
    async with asyncio.timeout(8.0):
        while BEAT_VARIABLE not in beats:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_the_event_filter_is_set_anew_after_each_connect(world: FakeWorld) -> None:
    assert world.ari.filtered == frozenset(FILTERED)
    await lose(world)
    world.ari.forget_filter()
    mark = world.events.mark()
    world.ari.faults.dials = True
    await world.events.told(SwitchConnected, since=mark)
    assert world.ari.filtered == frozenset(FILTERED)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("{", DropCause.UNREADABLE),
        ("null", DropCause.UNREADABLE),
        ('{"type": "StasisStart", "channel": null}', DropCause.UNREADABLE),
        ('{"type": "ChannelBlessed"}', DropCause.UNKNOWN_TYPE),
        (
            '{"type": "StasisStart", "args": ["stranger"], "channel": {"id": "x"}}',
            DropCause.UNEXPECTED,
        ),
    ],
)
async def test_nonsense_is_counted_and_disturbs_nobody(
    world: FakeWorld, notes: Notes, text: str, cause: DropCause
) -> None:
    world.ari.send_raw(text)
    await notes.dropped_one(cause)
    await arrived(world)
    assert world.events.find(SwitchLost) is None


async def test_a_subscriber_that_raises_harms_no_other(world: FakeWorld, notes: Notes) -> None:
    def raises(event: SwitchEvent) -> None:
        raise ValueError("not allowed to")

    later: list[SwitchEvent] = []
    world.switch.subscribe(raises)
    world.switch.subscribe(later.append)
    leg, _ = await arrived(world)
    assert [event.leg for event in later if isinstance(event, LegArrived)] == [leg]
    assert notes.dropped[DropCause.SINK_FAILED] == 1


async def test_an_application_that_was_taken_over_is_lost_and_won_back(world: FakeWorld) -> None:
    mark = world.events.mark()
    world.ari.send({"type": "ApplicationReplaced"})
    await world.events.told(SwitchLost, since=mark)
    await world.events.told(SwitchConnected, since=mark)


async def test_a_second_connection_takes_the_place_of_the_first(world: FakeWorld) -> None:
    mark = world.events.mark()
    url = f"ws://127.0.0.1:{world.ari.ports.events}/ari"
    headers = {"Authorization": encode_basic_auth("ivrengine", "event-secret")}
    world.ari.faults.dials = False
    async with (
        ClientSession() as session,
        session.ws_connect(url, headers=headers, protocols=("ari",)) as second,
    ):
        await world.events.told(SwitchLost, since=mark)
        await second.send_str('{"type": "ApplicationRegistered"}')
        await world.events.told(SwitchConnected, since=mark)
        assert not world.ari.is_connected


@pytest.mark.parametrize(
    ("secret", "protocol", "status"),
    [("wrong", "ari", 401), ("", "ari", 401), ("event-secret", "chat", 400)],
)
async def test_a_stranger_at_the_event_port_is_turned_away(
    world: FakeWorld, secret: str, protocol: str, status: int
) -> None:
    url = f"ws://127.0.0.1:{world.ari.ports.events}/ari"
    headers = {"Authorization": encode_basic_auth("ivrengine", secret)}
    async with ClientSession() as session:
        with pytest.raises(WSServerHandshakeError) as refusal:
            await session.ws_connect(url, headers=headers, protocols=(protocol,))
    assert refusal.value.status == status
    assert world.events.find(SwitchLost) is None


async def test_a_taken_event_port_is_said_to_be_taken(world: FakeWorld) -> None:
    second = AsteriskSwitch(world.access, QUICK, SteadyClock())
    with pytest.raises(ExceptionGroup) as faults:
        await second.run()
    assert faults.group_contains(ConfigError, match=str(world.ari.ports.events))
