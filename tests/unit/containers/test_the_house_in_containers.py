import fnmatch
import os
import re
from typing import Any

import pytest
from ruamel.yaml import YAML

from ivrengine.cli.main import SUB_COMMANDS
from ivrengine.config import CONFIG_VARIABLE, PROJECT, Settings, load_settings

pytestmark = pytest.mark.unit

DOCKER = PROJECT / "docker"
COMPOSE = YAML(typ="safe").load(DOCKER / "compose.yaml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
CONTAINERFILE = (DOCKER / "Containerfile").read_text()
OURS = ("prompts", "asterisk", "engine")

_VARIABLE = re.compile(r"\$\{(\w+)(:[?-][^}]*)?\}")


def _mounts(service: str) -> dict[str, str]:
    """What is mounted where, with variables at their defaults."""
    mounts = {}
    for line in SERVICES[service].get("volumes", []):
        source, target = _VARIABLE.sub(lambda found: (found[2] or "")[2:], line).split(":")[:2]
        mounts[target] = source
    return mounts


def _stages() -> dict[str, str]:
    """What each stage of the images is made from."""
    found = re.findall(r"^FROM (\S+) AS (\w+)$", CONTAINERFILE, re.MULTILINE)
    return {stage: source for source, stage in found}


def _stage(name: str) -> str:
    text = re.search(rf"^FROM \S+ AS {name}$(.*?)(?=^FROM |\Z)", CONTAINERFILE, re.M | re.S)
    assert text is not None
    return text[1]


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_mounted_is_there(service: str) -> None:
    for source in _mounts(service).values():
        if source.startswith("."):
            assert (DOCKER / source).is_dir()
        else:
            assert source in COMPOSE["volumes"]


def test_nothing_is_declared_that_nobody_mounts() -> None:
    mounted = {source for service in SERVICES for source in _mounts(service).values()}

    assert set(COMPOSE["volumes"]) <= mounted


def test_the_engine_and_asterisk_share_their_state_and_their_settings() -> None:
    state, files = "/var/lib/ivrengine", "/etc/ivrengine"

    assert len({_mounts(service)[state] for service in OURS}) == 1
    assert len({_mounts(service)[files] for service in OURS}) == 1
    assert f"IVRENGINE_STATE_DIR={state}" in CONTAINERFILE
    assert f"{CONFIG_VARIABLE}={files}/ivrengine.toml" in CONTAINERFILE


def test_our_containers_run_commands_that_exist() -> None:
    told = re.findall(r'^CMD \["(\w+)"', CONTAINERFILE, re.MULTILINE)
    given = [SERVICES[service]["command"][0] for service in OURS if "command" in SERVICES[service]]

    assert {*told, *given} == {"softswitch", "engine", "prompts"}
    assert {*told, *given} <= set(SUB_COMMANDS)


@pytest.mark.parametrize("image", ["engine", "asterisk"])
def test_an_image_runs_as_nobody_special_with_a_health_check(image: str) -> None:
    assert SERVICES[image]["build"]["target"] == image
    assert f"FROM program AS {image}" in CONTAINERFILE
    assert "USER ivrengine" in _stage("program")
    assert "USER" not in _stage(image)
    assert "HEALTHCHECK" in _stage(image)


@pytest.mark.parametrize("service", SERVICES)
def test_no_container_may_do_more_than_it_must(service: str) -> None:
    assert SERVICES[service]["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in SERVICES[service]["security_opt"]
    assert not SERVICES[service].get("privileged", False)


@pytest.mark.parametrize("service", [name for name in SERVICES if name not in OURS])
def test_the_images_of_others_are_pinned_to_a_version(service: str) -> None:
    image = _VARIABLE.sub(lambda found: (found[2] or "")[2:], SERVICES[service]["image"])

    assert re.search(r":v?\d+\.\d+", image)


def test_what_others_need_not_reach_listens_on_loopback() -> None:
    assert "listen_addresses=127.0.0.1" in SERVICES["postgres"]["command"]
    assert "--web.listen-address=127.0.0.1:9090" in SERVICES["prometheus"]["command"]
    assert SERVICES["grafana"]["environment"]["GF_SERVER_HTTP_ADDR"] == "127.0.0.1"


def test_the_example_names_every_variable_and_holds_no_secret() -> None:
    used = {name for name, _ in _VARIABLE.findall((DOCKER / "compose.yaml").read_text())}
    lines = (DOCKER / ".env.example").read_text().splitlines()
    told = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", "\n".join(lines), re.MULTILINE))

    assert used == set(told)
    assert all(not value for name, value in told.items() if name.endswith("PASSWORD"))


def test_secrets_have_no_default() -> None:
    asked = _VARIABLE.findall((DOCKER / "compose.yaml").read_text())

    assert {rest[:2] for name, rest in asked if name.endswith("PASSWORD")} == {":?"}


@pytest.mark.parametrize("variable", [name for name in SERVICES["engine"]["environment"]])
def test_the_engine_knows_the_settings_that_it_is_given(variable: str) -> None:
    *sections, key = variable.removeprefix("IVRENGINE_").lower().split("__")
    settings: Any = Settings
    for name in sections:
        settings = settings.model_fields[name].annotation

    assert key in settings.model_fields


def test_the_settings_of_the_demonstration_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("IVRENGINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(CONFIG_VARIABLE, str(DOCKER / "etc/ivrengine.toml"))

    settings = load_settings()

    assert settings.profile == "demo"
    assert settings.http_address == "127.0.0.1"
    assert settings.softswitch.sip_address.is_loopback


def test_what_is_copied_into_the_images_is_sent_to_the_builder() -> None:
    rules = (PROJECT / ".dockerignore").read_text().split()
    sent = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", _stage("build"), re.MULTILINE)
        for source in line.split()[:-1]
    ]

    assert "*" in rules
    for source in copied:
        assert (PROJECT / source).exists()
        assert any(path == source or path.startswith(f"{source}/") for path in sent)


@pytest.mark.parametrize(
    "private", [".env", "docker/.env", "var/api-token", "ivrengine.toml", ".git"]
)
def test_nothing_private_is_sent_to_the_builder(private: str) -> None:
    rules = (PROJECT / ".dockerignore").read_text().splitlines()
    sent = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]

    assert not any(
        fnmatch.fnmatch(private, path) or private.startswith(f"{path}/") for path in sent
    )


def test_the_stages_stand_on_one_base() -> None:
    made_from = _stages()

    for stage in ("engine", "asterisk", "build", "switch"):
        while made_from[stage] in made_from:
            stage = made_from[stage]
        assert stage == "base"
