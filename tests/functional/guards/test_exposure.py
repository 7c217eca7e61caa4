"""What runs in Asterisk and what it listens on are exactly what we list."""

import re
import socket
from functools import partial

import psutil
import pytest

from ivrengine.softswitch.settings import CONFIG_TEMPLATES
from tests.functional.guards.guarded import StartAsterisk
from tests.kit.api import Refused, asked

pytestmark = pytest.mark.functional

DNS_SOCKETS = 2
"""PJSIP's own resolver asks name servers from one IPv4 and one IPv6 socket on ports of the
kernel's choosing; a stack trace of Asterisk 22.10 shows pj_dns_resolver_create binding them."""


async def test_only_listed_modules_are_loaded(start_asterisk: StartAsterisk) -> None:
    asterisk = await start_asterisk()
    shown = await asterisk.switch.command("module show")
    loaded = set(re.findall(r"^(\w+\.so)\b", shown, re.MULTILINE))
    template = (CONFIG_TEMPLATES / "modules.conf.j2").read_text(encoding="utf-8")
    listed = set(re.findall(r"^(?:load|require) = (\w+\.so)$", template, re.MULTILINE))
    assert loaded == listed


async def test_only_listed_sockets_are_open(start_asterisk: StartAsterisk) -> None:
    asterisk = await start_asterisk()
    open_sockets = psutil.Process(asterisk.switch.pid).net_connections(kind="inet")
    listening = {
        (each.laddr.ip, each.laddr.port)
        for each in open_sockets
        if each.type == socket.SOCK_STREAM and each.status == psutil.CONN_LISTEN
    }
    bound = [
        (each.laddr.ip, each.laddr.port) for each in open_sockets if each.type == socket.SOCK_DGRAM
    ]
    own = asterisk.settings
    assert listening == {
        ("127.0.0.1", own.sip_port),
        ("127.0.0.1", own.http_port),
        ("127.0.0.1", own.ami_port),
    }
    assert ("127.0.0.1", own.sip_port) in bound
    assert len(bound) == 1 + DNS_SOCKETS


async def test_ari_wants_its_password_and_runs_no_dangerous_function(
    start_asterisk: StartAsterisk,
) -> None:
    asterisk = await start_asterisk()
    stranger = type(asterisk.ari)(base=asterisk.ari.base)
    with pytest.raises(Refused) as refusal:
        await asked(lambda: stranger.get("/channels"))
    assert refusal.value.status == 401
    for function in ("SHELL(id)", "FILE(/etc/passwd)", "DB(a/b)", "CURL(127.0.0.1)"):
        told = await asked(partial(asterisk.ari.get, f"/asterisk/variable?variable={function}"))
        assert told["value"] == "", function
