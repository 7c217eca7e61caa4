"""Supervisors have a word with agents who have no call, with real telephones."""

import asyncio
from pathlib import Path
from typing import Final

import pytest

from ivrengine.softswitch.local import installation
from ivrengine.softswitch.local.debian.progress import silent
from ivrengine.softswitch.settings import SoftswitchSettings
from tests.functional.conftest import NewAgent, order
from tests.kit.api import asked
from tests.kit.baresip import Softphone, SoftphoneSettings
from tests.kit.instance import Instance
from tests.kit.person import Agent, Caller
from tests.kit.ports import free_ports
from tests.kit.walks import PATIENCE_S, hear_each_other, waits_for_trading

pytestmark = [pytest.mark.functional, pytest.mark.timeout(120)]

SUPERVISOR: Final = 8033
OPENS: Final = 8021
"""Whose telephone may answer by itself."""
SUPERVISOR_HUMS_HZ: Final = 1000.0
AGENT_HUMS_HZ: Final = 1900.0


def asked_to_open(attendant: Agent) -> set[str]:
    """The headers of an INVITE that ask a telephone to answer by itself."""
    headers = {name.lower(): value for name, value in attendant.call.invite_headers}
    words = {"answer-mode": "Auto", "call-info": "answer-after=0", "alert-info": "autoanswer"}
    return {name for name, word in words.items() if word in headers.get(name, "")}


async def have_a_word(supervisor: Agent, attendant: Agent) -> None:
    """The two hear each other, after the agent heard who it is."""
    await attendant.hears("intercom.speaks", language="zh", to_the_end=True)
    supervisor.hums(SUPERVISOR_HUMS_HZ)
    attendant.hums(AGENT_HUMS_HZ)
    await attendant.hears_tone(SUPERVISOR_HUMS_HZ)
    await supervisor.hears_tone(AGENT_HUMS_HZ)


@pytest.mark.parametrize(
    ("number", "headers"), [(OPENS, {"answer-mode", "call-info", "alert-info"}), (8001, set())]
)
async def test_a_telephone_is_asked_to_open_only_if_it_may(
    ready_agent: NewAgent, agent: NewAgent, number: int, headers: set[str]
) -> None:
    attendant, supervisor = await ready_agent(number), await agent(SUPERVISOR)
    await supervisor.dials(f"*27{number}")
    await attendant.answers(within_s=PATIENCE_S)
    assert asked_to_open(attendant) == headers
    await have_a_word(supervisor, attendant)
    await supervisor.hangs_up()
    await attendant.is_hung_up_on()


async def test_a_softphone_that_people_use_opens_by_itself(
    instance: Instance, agent: NewAgent, tmp_path: Path
) -> None:
    tools = await asyncio.to_thread(installation.fetch_test_tools, SoftswitchSettings(), silent)
    account, ports = instance.agent_settings(OPENS), free_ports()
    settings = SoftphoneSettings(
        program=tools.baresip,
        modules=tools.baresip_modules,
        user=account.user,
        password=account.password,
        server=account.server,
        sip_port=ports.sip,
        control_port=ports.api,
        first_rtp_port=ports.rtp_first,
        hums_hz=AGENT_HUMS_HZ,
        opens_itself=True,
    )
    supervisor = await agent(SUPERVISOR)
    async with await Softphone.start(settings, tmp_path / "baresip") as softphone:
        await order(instance, OPENS, "login")
        await supervisor.dials(f"*27{OPENS}")
        await softphone.opens()
        await supervisor.hears_tone(AGENT_HUMS_HZ)
        await supervisor.hangs_up()
        await softphone.is_hung_up_on()
        await order(instance, OPENS, "logout")


async def test_by_order_the_supervisors_telephone_rings_first_and_no_caller_is_offered(
    instance: Instance, caller: Caller, ready_agent: NewAgent, agent: NewAgent
) -> None:
    attendant, supervisor = await ready_agent(8001), await agent(SUPERVISOR)
    wanted = {"supervisor": str(SUPERVISOR)}
    await asked(lambda: instance.api.post("/api/agents/8001/intercom", wanted))
    await supervisor.answers(within_s=PATIENCE_S)
    await attendant.answers(within_s=PATIENCE_S)
    await have_a_word(supervisor, attendant)
    await waits_for_trading(caller)
    await asyncio.sleep(3)
    await attendant.hears_tone(SUPERVISOR_HUMS_HZ)
    await attendant.hangs_up()
    await supervisor.is_hung_up_on()
    await attendant.answers(within_s=PATIENCE_S)
    await hear_each_other(caller, attendant)
    await supervisor.dials("*278001")
    await supervisor.hears("intercom.not_free", language="zh", to_the_end=True)
    await supervisor.is_hung_up_on()
    await hear_each_other(caller, attendant)
    await caller.hangs_up()
    await attendant.is_hung_up_on()
