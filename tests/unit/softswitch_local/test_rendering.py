"""What stands in the configuration files that Asterisk reads."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from ivrengine.errors import ConfigError
from ivrengine.softswitch.local.installation import Installation
from ivrengine.softswitch.local.instance import load_or_make_secrets, paths_of, prepare
from ivrengine.softswitch.local.rendering import render
from ivrengine.softswitch.settings import (
    CONFIG_TEMPLATES,
    DialledNumber,
    OutgoingTrunk,
    SoftswitchSettings,
)

pytestmark = pytest.mark.unit

INSTALLATION = Installation(
    asterisk=Path("/opt/asterisk"),
    version="22.10.1",
    modules=Path("/opt/modules"),
    data=Path("/opt/data"),
)
FORBIDDEN_MODULES = (
    "res_pjsip_messaging",
    "res_pjsip_mwi",
    "res_xmpp",
    "res_phoneprov",
    "chan_unistim",
    "chan_iax2",
    "func_shell",
    "func_curl",
    "func_db",
    "app_system",
    "res_pjsip_endpoint_identifier_anonymous",
    "res_ari_device_states",
)


def _rendered(state_dir: Path, settings: SoftswitchSettings | None = None) -> dict[str, str]:
    paths = paths_of(state_dir)
    prepare(paths, INSTALLATION)
    files = render(
        settings or SoftswitchSettings(),
        paths=paths,
        installation=INSTALLATION,
        secrets=load_or_make_secrets(paths),
    )
    return {file.name: file.read_text(encoding="utf-8") for file in files}


def test_every_template_becomes_a_file_with_nothing_left_to_fill_in(tmp_path: Path) -> None:
    files = _rendered(tmp_path)
    assert {f"{name}.j2" for name in files} == {path.name for path in CONFIG_TEMPLATES.iterdir()}
    for name, text in files.items():
        assert "{{" not in text, name
        assert "{%" not in text, name
        assert "******" not in text, f"{name} has the mask of a secret in place of it"


def test_modules_are_an_allow_list_without_the_ones_attacked_most(tmp_path: Path) -> None:
    modules = _rendered(tmp_path)["modules.conf"]
    assert "autoload = no" in modules
    for module in FORBIDDEN_MODULES:
        assert module not in modules


def test_control_ports_listen_on_loopback_only(tmp_path: Path) -> None:
    files = _rendered(tmp_path)
    assert "bindaddr = 127.0.0.1" in files["http.conf"]
    assert "bindaddr = 127.0.0.1" in files["manager.conf"]
    assert "webenabled = no" in files["manager.conf"]
    for name in ("ari.conf", "manager.conf"):
        assert "deny = 0.0.0.0/0.0.0.0\npermit = 127.0.0.1/255.255.255.255" in files[name]


def test_every_endpoint_sends_texts_to_a_context_that_is_empty(tmp_path: Path) -> None:
    files = _rendered(tmp_path)
    assert files["pjsip.conf"].count("message_context = no-messages") == 1
    assert "[carrier](anyone)" in files["pjsip.conf"]
    assert "[agent-phone](!,anyone)" in files["pjsip.conf"]
    after = files["extensions.conf"].split("[no-messages]\n")[1]
    body = after.partition("\n[")[0]
    assert "exten" not in body


def test_every_number_and_agent_of_the_settings_is_there(tmp_path: Path) -> None:
    settings = SoftswitchSettings(
        numbers=(DialledNumber(dialled="95555", trunk_group="gold"),),
        first_agent=7001,
        last_agent=7003,
        hunt_group=("7002",),
        agent_passwords={"7002": SecretStr("a secret of ours")},
    )
    files = _rendered(tmp_path, settings)
    dialplan, pjsip = files["extensions.conf"], files["pjsip.conf"]
    assert "Stasis(ivrengine,inbound,gold)" in dialplan
    assert "952588" not in dialplan
    assert re.findall(r"^\[(\d+)\]\(agent-phone\)$", pjsip, re.MULTILINE) == [
        "7001",
        "7002",
        "7003",
    ]
    assert "password = a secret of ours" in pjsip
    assert "password = demo7001" in pjsip
    assert "Gosub(add-free-phone,s,1(7002))" in dialplan
    assert "Gosub(add-free-phone,s,1(7001))" not in dialplan


def test_every_entrance_to_the_engine_is_guarded(tmp_path: Path) -> None:
    lines = _rendered(tmp_path)["extensions.conf"].splitlines()
    entrances = [number for number, line in enumerate(lines) if "n,Stasis(" in line]
    assert len(entrances) == 3, "two numbers, and the agents"
    for number in entrances:
        assert "1,Gosub(guard,s,1)" in lines[number - 1]


@pytest.mark.parametrize("password", ["two\nlines", "half ; comment", "return\rhere"])
def test_a_value_that_would_end_its_line_is_refused(tmp_path: Path, password: str) -> None:
    settings = SoftswitchSettings(agent_passwords={"8001": SecretStr(password)})
    with pytest.raises(ConfigError, match="line break or a semicolon") as fault:
        _rendered(tmp_path, settings)
    assert password not in str(fault.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"app_name": "two words"},
        {"app_name": "x\n[evil]"},
        {"numbers": [{"dialled": "_X.", "trunk_group": "main"}]},
        {"carrier_sources": ["anywhere"]},
        {"sip_port": 80},
        {"sip_port": 8088},
        {"rtp_first_port": 20000, "rtp_last_port": 19999},
        {"first_agent": 8050},
        {"unheard_of": 1},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SoftswitchSettings.model_validate(wrong)


def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    _rendered(tmp_path)
    for file in paths_of(tmp_path).etc.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_rendering_again_removes_what_no_template_makes(tmp_path: Path) -> None:
    _rendered(tmp_path)
    stale = paths_of(tmp_path).etc / "users.conf"
    stale.touch()
    _rendered(tmp_path)
    assert not stale.exists()


def test_a_template_in_a_folder_before_ours_wins(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "rtp.conf.j2").write_text("; ours\n", encoding="utf-8")
    settings = SoftswitchSettings(templates=(own, CONFIG_TEMPLATES))
    files = _rendered(tmp_path / "state", settings)
    assert files["rtp.conf"] == "; ours\n"
    assert "[carrier]" in files["pjsip.conf"]


def test_a_template_that_asks_for_the_unknown_is_named(tmp_path: Path) -> None:
    (tmp_path / "rtp.conf.j2").write_text("{{ settings.nonsense }}", encoding="utf-8")
    settings = SoftswitchSettings(templates=(tmp_path, CONFIG_TEMPLATES))
    with pytest.raises(ConfigError, match=r"rtp\.conf\.j2"):
        _rendered(tmp_path / "state", settings)


def test_demonstration_passwords_are_recognised() -> None:
    assert SoftswitchSettings().uses_demo_passwords()
    own = {str(number): SecretStr(f"own-{number}") for number in range(8001, 8041)}
    assert not SoftswitchSettings(agent_passwords=own).uses_demo_passwords()


def test_calls_go_out_to_the_carrier_of_their_lines_and_nobody_comes_in_by_it(
    tmp_path: Path,
) -> None:
    trunks = (
        OutgoingTrunk(trunk_group="main", peer="127.0.0.1:5070"),
        OutgoingTrunk(trunk_group="tollfree", peer="carrier.example:5060"),
    )
    pjsip = _rendered(tmp_path, SoftswitchSettings(outgoing=trunks))["pjsip.conf"]
    assert "[out-main](anyone)\ncontext = no-messages\nidentify_by = auth_username" in pjsip
    assert "[out-tollfree]\ntype = aor\ncontact = sip:carrier.example:5060" in pjsip


@pytest.mark.parametrize("peer", ["127.0.0.1", "host:5060;x", "a b:5060", "host:5060\nmatch=0/0"])
def test_a_carrier_that_is_no_host_and_port_is_refused(peer: str) -> None:
    with pytest.raises(ValidationError):
        OutgoingTrunk(trunk_group="main", peer=peer)


def test_further_music_is_a_class_of_its_own_beside_the_houses(tmp_path: Path) -> None:
    settings = SoftswitchSettings(music={"calm": Path("/srv/music/calm")})
    text = _rendered(tmp_path, settings)["musiconhold.conf"]
    assert re.findall(r"(?m)^\[(\S+)\]$", text) == ["general", "default", "calm"]
    assert "directory = /srv/music/calm\n" in text


@pytest.mark.parametrize("name", ["default", "general", "Calm", "a]b", ""])
def test_music_that_would_take_the_place_of_another_class_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        SoftswitchSettings(music={name: Path("/srv/music")})
