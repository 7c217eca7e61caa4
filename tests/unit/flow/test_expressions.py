"""The language of expressions: what it yields, what it refuses, and that nothing breaks it."""

import contextlib
from datetime import date, datetime, time, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivrengine.flow.effects import Value
from ivrengine.flow.expression_kinds import Kind, kind_of
from ivrengine.flow.expression_reader import MAX_DEPTH, MAX_LENGTH, MAX_NODES, read_expression
from ivrengine.flow.expressions import (
    Binary,
    Call,
    Expression,
    ExpressionError,
    Literal,
    Name,
    Unary,
    decide,
    evaluate,
    made_sure,
    names_in,
)
from ivrengine.flow.variables import VarType
from ivrengine.values import Secret

pytestmark = pytest.mark.unit

VARIABLES: dict[str, Value] = {
    "code": "600519",
    "price": Decimal("12.05"),
    "count": 3,
    "open": True,
    "day": date(2026, 11, 21),
    "at": time(9, 30),
    "moment": datetime(2026, 11, 21, 9, 30, tzinfo=timezone.utc),  # noqa: UP017
    "pin": Secret("1234"),
    "nothing": None,
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 + 2 * 3", Decimal(7)),
        ("(1 + 2) * 3", Decimal(9)),
        ("10 - 4 - 3", Decimal(3)),
        ("-count + 5", Decimal(2)),
        ("0.1 + 0.2", Decimal("0.3")),
        ("price * count", Decimal("36.15")),
        ("12 / 8", Decimal("1.5")),
        ("'6' + code", "6600519"),
        ("count == 3.0", True),
        ("count != 3", False),
        ("price >= 12.05 and price < 12.06", True),
        ("not open or count > 2", True),
        ("not count == 4", True),
        ("open and not false", True),
        ('code == "600519"', True),
        ("'a' < 'b'", True),
        ("day == day", True),
        ("at <= at", True),
        ("moment > moment", False),
        ("open == true", True),
        ("length(code)", Decimal(6)),
        ("starts_with(code, '60')", True),
        ("number('12.50') * 2", Decimal("25.00")),
        ("abs(0 - 5)", Decimal(5)),
        ("round(2.345, 2)", Decimal("2.35")),
        ("round(2.5)", Decimal(3)),
        ("min(3, count, 1)", Decimal(1)),
        ("max(price, 1)", Decimal("12.05")),
        ("known(nothing)", False),
        ("known(code)", True),
        ("known(nothing) and nothing > 1", False),
        ("open or nothing > 1", True),
        ("code", "600519"),
        ("pin", Secret("1234")),
    ],
)
def test_an_expression_yields_its_value(text: str, wanted: Value) -> None:
    assert evaluate(read_expression(text), VARIABLES) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "nothing + 1",
        "missing",
        "code + 1",
        "code > 1",
        "1 / 0",
        "open < open",
        "open + 1",
        "not count",
        "1 and true",
        "-code",
        "pin == '1234'",
        "length(pin)",
        "pin + '1'",
        "number('a')",
        "number('1e999999999')",
        "number('NaN')",
        "number('')",
        "round(1, 99)",
        "round(1, 0.5 - 1)",
        "abs('1')",
        "length(1)",
        "min(1, 'a')",
        "day > moment",
        "9999999999 * 9999999999 / 0.0",
    ],
)
def test_what_cannot_be_worked_out_is_an_error_that_shows_no_value(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(read_expression(text), VARIABLES)
    assert "600519" not in str(caught.value)
    assert "1234" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "(1",
        "1)",
        "1 2",
        "1 < 2 < 3",
        "a.b",
        "a[0]",
        "__import__('os')",
        "print(1)",
        "'open",
        "1 = 1",
        "and",
        "not",
        "known(1)",
        "known(a, b)",
        "length()",
        "lambda: 1",
        "a if b else c",
        "ａ",
        "1 % 2",
        "2 ** 3",
        "x" * (MAX_LENGTH + 1),
        "+".join("1" * (MAX_NODES // 2 + 2)),
        "(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1),
        "-" * (MAX_DEPTH + 1) + "1",
        "not " * (MAX_DEPTH + 1) + "true",
    ],
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        read_expression(text)


def test_the_right_side_is_left_alone_when_the_left_side_decides() -> None:
    assert decide(read_expression("false and 1 / 0 == 1"), {}) is False
    assert decide(read_expression("true or 1 / 0 == 1"), {}) is True


def test_a_condition_has_to_be_a_flag() -> None:
    with pytest.raises(ExpressionError):
        decide(read_expression("1"), {})


def test_moments_with_and_without_a_zone_cannot_be_compared() -> None:
    mixed: dict[str, Value] = {
        "a": datetime(2026, 1, 1),  # noqa: DTZ001
        "b": VARIABLES["moment"],
    }
    with pytest.raises(ExpressionError):
        evaluate(read_expression("a < b"), mixed)


def test_a_text_cannot_grow_without_end() -> None:
    with pytest.raises(ExpressionError):
        evaluate(read_expression("a + a"), {"a": "x" * 600})


def test_names_behind_known_need_no_value() -> None:
    assert names_in(read_expression("known(a) and a > b")) == {"b"}
    assert names_in(read_expression("known(a) or a > b")) == {"a", "b"}
    assert made_sure(read_expression("known(a) and known(b) and c")) == {"a", "b"}
    assert made_sure(read_expression("known(a) or known(b)")) == frozenset()


TYPES = {
    "code": VarType.TEXT,
    "price": VarType.DECIMAL,
    "count": VarType.INTEGER,
    "open": VarType.FLAG,
    "day": VarType.DATE,
    "at": VarType.TIME,
    "moment": VarType.MOMENT,
    "pin": VarType.SECRET,
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1", Kind.NUMBER),
        ("'a'", Kind.TEXT),
        ("true", Kind.FLAG),
        ("-count", Kind.NUMBER),
        ("not open", Kind.FLAG),
        ("price + count", Kind.NUMBER),
        ("code + 'x'", Kind.TEXT),
        ("day == day", Kind.FLAG),
        ("length(code) > 2 and open", Kind.FLAG),
        ("known(pin)", Kind.FLAG),
        ("min(1, count)", Kind.NUMBER),
        ("pin", Kind.SECRET),
        ("at", Kind.TIME),
        ("moment", Kind.MOMENT),
    ],
)
def test_the_kind_of_an_expression_is_known_before_the_call(text: str, wanted: Kind) -> None:
    assert kind_of(read_expression(text), TYPES) is wanted


@pytest.mark.parametrize(
    "text",
    ["code + 1", "day - day", "pin == pin", "open > open", "missing", "-code", "not count",
     "length(count)", "round(1, 2, 3)", "count and open", "code * 2", "known(missing)"],
)  # fmt: skip
def test_wrong_kinds_are_found_before_the_call(text: str) -> None:
    with pytest.raises(ExpressionError):
        kind_of(read_expression(text), TYPES)


def trees() -> st.SearchStrategy[Expression]:
    leaves = st.one_of(
        st.builds(lambda n: Literal(value=Decimal(n)), st.integers(0, 10**12)),
        st.builds(lambda t: Literal(value=t), st.text(max_size=5)),
        st.builds(lambda f: Literal(value=f), st.booleans()),
        st.builds(lambda n: Name(name=n), st.sampled_from([*VARIABLES, "missing"])),
    )
    signs = st.sampled_from(["and", "or", "+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!="])
    functions = st.sampled_from(
        ["length", "starts_with", "number", "abs", "round", "min", "max", "nonsense"]
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(lambda s, o: Unary(sign=s, operand=o), st.sampled_from(["not", "-"]), inner),
            st.builds(lambda s, a, b: Binary(sign=s, left=a, right=b), signs, inner, inner),
            st.builds(
                lambda f, a: Call(function=f, arguments=tuple(a)),
                functions,
                st.lists(inner, min_size=1, max_size=3),
            ),
        ),
        max_leaves=12,
    )


@settings(deadline=None)
@given(trees())
def test_any_tree_yields_a_value_or_the_one_error(tree: Expression) -> None:
    with contextlib.suppress(ExpressionError):
        evaluate(tree, VARIABLES)


@settings(deadline=None)
@given(trees())
def test_what_has_a_kind_fails_only_for_its_numbers_and_texts(tree: Expression) -> None:
    known = {name: value for name, value in VARIABLES.items() if value is not None}
    try:
        kind = kind_of(tree, TYPES)
        value = evaluate(tree, known)
    except (ExpressionError, KeyError):
        return
    assert isinstance(value, bool) is (kind is Kind.FLAG)
    assert isinstance(value, str) is (kind is Kind.TEXT)


@settings(deadline=None)
@given(st.text(alphabet="ab1.'\" ()+-*/<>=!,nottrueandor_", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = read_expression(text)
    except ExpressionError:
        return
    with contextlib.suppress(ExpressionError):
        evaluate(tree, {"a": 1, "b": "x"})
