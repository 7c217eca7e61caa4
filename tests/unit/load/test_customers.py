"""The load's customers are known to the engine by the numbers that they call from."""

from pathlib import Path

import pytest

from acd.trunk_groups import CALLER_CLASSES, LineClass
from ivrengine.load.customers import CUSTOMERS_OF_A_CLASS, telephone, write_customers
from ivrengine.services.customers.directory import Directory, load_directory
from ivrengine.services.customers.settings import NumberingSettings
from ivrengine.values import PhoneNumber

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    file: Path = tmp_path_factory.mktemp("load") / "customers.csv"
    write_customers(file)
    return load_directory(file, NumberingSettings())


@pytest.mark.parametrize("line_class", CALLER_CLASSES)
@pytest.mark.parametrize("place", [0, CUSTOMERS_OF_A_CLASS - 1])
def test_a_caller_is_of_the_class_of_the_number(
    directory: Directory, line_class: LineClass, place: int
) -> None:
    caller = PhoneNumber(telephone(line_class, place))
    assert directory.presumed(caller).caller_class is line_class


def test_beyond_the_list_callers_are_strangers(directory: Directory) -> None:
    beyond = PhoneNumber(telephone(LineClass.TRADING, CUSTOMERS_OF_A_CLASS))
    assert directory.presumed(beyond).caller_class is LineClass.ORDINARY


def test_nobody_who_is_no_caller_has_a_number() -> None:
    with pytest.raises(KeyError):
        telephone(LineClass.OUTGOING, 0)
