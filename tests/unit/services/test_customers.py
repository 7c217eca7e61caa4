"""Customers are known by every spelling of their telephone, and proved by nothing but their PIN."""

import asyncio
import traceback
from collections import Counter

import pytest
from argon2.exceptions import InvalidHashError
from hypothesis import given
from hypothesis import strategies as st

from acd.trunk_groups import LineClass
from ivrengine.errors import Bug, ConfigError, StorageError
from ivrengine.services.callers import STRANGER
from ivrengine.services.customers.book import CustomerBook
from ivrengine.services.customers.directory import COLUMNS, Directory, parse_directory
from ivrengine.services.customers.memory import MemoryWrongPins
from ivrengine.services.customers.model import CustomerNumber, PinHash, WrongInARow
from ivrengine.services.customers.numbers import normalised
from ivrengine.services.customers.pins import PinChecks, hash_pin, is_pin
from ivrengine.services.customers.ports import WrongPins
from ivrengine.services.customers.service import Identifications
from ivrengine.services.customers.settings import CustomerSettings, NumberingSettings
from ivrengine.services.registry import ActionContext, ActionResult, Actions, Value
from ivrengine.values import CallId, Language, PhoneNumber, Secret

pytestmark = pytest.mark.unit

PLAN = NumberingSettings()
PIN, OTHER_PIN, TRADING_PIN = Secret("333444"), Secret("123456"), Secret("111222")
HASH = hash_pin(PIN)
TRADING_HASH = hash_pin(TRADING_PIN)
CALL = CallId("20260102-030405-abcde")

TRADER = ("80000001", "trading", "陈伟", "Chen Wei", "13800100001", "suzhou", "wu", "en")
CUSTOMER = ("100001", "registered", "梁斌", "Liang Bin", "051265000001", "", "", "zh")


def _list(*rows: tuple[str, ...]) -> str:
    lines = [",".join(COLUMNS)]
    for row in rows:
        trading = TRADING_HASH.reveal() if row[1] == "trading" else ""
        lines.append(",".join((*row, f'"{trading}"', f'"{HASH.reveal()}"')))
    return "\n".join(lines)


def _directory(*rows: tuple[str, ...]) -> Directory:
    return parse_directory(_list(*rows), "customers.csv", PLAN)


# Telephone numbers.


@pytest.mark.parametrize(
    ("written", "one_form"),
    [
        ("13800100001", "8613800100001"),
        ("+86 138-0010-0001", "8613800100001"),
        ("008613800100001", "8613800100001"),
        ("8613800100001", "8613800100001"),
        ("013800100001", "8613800100001"),
        ("051265000001", "8651265000001"),
        ("65000001", "8651265000001"),
        ("+8651265000001", "8651265000001"),
        ("01065000004", "861065000004"),
        ("8651265000001", "8651265000001"),
        ("+442071234567", "442071234567"),
        ("00442071234567", "442071234567"),
        ("10086", "8610086"),
        ("8612345", "865128612345"),
        ("", ""),
        ("anonymous", ""),
        ("x13800100001", ""),
        ("1380010000１", ""),
        ("(0512) 6500-0001", "8651265000001"),
        ("+", ""),
    ],
)
def test_every_spelling_of_a_number_has_one_form(written: str, one_form: str) -> None:
    assert normalised(PhoneNumber(written), PLAN) == one_form


@given(st.text(max_size=20))
def test_the_form_of_anything_is_digits_and_stays_what_it_is(written: str) -> None:
    form = normalised(PhoneNumber(written), PLAN)
    assert form == "" or (form.isascii() and form.isdecimal())
    assert normalised(PhoneNumber(f"+{form}"), PLAN) == form


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_mobile_number_is_one_number_with_and_without_its_country(number: str) -> None:
    spellings = (number, f"0{number}", f"86{number}", f"+86{number}", f"0086{number}")
    forms = {normalised(PhoneNumber(spelling), PLAN) for spelling in spellings}
    assert forms == {f"86{number}"}


# The list.


