"""The measurement at real telephones sums up what it saw, judges it, keeps to its own places."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivrengine.bench.ready_to_ring.figures import Spread
from ivrengine.bench.ready_to_ring.places import Places
from ivrengine.bench.ready_to_ring.trial import Plan, ReadyToRing
from ivrengine.cli import bench as command
from ivrengine.config import Settings

pytestmark = pytest.mark.unit

QUICK = Spread.of([0.010] * 99 + [0.020], missed=0, target_ms=50.0)
SLOW = Spread.of([0.4, 0.5, 0.6], missed=1, target_ms=50.0)


def places(root: Path) -> Places:
    return Places(first_port=28000, root=root)


def test_waits_are_summed_up_in_milliseconds_and_in_order() -> None:
    spread = Spread.of([n / 1000 for n in range(1, 102)], missed=0, target_ms=50.0)
    assert spread.samples == 101
    assert (spread.quarter_ms, spread.median_ms, spread.three_quarters_ms) == (
        pytest.approx(26),
        pytest.approx(51),
        pytest.approx(76),
    )
    assert (spread.p95_ms, spread.p99_ms, spread.worst_ms) == (
        pytest.approx(96),
        pytest.approx(100),
        pytest.approx(101),
    )


def test_a_telephone_that_never_rang_counts_as_late() -> None:
    spread = Spread.of([0.01, 0.02, 0.03], missed=1, target_ms=25.0)
    assert spread.missed == 1
    assert spread.in_time == pytest.approx(0.5)


def test_the_engine_is_started_apart_from_the_operators_own(tmp_path: Path) -> None:
    inherited = {"PATH": "/bin", "IVRENGINE_STATE_DIR": "/srv/live", "IVRENGINE_HTTP_PORT": "8080"}
    environment = places(tmp_path).engine.environment(Settings(), inherited)
    assert environment["PATH"] == "/bin"
    assert environment["IVRENGINE_STATE_DIR"] == str(tmp_path / "engine")
    assert environment["IVRENGINE_HTTP_PORT"] == "28004"


def test_both_sides_listen_on_different_ports_within_the_thousand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = places(tmp_path)
    for name, value in own.engine.environment(Settings(), {}).items():
        monkeypatch.setenv(name, value)
    ours, theirs = Settings(), own.rival_settings(Settings().softswitch)
    both = (ours.softswitch, theirs)
    ports = [
        port
        for side in both
        for port in (side.sip_port, side.http_port, side.events_port, side.ami_port)
    ]
    assert len({*ports, ours.http_port}) == len(ports) + 1
    assert all(28000 <= port < 29000 for port in (*ports, ours.http_port))
    assert all(side.rtp_first_port > max(ports) for side in both)
    assert all(side.rtp_last_port == 28999 for side in both)


def test_an_asterisk_that_the_operator_chose_is_used_by_both_sides(tmp_path: Path) -> None:
    chosen = Settings().model_copy(
        update={
            "softswitch": Settings().softswitch.model_copy(
                update={"asterisk_path": Path("/opt/asterisk")}
            )
        }
    )
    environment = places(tmp_path).engine.environment(chosen, {})
    assert environment["IVRENGINE_SOFTSWITCH__ASTERISK_PATH"] == "/opt/asterisk"
    rival = places(tmp_path).rival_settings(chosen.softswitch)
    assert rival.asterisk_path == Path("/opt/asterisk")


@pytest.mark.parametrize(
    ("engine", "verdict"), [(QUICK, "target 99% kept"), (SLOW, "target 99% MISSED")]
)
def test_the_command_judges_the_engine_and_says_how_to_repeat(
    monkeypatch: pytest.MonkeyPatch, engine: Spread, verdict: str
) -> None:
    measured = ReadyToRing(plan=Plan(waiting=7), engine=engine, app_queue=SLOW, ratio=50.0)
    monkeypatch.setattr(command, "_ring", lambda plan, first_port, tell: measured)
    monkeypatch.setenv("COLUMNS", "200")
    plain = CliRunner().invoke(command.app, ["ready-to-ring"])
    assert plain.exit_code == 0
    assert verdict in plain.stdout
    assert "50.0 times" in plain.stdout
    assert "--waiting 7" in plain.stdout
    printed = CliRunner().invoke(command.app, ["ready-to-ring", "--json"])
    assert json.loads(printed.stdout)["app_queue"]["missed"] == 1
