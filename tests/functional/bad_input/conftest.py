"""A system whose flows belong to the test, with a caller's pauses cut short."""

import shutil
from pathlib import Path

import pytest

from tests.functional.conftest import StartInstance
from tests.kit.instance import PROJECT, Instance

DEMO_FLOWS = PROJECT / "dialplans" / "demo"
PATIENCE = ("first_key_s: 8", "next_key_s: 5", "terminator_s: 2")
HASTE = ("first_key_s: 1", "next_key_s: 1", "terminator_s: 1")


def flows_to_change(target: Path) -> Path:
    """Copies the demonstration's flows, made to wait one second for a key."""
    shutil.copytree(DEMO_FLOWS, target)
    common = target / "dialplan.yaml"
    text = common.read_text(encoding="utf-8")
    for patient, hasty in zip(PATIENCE, HASTE, strict=True):
        assert patient in text
        text = text.replace(patient, hasty)
    common.write_text(text, encoding="utf-8")
    return target


@pytest.fixture(scope="session")
def flows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The flow files of `hasty_instance`."""
    return flows_to_change(tmp_path_factory.mktemp("flows") / "demo")


@pytest.fixture(scope="session")
def hasty_instance(
    start_instance: StartInstance, tmp_path_factory: pytest.TempPathFactory, flows: Path
) -> Instance:
    """A system over `flows`."""
    return start_instance(tmp_path_factory.mktemp("hasty"), {"IVRENGINE_DIALPLANS": str(flows)})