def test_the_demonstration_has_customers_of_both_kinds_with_the_pins_that_are_promised() -> None:
    book = CustomerBook(CustomerSettings())
    directory = book.read()
    classes = [customer.profile.caller_class for customer in directory]
    assert classes.count(LineClass.TRADING) == 20
    assert classes.count(LineClass.REGISTERED) == 30
    trader = book.find(CustomerNumber("80000001"))
    customer = book.find(CustomerNumber("100030"))
    assert trader is not None
    assert trader.trading_pin is not None
    assert customer is not None
    assert is_pin(TRADING_PIN, trader.trading_pin)
    assert is_pin(PIN, trader.service_pin)
    assert customer.trading_pin is None
    assert is_pin(PIN, customer.service_pin)
    for each in directory:
        assert book.presumed(each.telephone) == each.profile


def test_a_caller_is_presumed_to_be_who_usually_calls_from_there() -> None:
    directory = _directory(TRADER, CUSTOMER)
    profile = directory.presumed(PhoneNumber("+8613800100001"))
    assert (profile.caller_class, profile.customer) == (LineClass.TRADING, "80000001")
    assert (profile.language, profile.branch, profile.dialect) == (Language.ENGLISH, "suzhou", "wu")
    assert directory.presumed(PhoneNumber("65000001")).caller_class is LineClass.REGISTERED
    assert directory.presumed(PhoneNumber("13911111111")) == STRANGER
    assert directory.presumed(PhoneNumber("")) == STRANGER


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_who_share_a_telephone_the_better_class_counts(turned: bool) -> None:
    rows = [TRADER, (*CUSTOMER[:4], TRADER[4], *CUSTOMER[5:])]
    directory = _directory(*(reversed(rows) if turned else rows))
    assert directory.presumed(PhoneNumber(TRADER[4])).caller_class is LineClass.TRADING


def test_a_customer_without_a_telephone_is_nobodys_caller() -> None:
    directory = _directory((*TRADER[:4], "", *TRADER[5:]))
    assert directory.presumed(PhoneNumber("")) == STRANGER


def test_every_fault_of_the_list_is_told_with_its_line_and_no_hash() -> None:
    text = "\n".join(
        (
            _list(TRADER, TRADER),
            f'x,registered,a,b,,,,zh,,"{HASH.reveal()}"',
            f'3,vip,a,b,,,,zh,,"{HASH.reveal()}"',
            f'4,registered,a,b,,,,fr,,"{HASH.reveal()}"',
            f'5,trading,a,b,,,,zh,,"{HASH.reveal()}"',
            f'6,registered,a,b,,,,zh,"{HASH.reveal()}","{HASH.reveal()}"',
            "7,registered,a,b,,,,zh,,333444",
            "8,registered,a",
        )
    )
    with pytest.raises(ConfigError) as refusal:
        parse_directory(text, "customers.csv", PLAN)
    faults = str(refusal.value).splitlines()
    assert [fault.split(":")[1] for fault in faults] == [str(line) for line in range(3, 11)]
    assert "80000001 is listed twice" in faults[0]
    assert "hash-pin" in faults[6]
    assert "333444" not in str(refusal.value)
    assert "argon2id" not in str(refusal.value)


def test_columns_of_another_list_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"customers.csv:1: the columns must be number,class"):
        parse_directory("code,name\n", "customers.csv", PLAN)


def test_what_is_kept_of_a_pin_never_shows() -> None:
    (customer,) = _directory(TRADER)
    assert "argon2" not in repr(customer)
    assert "138001" not in repr(customer)


