"""A port that is taken is told by its holder and by the setting that moves ours."""

import os
import socket
from collections.abc import Iterator

import pytest

from ivrengine.errors import ConfigError
from ivrengine.softswitch.local.network_ports import WantedPort, check_free, ports_of
from ivrengine.softswitch.settings import SoftswitchSettings

pytestmark = pytest.mark.unit


@pytest.fixture(params=[socket.SOCK_STREAM, socket.SOCK_DGRAM], ids=["tcp", "udp"])
def taken(request: pytest.FixtureRequest) -> Iterator[WantedPort]:
    with socket.socket(socket.AF_INET, request.param) as holder:
        holder.bind(("127.0.0.1", 0))
        if request.param is socket.SOCK_STREAM:
            holder.listen()
        port = holder.getsockname()[1]
        yield WantedPort(
            address="127.0.0.1", port=port, kind=request.param, setting="softswitch.sip_port"
        )


def test_a_taken_port_names_its_holder_and_the_setting(taken: WantedPort) -> None:
    with pytest.raises(ConfigError) as fault:
        check_free([taken])
    assert f"127.0.0.1:{taken.port}/" in str(fault.value)
    assert f"process {os.getpid()} (" in str(fault.value)
    assert "IVRENGINE_SOFTSWITCH__SIP_PORT" in fault.value.remedy


def test_every_listener_of_asterisk_is_checked() -> None:
    wanted = {str(port) for port in ports_of(SoftswitchSettings())}
    assert wanted == {
        "127.0.0.1:5060/udp",
        "127.0.0.1:5060/tcp",
        "127.0.0.1:8088/tcp",
        "127.0.0.1:5038/tcp",
    }
