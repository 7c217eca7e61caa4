"""The command that makes a line of the list of customers never shows the PIN."""

import pytest
from typer.testing import CliRunner

from ivrengine.cli.hash_pin import app
from ivrengine.services.customers.pins import is_pin
from ivrengine.values import Secret

pytestmark = pytest.mark.unit


def test_a_hash_is_printed_that_the_pin_fits() -> None:
    done = CliRunner().invoke(app, input="135790\n")
    assert done.exit_code == 0
    assert "135790" not in done.output
    assert is_pin(Secret("135790"), Secret(done.stdout.strip().splitlines()[-1]))


@pytest.mark.parametrize("typed", ["12a456", "１２３４５６"])
def test_what_cannot_be_keyed_is_no_pin(typed: str) -> None:
    done = CliRunner().invoke(app, input=f"{typed}\n")
    assert done.exit_code == 2
    assert typed not in done.output