def test_a_list_is_swapped_whole_and_the_difference_is_told(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("customers") / "customers.csv"
    path.write_text(_list(TRADER, CUSTOMER), encoding="utf-8")
    book = CustomerBook(CustomerSettings(directory=path))
    assert book.differences(book.read()) == {}
    path.write_text(_list((*TRADER[:4], "13811111111", *TRADER[5:])), encoding="utf-8")
    fresh = book.read()
    assert book.differences(fresh) == {"removed": 1, "changed": 1}
    assert book.presumed(PhoneNumber("13811111111")) == STRANGER
    book.put_in_force(fresh)
    assert book.presumed(PhoneNumber("13811111111")).caller_class is LineClass.TRADING


# Proving to be a customer.


class InlinePins:
    """Checks PINs at once and remembers how often."""

    def __init__(self) -> None:
        self.checked = 0

    async def fits(self, pin: Secret, kept: PinHash | None) -> bool:
        self.checked += 1
        return kept is not None and is_pin(pin, kept)


class Desk:
    """The action as a flow asks for it."""

    def __init__(self, *, tries: int = 3, wrong_pins: WrongPins | None = None) -> None:
        self.pins = InlinePins()
        self.now = 0.0
        service = Identifications(
            _directory(TRADER, CUSTOMER),
            self.pins,
            CustomerSettings(tries_per_call=tries, wrong_pins_in_a_row=5, locked_for_s=600.0),
            wrong_pins=wrong_pins or MemoryWrongPins(),
        )
        self._actions = Actions(service.actions())

    async def asked(
        self, number: str, pin: Value, kind: str = "service", *, call: CallId = CALL
    ) -> ActionResult:
        context = ActionContext(
            call=call, caller=PhoneNumber("1"), language=Language.MANDARIN, now=self.now
        )
        values = {"number": number, "pin": pin, "pin_kind": kind}
        return await self._actions.call("customers.identify", context, values)

    async def guesses(self, number: str, *pins: Secret) -> list[str]:
        """What comes of tries, each in a call of its own."""
        calls = (CallId(f"guess-{self.pins.checked}-{n}") for n in range(len(pins)))
        return [
            (await self.asked(number, pin, call=call)).outcome
            for pin, call in zip(pins, calls, strict=True)
        ]


async def test_the_right_pin_proves_who_is_calling() -> None:
    result = await Desk().asked("80000001", TRADING_PIN, "trading")
    assert result.outcome == "ok"
    assert result.values["caller_class"] == "trading"
    assert result.values["customer"] == "80000001"
    assert result.identity is not None
    assert result.identity.caller_class is LineClass.TRADING


@pytest.mark.parametrize(
    ("number", "pin", "kind"),
    [
        ("80000001", OTHER_PIN, "trading"),
        ("80000001", PIN, "trading"),
        ("80000001", TRADING_PIN, "service"),
        ("100001", PIN, "trading"),
        ("99999999", PIN, "service"),
        ("", PIN, "service"),
        ("80000001", Secret(""), "trading"),
    ],
)
async def test_anything_else_proves_nothing_and_takes_a_check_all_the_same(
    number: str, pin: Secret, kind: str
) -> None:
    desk = Desk()
    result = await desk.asked(number, pin, kind)
    assert (result.outcome, result.identity, dict(result.values)) == ("wrong", None, {})
    assert desk.pins.checked == 1


async def test_after_too_many_wrong_pins_the_right_one_is_not_even_looked_at() -> None:
    desk = Desk()
    outcomes = [(await desk.asked("100001", OTHER_PIN)).outcome for _ in range(3)]
    assert outcomes == ["wrong", "wrong", "locked"]
    assert (await desk.asked("100001", PIN)).outcome == "locked"
    assert desk.pins.checked == 3
    assert (await desk.asked("100001", PIN, call=CallId("another"))).outcome == "ok"


async def test_a_right_pin_gives_the_call_its_tries_back() -> None:
    desk = Desk(tries=2)
    await desk.asked("100001", OTHER_PIN)
    await desk.asked("100001", PIN)
    assert (await desk.asked("100001", OTHER_PIN)).outcome == "wrong"


async def test_a_flow_that_hands_over_words_in_place_of_a_secret_is_a_fault() -> None:
    with pytest.raises(Bug, match="where a secret was expected"):
        await Desk().asked("100001", "333444")
    with pytest.raises(Bug, match="unknown kind"):
        await Desk().asked("100001", PIN, "any")


async def test_a_pin_is_not_guessed_by_calling_again_and_again() -> None:
    desk = Desk()
    assert await desk.guesses("100001", *[OTHER_PIN] * 5, PIN) == [*["wrong"] * 5, "locked"]
    assert desk.pins.checked == 5
    assert await desk.guesses("80000001", PIN) == ["ok"]


async def test_after_a_while_there_is_one_more_try_and_then_a_while_again() -> None:
    desk = Desk()
    await desk.guesses("100001", *[OTHER_PIN] * 5)
    desk.now = 599.0
    assert await desk.guesses("100001", PIN) == ["locked"]
    desk.now = 600.0
    assert await desk.guesses("100001", OTHER_PIN, PIN) == ["wrong", "locked"]
    desk.now = 1200.0
    assert await desk.guesses("100001", PIN, *[OTHER_PIN] * 4, PIN) == ["ok", *["wrong"] * 4, "ok"]


async def test_a_number_that_no_customer_has_is_locked_like_any_other() -> None:
    assert await Desk().guesses("99999999", *[PIN] * 6) == [*["wrong"] * 5, "locked"]


class SlowWrongPins(MemoryWrongPins):
    """A database whose answers come when others have asked it too."""

    async def of(self, number: CustomerNumber) -> WrongInARow:
        answer = await super().of(number)
        await asyncio.sleep(0)
        return answer


@pytest.mark.parametrize("kept", [MemoryWrongPins, SlowWrongPins])
@pytest.mark.parametrize(("locked_before", "tries"), [(False, 5), (True, 1)])
async def test_many_at_once_have_no_more_tries_than_one_after_the_other(
    kept: type[MemoryWrongPins], locked_before: bool, tries: int
) -> None:
    desk = Desk(wrong_pins=kept())
    if locked_before:
        await desk.guesses("100001", *[OTHER_PIN] * 5)
        desk.now, desk.pins.checked = 600.0, 0
    asked = [desk.asked("100001", OTHER_PIN, call=CallId(f"call-{n}")) for n in range(50)]
    outcomes = Counter(result.outcome for result in await asyncio.gather(*asked))
    assert outcomes == {"wrong": tries, "locked": 50 - tries}
    assert desk.pins.checked == tries


async def test_a_lock_outlasts_a_restart() -> None:
    kept = MemoryWrongPins()
    await Desk(wrong_pins=kept).guesses("100001", *[OTHER_PIN] * 5)
    assert await Desk(wrong_pins=kept).guesses("100001", PIN) == ["locked"]


class AwayWrongPins:
    """A database that is away."""

    async def of(self, number: CustomerNumber) -> WrongInARow:
        raise StorageError("away")

    async def wrong(self, number: CustomerNumber, at: float) -> int:
        raise StorageError("away")

    async def right(self, number: CustomerNumber) -> None:
        raise StorageError("away")


class FrozenWrongPins(MemoryWrongPins):
    """A database that does not answer."""

    async def of(self, number: CustomerNumber) -> WrongInARow:
        await asyncio.sleep(3600)
        return WrongInARow()


@pytest.mark.looptime
async def test_a_database_that_does_not_answer_keeps_callers_waiting_for_a_second() -> None:
    desk, began = Desk(wrong_pins=FrozenWrongPins()), asyncio.get_running_loop().time()
    assert await desk.guesses("100001", PIN) == ["ok"]
    assert asyncio.get_running_loop().time() - began < 1.5


async def test_while_the_database_is_away_nobody_is_kept_out_and_nobody_guesses_on() -> None:
    desk = Desk(wrong_pins=AwayWrongPins())
    assert await desk.guesses("100001", OTHER_PIN, PIN) == ["wrong", "ok"]
    assert await desk.guesses("100001", *[OTHER_PIN] * 5, PIN) == [*["wrong"] * 5, "locked"]


async def test_pins_are_checked_beside_the_loop_and_no_more_at_once_than_allowed() -> None:
    checks = PinChecks(at_once=2)
    turns = 0
    done = asyncio.Event()

    async def count_turns() -> None:
        nonlocal turns
        while not done.is_set():
            turns += 1
            await asyncio.sleep(0.001)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(count_turns())
        pins = [PIN, OTHER_PIN, PIN, OTHER_PIN]
        answers = await asyncio.gather(*(checks.fits(pin, HASH) for pin in pins))
        done.set()
    assert answers == [True, False, True, False]
    assert turns > 3
    assert not await checks.fits(PIN, None)
    assert not await checks.fits(Secret("no PIN has letters"), None)


def test_a_fault_while_a_pin_is_checked_does_not_show_it() -> None:
    with pytest.raises(InvalidHashError) as fault:
        is_pin(PIN, Secret("not a hash"))
    assert "333444" not in "".join(traceback.format_exception(fault.value))
