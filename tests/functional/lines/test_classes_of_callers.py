"""Real callers of each class, as long as there are lines for it and when there are not."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from ivrengine.softphone.sip.call import CallState
from ivrengine.softphone.sip.outgoing import OutgoingCall
from tests.functional.conftest import NewCaller
from tests.functional.lines.conftest import FEW_LINES
from tests.kit.api import Refused, asked
from tests.kit.instance import Instance
from tests.kit.person import Caller
from tests.kit.records import record_of
from tests.kit.walks import PATIENCE_S

pytestmark = [pytest.mark.functional, pytest.mark.timeout(180)]

MAIN, TOLLFREE = "952588", "8008202588"
TRADERS = ("13800100001", "+8613800100002", "008613800100003", "013800100004")
REGISTERED = ("13700100001", "8613700100002")
ACCOUNT, TRADING_PIN = "80000006", "111222"


async def _trunk(instance: Instance, name: str) -> dict[str, Any]:
    trunks = await asked(lambda: instance.api.get("/api/trunks"))
    found: dict[str, Any] = next(trunk for trunk in trunks if trunk["name"] == name)
    return found


async def _refusals(instance: Instance) -> list[float]:
    """How often each class found no line on the main group."""
    return [
        await asked(
            lambda each=each: instance.api.value(
                "ivr_calls_refused_total", **{"trunk": "main", "class": each}
            )
        )
        for each in ("ordinary", "registered", "trading")
    ]


async def _is_served(new_caller: NewCaller, number: str, dialled: str = MAIN) -> Caller:
    caller = await new_caller(number)
    await caller.dials(dialled)
    await caller.hears("menu.main")
    return caller


async def _is_refused(new_caller: NewCaller, number: str, dialled: str = MAIN) -> OutgoingCall:
    caller = await new_caller(number)
    call = caller.phone.start_call(dialled)
    assert await call.reaches(CallState.ENDED, within_s=PATIENCE_S)
    assert call.refusal is not None, "the call was answered"
    return call


def _reason(call: OutgoingCall) -> str:
    assert call.refusal is not None
    return next(value for name, value in call.refusal.headers if name == "Reason")


async def test_the_last_lines_are_found_by_customers_and_the_very_last_by_traders(
    instance: Instance, new_caller: NewCaller
) -> None:
    refused_before = await _refusals(instance)
    for n in range(2):
        await _is_served(new_caller, f"1390000000{n}")
    stranger = await _is_refused(new_caller, "13900000009")
    await _is_served(new_caller, REGISTERED[0])
    customer = await _is_refused(new_caller, REGISTERED[1])
    await _is_served(new_caller, TRADERS[1])
    trader = await _is_refused(new_caller, TRADERS[2])
    for call in (stranger, customer, trader):
        assert call.refusal is not None
        assert call.refusal.status == 503
        assert _reason(call) == "Q.850;cause=34"
    main = await _trunk(instance, "main")
    assert main["by_class"] == {"trading": 1, "registered": 1, "ordinary": 2}
    refused = await _refusals(instance)
    assert [now - before for before, now in zip(refused_before, refused, strict=True)] == [1, 1, 1]
    record = await record_of(instance.api, "13900000009", until="call-refused")
    assert (record.fields["caller_class"], record.fields["outcome"]) == ("ordinary", "kept-lines")
    record = await record_of(instance.api, TRADERS[2], until="call-refused")
    assert (record.fields["caller_class"], record.fields["outcome"]) == ("trading", "no-line")


@pytest.mark.parametrize("number", TRADERS)
async def test_a_trader_is_known_however_the_carrier_writes_the_number(
    instance: Instance, new_caller: NewCaller, number: str
) -> None:
    await _is_served(new_caller, number)
    assert (await _trunk(instance, "main"))["by_class"] == {"trading": 1}


@pytest.mark.parametrize("number", ["anonymous", "x13800100001", "138001000011"])
async def test_whoever_calls_from_no_customers_number_is_an_ordinary_caller(
    instance: Instance, new_caller: NewCaller, number: str
) -> None:
    await _is_served(new_caller, number)
    assert (await _trunk(instance, "main"))["by_class"] == {"ordinary": 1}


async def test_a_refused_caller_hears_why_before_the_answer(
    instance: Instance, new_caller: NewCaller
) -> None:
    await _is_served(new_caller, "13900000001", TOLLFREE)
    refused = await new_caller("13900000002")
    call = refused.phone.start_call(TOLLFREE)
    # The first frame may overtake the 183 that says where it comes from, so it is not asked for.
    await refused.hears("system.busy", language="zh")
    assert call.state is CallState.RINGING, "183 is no answer"
    assert (await _trunk(instance, "tollfree"))["by_class"] == {"ordinary": 1, "apology": 1}
    silent = await _is_refused(new_caller, "13900000003", TOLLFREE)
    assert silent.refusal is not None
    assert silent.refusal.status == 486, "there is no line for a second apology"
    await refused.hears("system.busy", language="en", to_the_end=True)
    assert await call.reaches(CallState.ENDED, within_s=PATIENCE_S)
    assert call.refusal is not None
    assert call.refusal.status == 486
    await _is_served(new_caller, TRADERS[0], TOLLFREE)


async def test_a_refused_caller_who_rings_off_in_the_apology_frees_its_line(
    instance: Instance, new_caller: NewCaller
) -> None:
    await _is_served(new_caller, "13900000001", TOLLFREE)
    refused = await new_caller("13900000002")
    call = refused.phone.start_call(TOLLFREE)
    await refused.hears("system.busy")
    call.give_up()
    assert await call.reaches(CallState.ENDED, within_s=PATIENCE_S)
    async with asyncio.timeout(PATIENCE_S):
        while (await _trunk(instance, "tollfree"))["by_class"] != {"ordinary": 1}:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_an_apology_may_be_said_after_the_answer(
    instance: Instance, new_caller: NewCaller
) -> None:
    refused = await new_caller(REGISTERED[0])
    await refused.dials(TOLLFREE)
    await refused.hears("system.busy", language="zh", to_the_end=True)
    await refused.is_hung_up_on()
    record = await record_of(instance.api, REGISTERED[0], until="call-refused")
    assert record.fields["outcome"] == "class-full"
    (fact,) = record.of_kind("call-refused")
    assert fact["answer"] == "apology"


async def _proves(caller: Caller, account: str, pin: str) -> None:
    await caller.presses("1")
    await caller.hears("direct.ask_number")
    await caller.presses(f"{account}#")
    await caller.hears("quotes.ask_code")
    await caller.presses(pin)


async def test_a_stranger_who_keys_a_traders_pin_is_a_trader_from_then_on(
    instance: Instance, new_caller: NewCaller
) -> None:
    caller = await _is_served(new_caller, "13900000001")
    await _proves(caller, ACCOUNT, TRADING_PIN)
    await caller.hears("rating.thanks")
    assert (await _trunk(instance, "main"))["by_class"] == {"trading": 1}
    (live,) = await asked(lambda: instance.api.get("/api/calls"))
    assert live["caller_class"] == "trading"
    await instance.restart_engine()
    async with asyncio.timeout(PATIENCE_S):
        while (await _trunk(instance, "main"))["by_class"] != {"trading": 1}:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await caller.hangs_up()
    record = await record_of(instance.api, "13900000001")
    assert record.fields["caller_class"] == "trading"
    (fact,) = record.of_kind("caller-identified")
    assert fact["customer"] == ACCOUNT
    said = " ".join(str(fact) for fact in record.timeline)
    assert TRADING_PIN not in said


async def test_wrong_pins_prove_nothing_and_end_the_attempt(
    instance: Instance, new_caller: NewCaller
) -> None:
    caller = await _is_served(new_caller, "13900000001")
    await _proves(caller, ACCOUNT, "999999")
    await caller.hears("quotes.unknown_code")
    await caller.presses("999998")
    await caller.hears("quotes.unknown_code")
    await caller.presses("999997")
    await caller.hears("system.goodbye")
    await caller.is_hung_up_on()
    record = await record_of(instance.api, "13900000001")
    assert record.fields["caller_class"] == "ordinary"
    assert [fact["outcome"] for fact in record.of_kind("service-asked")] == [
        "wrong",
        "wrong",
        "locked",
    ]


async def test_other_shares_are_put_in_force_while_calls_go_on(
    instance: Instance, new_caller: NewCaller, lines_file: Path
) -> None:
    callers = [await _is_served(new_caller, f"1390000000{n}") for n in range(2)]
    await _is_refused(new_caller, "13900000003")

    def put_in_force(leaves_free: int) -> None:
        text = FEW_LINES.replace("leaves_free: 2}", f"leaves_free: {leaves_free}}}")
        lines_file.write_text(text, encoding="utf-8")
        instance.api.post("/api/reload")

    try:
        await asked(lambda: put_in_force(0))
        await _is_served(new_caller, "13900000004")
        with pytest.raises(Refused, match="cannot stay free"):
            await asked(lambda: put_in_force(9))
        await _is_served(new_caller, "13900000005")
        assert all(caller.call.state is CallState.TALKING for caller in callers)
    finally:
        await asked(lambda: put_in_force(2))
    main = await _trunk(instance, "main")
    assert (main["in_use"], main["classes"]["ordinary"]["leaves_free"]) == (4, 2)
    trader = await _is_refused(new_caller, TRADERS[0])
    assert trader.refusal is not None
    assert trader.refusal.status == 503
