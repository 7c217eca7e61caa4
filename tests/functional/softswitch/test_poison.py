"""An Asterisk without its guards, made blind or deaf: the adapter sees it and works around it."""

from pathlib import Path

import pytest

from ivrengine.softphone.watch import Watch
from ivrengine.softswitch.ari import AriObservers, SwitchHealth
from ivrengine.telephony import LegId, LegRole
from tests.functional.guards.guarded import Edits, asterisk_for_tests
from tests.functional.guards.raw_sip import RawSip
from tests.kit.switch_suite import talk_to_caller
from tests.kit.switch_world_real import world_of
from tests.kit.switch_worlds import CALLER, NUMBER

pytestmark = pytest.mark.functional

POISON = b"call-\xff-1@carrier"
WITHOUT_GUARD: Edits = {"extensions.conf": {"1,Gosub(guard,s,1)": "1,NoOp()"}}
WITHOUT_ANY_GUARD: Edits = {
    **WITHOUT_GUARD,
    "modules.conf": {
        "load = res_pjsip_nat.so": "load = res_pjsip_nat.so\nload = res_pjsip_messaging.so"
    },
    "pjsip.conf": {
        "message_context = no-messages\n": "",
        "taskprocessor_overload_trigger = pjsip_only\n": "",
    },
}
MESSAGES = 600


async def test_a_call_that_breaks_the_list_of_channels_is_found_and_hung_up(
    tmp_path: Path,
) -> None:
    async with (
        asterisk_for_tests(tmp_path, edits=WITHOUT_GUARD, settings={}) as guarded,
        world_of(guarded.switch) as world,
    ):
        leg, _ = await talk_to_caller(world)
        with RawSip(guarded.sip) as carrier:
            await carrier.ask("INVITE", to=NUMBER, sender=CALLER, call_id=POISON, within_s=1.0)
        legs = {live.leg: live for live in await world.switch.live_legs()}
        assert legs[leg].role is LegRole.CALLER
        assert legs[leg].answered
        (poison,) = set(legs) - {leg}
        assert legs[poison].role is LegRole.ORDERED
        await world.switch.hang_up(LegId(poison))
        (left,) = await world.switch.live_legs()
        assert left.leg == leg


async def test_an_asterisk_that_is_deaf_to_sip_alone_is_felt(tmp_path: Path) -> None:
    health: list[SwitchHealth] = []
    watch = Watch()

    def note(felt: SwitchHealth) -> None:
        health.append(felt)
        watch.notify()

    async with (
        asterisk_for_tests(tmp_path, edits=WITHOUT_ANY_GUARD, settings={}) as guarded,
        world_of(guarded.switch, observers=AriObservers(health=note)),
    ):
        await watch.until(lambda: bool(health) and health[-1].ok, within_s=15.0)
        with RawSip(guarded.sip) as carrier:
            for _ in range(MESSAGES):
                answer = await carrier.ask("MESSAGE", to=NUMBER, sender="139", within_s=1.0)
                if answer is None:
                    break
        await watch.until(lambda: health[-1].faults() == ("sip",), within_s=15.0)
        assert health[-1].faults() == ("sip",)
