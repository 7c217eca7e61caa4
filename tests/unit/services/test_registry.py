"""The table of actions holds flows and services to what was declared."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from ivrengine.errors import Bug
from ivrengine.services.registry import (
    Action,
    ActionContext,
    ActionResult,
    Actions,
    ActionSpec,
    Arguments,
    Value,
    ValueKind,
)
from ivrengine.values import CallId, Language, PhoneNumber

pytestmark = pytest.mark.unit

ASKER = ActionContext(
    call=CallId("call"), caller=PhoneNumber("13800138000"), language=Language.MANDARIN, now=1.0
)
SPEC = ActionSpec(
    arguments={"code": ValueKind.TEXT},
    optional={"depth": ValueKind.WHOLE},
    outcomes=("ok", "unknown"),
    values={"price": ValueKind.DECIMAL},
)
PRICE: Mapping[str, Value] = {"price": Decimal("1.5")}


def answering(result: ActionResult) -> Actions:
    async def run(_: ActionContext, __: Arguments) -> ActionResult:
        return result

    return Actions([Action(name="prices.of", spec=SPEC, run=run)])


async def test_an_action_is_called_by_its_name() -> None:
    result = ActionResult(outcome="ok", values=PRICE)
    assert await answering(result).call("prices.of", ASKER, {"code": "600519"}) == result


async def test_an_optional_argument_may_be_given() -> None:
    result = ActionResult(outcome="unknown")
    given: Mapping[str, Value] = {"code": "600519", "depth": 5}
    assert await answering(result).call("prices.of", ASKER, given) == result


async def test_an_unknown_action_is_a_bug() -> None:
    with pytest.raises(Bug, match=r"prices\.off"):
        await answering(ActionResult(outcome="ok")).call("prices.off", ASKER, {})


@pytest.mark.parametrize("given", [{}, {"code": "1", "kode": "2"}, {"depth": 1}])
async def test_other_arguments_than_declared_are_a_bug(given: Mapping[str, Value]) -> None:
    with pytest.raises(Bug, match="arguments"):
        await answering(ActionResult(outcome="ok", values=PRICE)).call("prices.of", ASKER, given)


@pytest.mark.parametrize(
    "result",
    [
        ActionResult(outcome="perhaps", values=PRICE),
        ActionResult(outcome="ok"),
        ActionResult(outcome="ok", values={**PRICE, "extra": 1}),
        ActionResult(outcome="unknown", values=PRICE),
    ],
)
async def test_another_result_than_declared_is_a_bug(result: ActionResult) -> None:
    with pytest.raises(Bug):
        await answering(result).call("prices.of", ASKER, {"code": "600519"})


def test_two_actions_of_one_name_are_a_bug() -> None:
    async def run(_: ActionContext, __: Arguments) -> ActionResult:
        return ActionResult(outcome="ok")

    action = Action(name="twice", spec=ActionSpec(), run=run)
    with pytest.raises(Bug, match="twice"):
        Actions([action, action])


def test_declarations_are_listed_by_name() -> None:
    assert answering(ActionResult(outcome="ok")).declared() == {"prices.of": SPEC}


@pytest.mark.parametrize(("value", "whole"), [("5", 5), (5, 5), ("007", 7)])
def test_a_whole_number_may_be_keyed_or_computed(value: Value, whole: int) -> None:
    assert Arguments({"score": value}).whole("score") == whole


@pytest.mark.parametrize("value", ["", "-1", "1.5", "５", "many", None, True, Decimal(5)])
def test_what_is_no_whole_number_is_a_bug(value: Value) -> None:
    with pytest.raises(Bug, match="score"):
        Arguments({"score": value}).whole("score")


def test_text_that_was_not_given_is_the_default() -> None:
    assert Arguments({"agent": None}).text("agent") == ""
    assert Arguments({}).text("agent", "8001") == "8001"


def test_a_number_where_text_is_expected_is_a_bug() -> None:
    with pytest.raises(Bug, match="agent"):
        Arguments({"agent": 8001}).text("agent")
