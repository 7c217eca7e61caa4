"""The manager connection to a real Asterisk: telephones that come and go, and a stuck redial."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ivrengine.errors import SwitchRefused, SwitchUnavailable
from ivrengine.softphone.sip.phone import Phone, PhoneSettings
from ivrengine.softphone.watch import Watch
from ivrengine.softswitch.ami import AmiAccess, AmiClient, AmiSettings, ContactChanged
from ivrengine.softswitch.local.asterisk import LocalSoftswitch
from ivrengine.telephony import SwitchConnected
from tests.functional.guards.guarded import comes_true
from tests.kit.switch_world_real import world_of

pytestmark = pytest.mark.functional

QUICK = AmiSettings(action_deadline_s=1.0, ping_interval_s=0.3, reconnect_after_s=0.2)


class Roll:
    """Which agents can be reached, as the manager tells."""

    def __init__(self) -> None:
        self.told: list[ContactChanged] = []
        self._watch = Watch()

    def __call__(self, change: ContactChanged) -> None:
        self.told.append(change)
        self._watch.notify()

    async def tells(self, agent: str, *, reachable: bool, within_s: float = 5.0) -> ContactChanged:
        """Waits until the newest word about an agent is this."""
        assert await self._watch.until(
            lambda: self._newest(agent) is reachable, within_s=within_s
        ), self.told
        return self.told[-1]

    def _newest(self, agent: str) -> bool | None:
        words = [change.reachable for change in self.told if change.agent == agent]
        return words[-1] if words else None


@asynccontextmanager
async def manager_of(asterisk: LocalSoftswitch, roll: Roll) -> AsyncIterator[AmiClient]:
    """A manager client that is connected."""
    access = AmiAccess.of(asterisk.settings, asterisk.secrets)
    client = AmiClient(access, QUICK, on_contact=roll)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(client.run())
        await comes_true(lambda: client.is_connected)
        yield client
        running.cancel()


def a_phone(asterisk: LocalSoftswitch, agent: str) -> PhoneSettings:
    server = (str(asterisk.settings.sip_address), asterisk.settings.sip_port)
    return PhoneSettings(user=agent, server=server, password=f"demo{agent}")


@pytest.fixture
def roll() -> Roll:
    return Roll()


async def test_a_telephone_that_registers_moves_and_vanishes_is_told(
    asterisk: LocalSoftswitch, roll: Roll
) -> None:
    async with manager_of(asterisk, roll):
        async with await Phone.open(a_phone(asterisk, "8001")) as old:
            await old.register()
            await roll.tells("8001", reachable=True)
            new = await Phone.open(a_phone(asterisk, "8001"))
            await new.register()
            await asyncio.sleep(0.5)
            assert [change.reachable for change in roll.told] == [True]
        new.vanish()
        await roll.tells("8001", reachable=False, within_s=15.0)


async def test_that_there_is_no_telephone_at_all_is_told_too(
    asterisk: LocalSoftswitch, roll: Roll
) -> None:
    listed = asyncio.Event()
    access = AmiAccess.of(asterisk.settings, asterisk.secrets)
    client = AmiClient(access, QUICK, on_contact=roll, on_listed=listed.set)
    async with asyncio.timeout(10.0), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(client.run())
        await listed.wait()
        running.cancel()
    assert roll.told == []


async def test_telephones_that_were_there_before_are_listed_at_connect(
    asterisk: LocalSoftswitch, roll: Roll
) -> None:
    async with await Phone.open(a_phone(asterisk, "8002")) as phone:
        await phone.register()
        async with manager_of(asterisk, roll):
            change = await roll.tells("8002", reachable=True)
            assert change.agent == "8002"


async def test_commands_are_answered_or_refused(asterisk: LocalSoftswitch, roll: Roll) -> None:
    async with manager_of(asterisk, roll) as manager:
        assert "Asterisk 22" in await manager.command("core show version")
        with pytest.raises(SwitchRefused):
            await manager.command("bless the channels")
        await manager.reload("res_pjsip.so")
        with pytest.raises(SwitchRefused):
            await manager.reload("no_such_module.so")


async def test_a_frozen_asterisk_is_dropped_and_found_again(
    asterisk: LocalSoftswitch, roll: Roll
) -> None:
    async with manager_of(asterisk, roll) as manager:
        os.kill(asterisk.pid, signal.SIGSTOP)
        try:
            with pytest.raises(SwitchUnavailable):
                await manager.command("core show version")
            await comes_true(lambda: not manager.is_connected)
        finally:
            os.kill(asterisk.pid, signal.SIGCONT)
        await comes_true(lambda: manager.is_connected)
        assert "Asterisk 22" in await manager.command("core show version")


async def test_without_a_connection_orders_fail_at_once(
    asterisk: LocalSoftswitch, roll: Roll
) -> None:
    manager = AmiClient(AmiAccess.of(asterisk.settings, asterisk.secrets), QUICK, on_contact=roll)
    with pytest.raises(SwitchUnavailable):
        await manager.command("core show version")


async def test_an_event_connection_that_hangs_in_its_handshake_is_redialled(
    asterisk: LocalSoftswitch, roll: Roll
) -> None:
    taken = asyncio.Event()

    async def accept_and_say_nothing(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        taken.set()
        held.append(writer)

    held: list[asyncio.StreamWriter] = []
    mute = await asyncio.start_server(
        accept_and_say_nothing, "127.0.0.1", asterisk.settings.events_port
    )
    async with asyncio.timeout(5.0):
        await taken.wait()
    mute.close()
    async with (
        manager_of(asterisk, roll) as manager,
        world_of(asterisk, redial=manager.redial_events) as world,
    ):
        await world.events.told(SwitchConnected)
    for writer in held:
        writer.close()


async def test_an_asterisk_that_did_not_see_the_engine_go_is_made_to_dial_the_next(
    asterisk: LocalSoftswitch, roll: Roll
) -> None:
    async with world_of(asterisk):
        os.kill(asterisk.pid, signal.SIGSTOP)
        await asyncio.sleep(3.0)
    os.kill(asterisk.pid, signal.SIGCONT)
    async with (
        manager_of(asterisk, roll) as manager,
        world_of(asterisk, redial=manager.redial_events) as world,
    ):
        await world.events.told(SwitchConnected)
